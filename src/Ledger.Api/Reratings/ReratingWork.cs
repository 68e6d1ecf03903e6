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
/// not matter where a process was killed, or whether two of them do the same work: what was written before is answered as before.
/// </remarks>
internal sealed class ReratingWork(IReratings reratings, IJournal journal, IProgrammes programmes, WalletCalls wallets, IClock clock)
{
    private const int SendersMax = 8;

    /// <summary>What a programme would change in a period.</summary>
    public async Task<ReratingPlan> Plan(CommunityId community, string programme, Instant from, Instant until, CancellationToken cancellation)
    {
        var published = await programmes.Of(community);
        var tried = new PublishedProgramme(published.Versions.Length + 1, Instant.MinValue, Publication.Checked(programme));
        return await ReratingPlan.Make(journal, community, published.Trying(tried), from, until, ReplayTurn.Workers, cancellation);
    }

    /// <summary>Writes the corrections of all approved re-ratings that are not done.</summary>
    public async Task Finish(CancellationToken cancellation)
    {
        foreach (var approved in await reratings.ListApprovedReratings(cancellation))
        {
            var rerating = await reratings.FindRerating(approved.Community, approved.Id, cancellation);
            var plan = await ReplayTurn.Later(
                () => Plan(approved.Community, rerating!.Programme!, approved.From, approved.Until, cancellation), cancellation);
            if (plan.Digest() != approved.Digest)
            {
                throw new InvalidOperationException($"Re-rating {approved.Id} of {approved.Community} would change something else than what was approved.");
            }

            await reratings.FinishRerating(approved.Community, approved.Id, await Send(approved, plan, cancellation), clock.GetCurrentInstant(), cancellation);
        }
    }

    private async Task<long> Send(Rerating rerating, ReratingPlan plan, CancellationToken cancellation)
    {
        var refused = 0L;
        var options = new ParallelOptions { MaxDegreeOfParallelism = SendersMax, CancellationToken = cancellation };
        await Parallel.ForEachAsync(plan.Differences, options, async (difference, _) =>
        {
            var result = await wallets.Send(new()
            {
                Community = rerating.Community,
                Resident = difference.Resident,
                Key = CommandKey.Rerating(rerating.Id, difference.Resident),
                Command = new CorrectPoints(rerating.Id, difference.First, difference.Last, difference.Points),
            });
            if (result is not CommandResult.Recorded { Transaction.Refusal: null })
            {
                Interlocked.Increment(ref refused);
            }
        });
        return refused;
    }
}
