using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Api.Simulation;
using Ledger.Grains.Stores;
using NodaTime;

namespace Ledger.Api.Reratings;

/// <summary>Approves or rejects a proposed re-rating. Whoever proposed it does not approve it; to reject it is to take it back.</summary>
internal static class DecideRerating
{
    public static void MapApprove(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Approve)
        .Allow(Policies.Operate)
        .Describe(
            "approveRerating", "Re-ratings", "Have the corrections of a re-rating written",
            "By another client than the one that proposed it. The period is decided once more; when something else comes out than what was proposed, nothing is done. Then each resident gets "
            + "one correction, also when the service is killed meanwhile.")
        .Gives<ReratingView>(StatusCodes.Status200OK, "It is approved, and its corrections are being written.")
        .Fails(
            KnownProblems.ReratingNotFound, KnownProblems.ReratingDecided, KnownProblems.ReratingOwnProposal, KnownProblems.ReratingChanged,
            KnownProblems.ReratingOverlaps, KnownProblems.ReplayRunning, KnownProblems.ProgrammeInvalid);

    public static void MapReject(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Reject)
        .Allow(Policies.Operate)
        .Describe("rejectRerating", "Re-ratings", "Reject a re-rating", "Nothing was done and nothing will be. Whoever proposed it takes it back so.")
        .Gives<ReratingView>(StatusCodes.Status200OK, "It is rejected.")
        .Fails(KnownProblems.ReratingNotFound, KnownProblems.ReratingDecided);

    private static async Task<IResult> Approve(
        HttpContext context, string id, IReratings reratings, CommunityScope scope, ReratingWork work, ReratingService service, IClock clock)
    {
        var proposed = await FindProposed(context, reratings, scope, id);
        if (proposed.ProposedBy == context.Caller().Client)
        {
            throw new RequestRefusedException(KnownProblems.ReratingOwnProposal, $"'{proposed.ProposedBy}' proposed it, so somebody else approves it.");
        }

        _ = await ReplayTurn.Now(() => work.Repeat(proposed, context.RequestAborted), context.RequestAborted);
        var answer = await Decide(context, reratings, proposed, ReratingStatus.Approved, clock);
        service.Wake();
        return answer;
    }

    private static async Task<IResult> Reject(HttpContext context, string id, IReratings reratings, CommunityScope scope, IClock clock) =>
        await Decide(context, reratings, await FindProposed(context, reratings, scope, id), ReratingStatus.Rejected, clock);

    private static async Task<Rerating> FindProposed(HttpContext context, IReratings reratings, CommunityScope scope, string id)
    {
        var found = await ReadRerating.Find(reratings, await scope.Of(context), id, context.RequestAborted);
        return found.Status == ReratingStatus.Proposed ? found : throw Decided(found);
    }

    private static async Task<IResult> Decide(HttpContext context, IReratings reratings, Rerating proposed, ReratingStatus decision, IClock clock)
    {
        var (client, now) = (context.Caller().Client, clock.GetCurrentInstant());
        var isDecided = await reratings.DecideRerating(proposed.Community, proposed.Id, decision, client, now, context.RequestAborted);
        var found = await ReadRerating.Find(reratings, proposed.Community, proposed.Id, context.RequestAborted);
        return isDecided ? Answers.Ok(ReratingView.Of(found), ApiJson.Web.ReratingView)
            : throw (found.Status == ReratingStatus.Proposed
                ? new RequestRefusedException(KnownProblems.ReratingOverlaps, "An approved re-rating has corrected a part of this period already.")
                : Decided(found));
    }

    private static RequestRefusedException Decided(Rerating found) =>
        new(KnownProblems.ReratingDecided, $"It is {ReratingStatusText.Of(found.Status)}: '{found.DecidedBy}' decided it at {found.DecidedAt}.");
}
