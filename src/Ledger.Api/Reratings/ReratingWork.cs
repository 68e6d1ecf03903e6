using Ledger.Api.Problems;
using Ledger.Api.Programmes;
using Ledger.Api.Simulation;
using Ledger.Api.Wallets;
using Ledger.Grains.Communities;
using Ledger.Grains.Journal;
using Ledger.Grains.Replays;
using Ledger.Grains.Stores;
using Ledger.Grains.Wallets;
using Ledger.Programmes;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Api.Reratings;

/// <summary>Decides a past period again, and writes the corrections of an approved re-rating.</summary>
/// <remarks>
/// The plan is made anew each time, for it always comes out the same (<see cref="ReratingPlan"/>), and each resident's correction is one command with a derived key. So it does
/// not matter where a process was killed: what was written before is answered as before. Of several silos one does the work, for it is much, not because two would do harm.
/// </remarks>
internal sealed partial class ReratingWork(
    IReratings reratings, IJournal journal, IProgrammes programmes, WalletCalls wallets, IClock clock, ILogger<ReratingWork> logger)
{
    private const int SendersMax = 8;

    /// <summary>Whatever was decided so long ago has been written.</summary>
    public static readonly Duration Settled = Duration.FromSeconds(60);

    /// <summary>Until when the past is known to whoever proposes something at an instant: it stands still and comes out the same for ever.</summary>
    public static Instant KnownAt(Instant proposed) => proposed - Settled;

    /// <summary>What a programme would change in a period, seen from when it is proposed.</summary>
    public async Task<ReratingPlan> Plan(
        CommunityId community, string programme, Instant from, Instant until, Instant proposed, CancellationToken cancellation)
    {
        var published = await programmes.Of(community);
        var tried = new PublishedProgramme(published.Versions.Length + 1, Instant.MinValue, Publication.Checked(programme));
        return await ReratingPlan.Make(journal, community, published.Trying(tried), from, until, KnownAt(proposed), ReplayTurn.Workers, cancellation);
    }

    /// <summary>What a re-rating changes, worked out once more.</summary>
    /// <exception cref="RequestRefusedException">Something else comes out than what was proposed, or its programme cannot be read any more.</exception>
    public async Task<ReratingPlan> Repeat(Rerating rerating, CancellationToken cancellation)
    {
        var plan = await Plan(rerating.Community, rerating.Programme!, rerating.From, rerating.Until, rerating.ProposedAt, cancellation);
        return plan.Digest() == rerating.Digest
            ? plan
            : throw new RequestRefusedException(KnownProblems.ReratingChanged, "The period comes out otherwise than when it was proposed.");
    }

    /// <summary>Writes the corrections of all approved re-ratings that are not done. One that cannot be done keeps no other waiting.</summary>
    public async Task Finish(CancellationToken cancellation)
    {
        foreach (var approved in await reratings.ListApprovedReratings(cancellation))
        {
            try
            {
                await reratings.WorkAlone(
                    approved.Community, approved.Id, () => Finish(approved.Community, approved.Id, cancellation), cancellation);
            }
            catch (Exception failure) when (!cancellation.IsCancellationRequested)
            {
                NotFinished(logger, approved.Id, approved.Community, failure.GetType().Name, failure.Message);
            }
        }
    }

    private async Task Finish(CommunityId community, string id, CancellationToken cancellation)
    {
        if (await reratings.FindRerating(community, id, cancellation) is not { Status: ReratingStatus.Approved } rerating)
        {
            return;
        }

        ReratingPlan plan;
        try
        {
            plan = await ReplayTurn.Later(() => Repeat(rerating, cancellation), cancellation);
        }
        catch (RequestRefusedException refused)
        {
            // It comes out so for ever: what is over does not change back.
            GivenUp(logger, id, community, refused.Kind.Code);
            await reratings.FailRerating(community, id, refused.Kind.Code, clock.GetCurrentInstant(), cancellation);
            return;
        }

        await reratings.FinishRerating(community, id, await Send(rerating, plan, cancellation), clock.GetCurrentInstant(), cancellation);
    }

    private async Task<long> Send(Rerating rerating, ReratingPlan plan, CancellationToken cancellation)
    {
        var refused = 0L;
        var options = new ParallelOptions { MaxDegreeOfParallelism = SendersMax, CancellationToken = cancellation };
        await Parallel.ForEachAsync(plan.Differences, options, async (difference, stop) =>
        {
            if (!await Correct(rerating, difference, stop))
            {
                Interlocked.Increment(ref refused);
            }
        });
        return refused;
    }

    private async Task<bool> Correct(Rerating rerating, ResidentDifference difference, CancellationToken cancellation)
    {
        try
        {
            var result = await wallets.Send(new()
            {
                Community = rerating.Community,
                Resident = difference.Resident,
                Key = CommandKey.Rerating(rerating.Id, difference.Resident),
                Command = new CorrectPoints(rerating.Id, difference.First, difference.Last, difference.Points),
            });
            return result is CommandResult.Recorded { Transaction.Refusal: null };
        }
        catch (Exception failure) when (!Passes(failure) && !cancellation.IsCancellationRequested)
        {
            // One wallet that fails whenever it is asked must not keep all others from theirs.
            NotCorrected(logger, rerating.Id, rerating.Community, failure.GetType().Name);
            return false;
        }
    }

    /// <summary>Is it worth trying again later?</summary>
    private static bool Passes(Exception failure) =>
        failure is not JournalLimitException && FailureProblems.Foreseen(failure, Language.English) is not null;

    [LoggerMessage(1, LogLevel.Warning, "Re-rating {Id} of {Community} could not be finished; it is tried again in a minute. {Error}: {Reason}")]
    private static partial void NotFinished(ILogger logger, string id, CommunityId community, string error, string reason);

    [LoggerMessage(2, LogLevel.Error, "Re-rating {Id} of {Community} cannot be repeated and is given up: {Failure}.")]
    private static partial void GivenUp(ILogger logger, string id, CommunityId community, string failure);

    [LoggerMessage(3, LogLevel.Error, "A correction of re-rating {Id} of {Community} could not be written and counts as refused: {Error}.")]
    private static partial void NotCorrected(ILogger logger, string id, CommunityId community, string error);
}
