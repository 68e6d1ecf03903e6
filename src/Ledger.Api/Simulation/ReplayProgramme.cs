using System.Text.Json;
using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Grains.Communities;
using Ledger.Grains.Journal;
using Ledger.Grains.Replays;
using Ledger.Grains.Stores;
using NodaTime;

namespace Ledger.Api.Simulation;

/// <summary>What is sent to learn what the past would have been.</summary>
/// <param name="Version">A published version to decide with.</param>
/// <param name="Draft">The id of a draft to decide with.</param>
/// <param name="Programme">A programme to decide with; one of the three must be there.</param>
/// <param name="From">The first moment of the period; before it, everything is as it was. Default: the beginning.</param>
/// <param name="Until">The first moment after it. Default: now.</param>
public sealed record NewReplay(int? Version, string? Draft, JsonElement? Programme, Instant? From, Instant? Until);

/// <summary>What the past would have been. Nothing was done. Unit: points.</summary>
public sealed record ReplayView
{
    /// <summary>Transactions that were read.</summary>
    public required long Transactions { get; init; }

    /// <summary>Residents with a wallet.</summary>
    public required long Residents { get; init; }

    /// <summary>Residents who would have been credited more.</summary>
    public required long Winners { get; init; }

    /// <summary>Residents who would have been credited less.</summary>
    public required long Losers { get; init; }

    /// <summary>What the activities of the period earned.</summary>
    public required long Credited { get; init; }

    /// <summary>What they would have earned.</summary>
    public required long CreditedThen { get; init; }

    /// <summary>What was owed to residents at the end of the period.</summary>
    public required long Balance { get; init; }

    /// <summary>What would have been owed.</summary>
    public required long BalanceThen { get; init; }

    /// <summary>Spends that would not have been possible.</summary>
    public required long SpendsMissed { get; init; }

    /// <summary>The points of those spends.</summary>
    public required long PointsMissed { get; init; }

    /// <summary>Each type of activity.</summary>
    public required IReadOnlyList<ReplayedActivity> Activities { get; init; }

    /// <summary>At most ten residents who would have gained most.</summary>
    public required IReadOnlyList<ReplayedCredit> MostGained { get; init; }

    /// <summary>At most ten residents who would have lost most.</summary>
    public required IReadOnlyList<ReplayedCredit> MostLost { get; init; }

    internal static ReplayView Of(ReplayReport report) => new()
    {
        Transactions = report.Transactions,
        Residents = report.Residents,
        Winners = report.Winners,
        Losers = report.Losers,
        Credited = Shown(report.All.Credited),
        CreditedThen = Shown(report.All.CreditedThen),
        Balance = Shown(report.Balance),
        BalanceThen = Shown(report.BalanceThen),
        SpendsMissed = report.SpendsMissed,
        PointsMissed = Shown(report.PointsMissed),
        Activities =
        [
            .. report.Activities.OrderBy(of => of.Key.Value, StringComparer.Ordinal).Select(of =>
                new ReplayedActivity(of.Key.Value, of.Value.Count, Shown(of.Value.Credited), Shown(of.Value.CreditedThen))),
        ],
        MostGained = [.. report.MostGained.Select(ReplayedCredit.Of)],
        MostLost = [.. report.MostLost.Select(ReplayedCredit.Of)],
    };

    // No JSON client reads a larger number exactly: only a programme of absurd awards gets there.
    internal static long Shown(Int128 points) => (long)Int128.Clamp(points, -Points.Max.Value, Points.Max.Value);
}

/// <summary>Activities of one type. Unit: points.</summary>
/// <param name="Activity">The type.</param>
/// <param name="Count">How many.</param>
/// <param name="Credited">What they earned.</param>
/// <param name="CreditedThen">What they would have earned.</param>
public sealed record ReplayedActivity(string Activity, long Count, long Credited, long CreditedThen);

/// <summary>One resident. Unit: points.</summary>
/// <param name="Resident">Who.</param>
/// <param name="Credited">What was credited in the period.</param>
/// <param name="CreditedThen">What would have been credited.</param>
public sealed record ReplayedCredit(string Resident, long Credited, long CreditedThen)
{
    internal static ReplayedCredit Of(ReplayedResident resident) =>
        new(resident.Resident.Value, resident.Credited.Value, resident.CreditedThen.Value);
}

/// <summary>Tells what a community's past would have been under another programme.</summary>
internal static class ReplayProgramme
{
    private const string Example = """
        { "from": "2026-01-01T00:00:00+08:00",
          "programme": {
            "activities": [ { "type": "charity-service", "award": { "kind": "per_unit", "points": 12, "units": 60 } } ] } }
        """;

    public static void MapPost(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe(
            "replayProgramme", "Programmes", "What would the past have been?",
            "Decides the stored activities, spends, refunds, reversals and adjustments of a period again by a published `version`, by a `draft` or by a "
            + "`programme` that is tried, and tells the difference. Nothing is written. It reads the whole journal, so one runs at a time; the command line does the same with progress.")
        .Takes<NewReplay>(Example)
        .Gives<ReplayView>(StatusCodes.Status200OK, "The difference.")
        .Fails(
            KnownProblems.MemberMissing, KnownProblems.MemberUnknown, KnownProblems.TimeInvalid, KnownProblems.ProgrammeInvalid,
            KnownProblems.ProgrammeNotFound, KnownProblems.DraftNotFound, KnownProblems.QuantityInvalid, KnownProblems.ReplayRunning);

    private static async Task<IResult> Handle(
        HttpContext context, CommunityScope scope, IJournal journal, ICatalogue catalogue, IDrafts drafts, IProgrammes programmes, IClock clock)
    {
        var community = await scope.Of(context);
        using var body = await RequestBody.ReadObject(context, RequestBody.BytesMax);
        var members = new JsonMembers(body.RootElement);
        var tried = await TriedProgramme.Of(members, catalogue, drafts, community, context.RequestAborted)
            ?? throw JsonMembers.Wrong(KnownProblems.MemberMissing, members.At("programme"), "is missing; or draft, or version");
        var from = members.OptionalTime("from") ?? Instant.MinValue;
        var until = members.OptionalTime("until") ?? clock.GetCurrentInstant();
        members.NothingElse("version", "draft", "programme", "from", "until");
        if (from >= until)
        {
            throw JsonMembers.Wrong(KnownProblems.TimeInvalid, members.At("until"), "must lie after from");
        }

        var published = await programmes.Of(community);
        var report = await ReplayTurn.Now(
            () => new JournalReplay(journal).Replay(
                community, published.Trying(tried.Published), from, until, ReplayTurn.Workers, cancellation: context.RequestAborted),
            context.RequestAborted);
        return Answers.Ok(ReplayView.Of(report), ApiJson.Web.ReplayView);
    }
}
