using System.Text.Json;
using Ledger.Accounts;
using Ledger.Api.Communities;
using Ledger.Api.Events;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Residents;
using Ledger.Api.Security;
using Ledger.Api.Wallets;
using Ledger.Grains.Communities;
using Ledger.Grains.Stores;
using Ledger.Grains.Wallets;
using Ledger.Programmes;
using Ledger.Transactions;
using NodaTime;

namespace Ledger.Api.Simulation;

/// <summary>What is sent to learn what an event would do.</summary>
/// <param name="Event">The event, as it would be sent to <c>/v1/events</c>.</param>
/// <param name="At">When it would be decided; a time before now counts as now. Default: now.</param>
/// <param name="Version">A published version to decide with, as if it counted from the beginning. Default: those in force.</param>
/// <param name="Draft">The id of a draft to decide with instead.</param>
/// <param name="Programme">A programme to decide with instead; of the three at most one.</param>
public sealed record NewSimulation(JsonElement Event, Instant? At, int? Version, string? Draft, JsonElement? Programme);

/// <summary>What an event would do. Nothing was done.</summary>
public sealed record SimulationView
{
    /// <summary>True when the event was sent before: then this is its one outcome, whatever the programme says now. Absent otherwise.</summary>
    public bool? Known { get; init; }

    /// <summary>The receipt that it would have; absent where it would be refused.</summary>
    public Receipt? Receipt { get; init; }

    /// <summary>Why it would be refused; absent where it would not.</summary>
    public Problem? Problem { get; init; }

    /// <summary>What would move.</summary>
    public required IReadOnlyList<PostingView> Postings { get; init; }

    /// <summary>What would happen and why, in sentences of the caller's language.</summary>
    public required IReadOnlyList<string> Explanation { get; init; }
}

/// <summary>Tells what an event would do, by the code that would do it, and does nothing.</summary>
internal static class SimulateEvent
{
    private const string Example = """
        { "event": {
            "specversion": "1.0", "id": "try-1", "source": "/apps/volunteers", "type": "community.points.activity-completed.v1",
            "subject": "r-1029", "time": "2026-11-24T09:30:00+08:00", "datacontenttype": "application/json",
            "data": { "activity": "charity-service", "quantity": 90 } },
          "programme": {
            "activities": [ { "type": "charity-service", "award": { "kind": "per_unit", "points": 12, "units": 60 } } ] } }
        """;

    public static void MapPost(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Handle)
        .Allow(Policies.Simulate)
        .Describe(
            "simulateEvent", "Events", "What would this event do?",
            "The same code decides it on the same wallet, by the programmes in force, and for operators by a published `version`, by a `draft` or by a "
            + "`programme` that is tried; nothing is written. An event that was sent before is answered with its outcome.")
        .Takes<NewSimulation>(Example)
        .Gives<SimulationView>(StatusCodes.Status200OK, "What it would do; a refusal is an answer as well.")
        .Fails(
            KnownProblems.EventInvalid, KnownProblems.EventTypeUnknown, KnownProblems.SourceNotGranted, KnownProblems.ProgrammeInvalid,
            KnownProblems.ProgrammeNotFound, KnownProblems.DraftNotFound, KnownProblems.CommandIdReused, KnownProblems.QuantityInvalid);

    private static async Task<IResult> Handle(
        HttpContext context, CommunityScope scope, WalletCalls wallets, IProgrammes programmes, ICatalogue catalogue, IDrafts drafts)
    {
        var community = await scope.Of(context);
        using var body = await RequestBody.ReadObject(context, RequestBody.BytesMax);
        var members = new JsonMembers(body.RootElement);
        if (TriedProgramme.IsNamed(members) && !context.Caller().Is(Roles.Operator))
        {
            throw new RequestRefusedException(KnownProblems.Forbidden, "Only an operator tries a programme; an app asks those in force.");
        }

        var incoming = EventOf(community, context.Caller().Client, members);
        var at = members.OptionalTime("at");
        var tried = await TriedProgramme.Of(members, catalogue, drafts, community, context.RequestAborted);
        members.NothingElse("event", "at", "version", "draft", "programme");
        if (!context.Caller().Is(Roles.Operator) && await incoming.WhyNotGranted(context, wallets) is { } problem)
        {
            return new ProblemResult(problem);
        }

        var envelope = at is { } time ? incoming.Envelope with { At = time } : incoming.Envelope;
        var result = await wallets.Simulate(envelope, tried?.Text);
        var published = await programmes.Of(community);
        return result switch
        {
            CommandResult.Simulated simulated => View(
                context, incoming, simulated.Transaction, tried is null ? published : published.Trying(tried.Published), known: null),
            CommandResult.Recorded recorded => View(context, incoming, recorded.Transaction, published, known: true),
            _ => await CommandAnswer.Of(envelope, result, programmes, context.Request.Language()),
        };
    }

    // Whoever reads an event takes it for the whole body.
    private static IncomingEvent EventOf(CommunityId community, string client, JsonMembers members)
    {
        try
        {
            return IncomingEvent.Of(community, client, CloudEventReading.FromJson(members.Required("event")));
        }
        catch (RequestRefusedException wrong) when (wrong.Path != members.At("event"))
        {
            throw wrong.Within(members.At("event"));
        }
    }

    private static IResult View(
        HttpContext context, IncomingEvent incoming, Transaction transaction, PublishedProgrammes programmes, bool? known)
    {
        var language = context.Request.Language();
        var answer = CommandAnswer.Of(incoming.Envelope.Resident, transaction, programmes, language);
        context.Response.Headers.ContentLanguage = language.Tag();
        return Answers.Ok(
            new SimulationView
            {
                Known = known,
                Receipt = answer.Receipt,
                Problem = answer.Problem,
                Postings = [.. Postings.Of(transaction.Events).Select(PostingView.Of)],
                Explanation = [.. new Explanation(programmes, language).Of(transaction)],
            },
            ApiJson.Web.SimulationView);
    }
}
