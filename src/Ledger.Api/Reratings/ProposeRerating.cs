using System.Security.Cryptography;
using Ledger.Api.Communities;
using Ledger.Api.Drafts;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Api.Simulation;
using Ledger.Grains.Clocks;
using Ledger.Grains.Stores;
using NodaTime;

namespace Ledger.Api.Reratings;

internal static class ProposeRerating
{
    private const int ReasonCharactersMax = 500;

    private const string Example = """
        { "draft": "4k2m9x0qpv", "from": "2026-01-01T00:00:00+08:00", "until": "2026-04-01T00:00:00+08:00",
          "reason": "The rate for charity service was 10 and should have been 12." }
        """;

    public static void MapPost(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe(
            "proposeRerating", "Re-ratings", "Propose to decide a past period again",
            "Decides the period as a replay does, by a published `version`, a `draft` or a `programme`, and keeps the sums as a proposal. Nothing is written before another operator "
            + "approves it. Published versions stay as they are.")
        .Takes<NewRerating>(Example)
        .Gives<ReratingView>(StatusCodes.Status201Created, "The proposal.")
        .Fails(
            KnownProblems.MemberMissing, KnownProblems.MemberUnknown, KnownProblems.TimeInvalid, KnownProblems.TextInvalid, KnownProblems.QuantityInvalid,
            KnownProblems.ProgrammeInvalid, KnownProblems.ProgrammeNotFound, KnownProblems.DraftNotFound, KnownProblems.ReplayRunning,
            KnownProblems.ReratingEmpty, KnownProblems.TooManyReratings);

    private static async Task<IResult> Handle(
        HttpContext context,
        CommunityScope scope,
        ICatalogue catalogue,
        IDrafts drafts,
        IReratings reratings,
        ReratingWork work,
        IClock clock,
        IClockWatch clockWatch)
    {
        var community = await scope.Of(context);
        using var body = await RequestBody.ReadObject(context, RequestBody.BytesMax);
        var members = new JsonMembers(body.RootElement);
        var tried = await TriedProgramme.Of(members, catalogue, drafts, community, context.RequestAborted)
            ?? throw JsonMembers.Wrong(KnownProblems.MemberMissing, members.At("programme"), "is missing; or draft, or version");
        var now = clockWatch.Now(clock);
        var (from, until) = Period(members, now);
        var reason = members.ShortText("reason", ReasonCharactersMax);
        members.NothingElse("version", "draft", "programme", "from", "until", "reason");
        var plan = await ReplayTurn.Now(() => work.Plan(community, tried.Text.Json, from, until, now, context.RequestAborted), context.RequestAborted);
        if (plan.Differences.Count == 0)
        {
            throw new RequestRefusedException(KnownProblems.ReratingEmpty, "Nobody would have got more or less in this period.");
        }

        var rerating = new Rerating
        {
            Community = community,
            Id = RandomNumberGenerator.GetString(CreateDraft.IdAlphabet, CreateDraft.IdLength),
            Programme = tried.Text.Json,
            From = from,
            Until = until,
            Reason = reason,
            Residents = plan.Differences.Count,
            Given = new(ReplayView.Shown(plan.Given)),
            Taken = new(ReplayView.Shown(plan.Taken)),
            Digest = plan.Digest(),
            ProposedBy = context.Caller().Client,
            ProposedAt = now,
        };
        if (!await reratings.AddRerating(rerating, context.RequestAborted))
        {
            throw new RequestRefusedException(KnownProblems.TooManyReratings, $"{Rerating.ProposedMax} proposals wait for a decision.");
        }

        return Answers.Created($"/v1/reratings/{rerating.Id}", ReratingView.Of(rerating), ApiJson.Web.ReratingView);
    }

    private static (Instant From, Instant Until) Period(JsonMembers members, Instant now)
    {
        var from = members.OptionalTime("from") ?? Instant.MinValue;
        var until = members.Time("until");
        if (until > ReratingWork.KnownAt(now))
        {
            throw JsonMembers.Wrong(KnownProblems.TimeInvalid, members.At("until"), $"must lie at least {ReratingWork.Settled.TotalSeconds} seconds back");
        }

        return from < until ? (from, until) : throw JsonMembers.Wrong(KnownProblems.TimeInvalid, members.At("until"), "must lie after from");
    }
}
