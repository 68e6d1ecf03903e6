using Ledger.Grains.Journal;
using Ledger.Grains.Telemetry;
using Ledger.Grains.Wallets;
using NodaTime;

namespace Ledger.Grains.Sweeping;

/// <summary>Keeps quiet wallets, reports and notifications current. Answers never wait for it: reads apply what is due by themselves.</summary>
[Alias("ledger.sweeper")]
public interface ISweeperGrain : IGrainWithStringKey
{
    /// <summary>The key of the only one; no hexadecimal digit first.</summary>
    const string Key = "sweeper";

    /// <summary>Applies what has fallen due by now, in every wallet.</summary>
    /// <returns>How many wallets had something due.</returns>
    [Alias("sweep")]
    [ResponseTimeout("01:00:00")]
    Task<int> Sweep();
}

/// <summary>One for all communities: the due index says where to go, so that no resident needs a reminder of their own.</summary>
[GrainType("sweeper")]
internal sealed class SweeperGrain(IJournal journal, IClock clock) : Grain, ISweeperGrain
{
    // The journal gives background rows a quarter of a batch; more at once than this would only wait there.
    private const int WalletsAtOnce = 64;
    private const int WalletsPerRead = 512;

    public async Task<int> Sweep()
    {
        var until = clock.GetCurrentInstant();
        var swept = 0;
        while (true)
        {
            var due = await journal.ReadDue(until, WalletsPerRead);
            var applied = 0;
            foreach (var some in due.Chunk(WalletsAtOnce))
            {
                applied += (await Task.WhenAll(some.Select(stream => Apply(stream.Community, stream.Resident)))).Count(done => done);
            }

            swept += applied;
            LedgerInstruments.Swept(applied);

            // Wallets that could not be swept stay due and are asked again at the next sweep, not at once.
            if (due.Count < WalletsPerRead || applied == 0)
            {
                return swept;
            }
        }
    }

    private async Task<bool> Apply(CommunityId community, ResidentId? resident)
    {
        if (resident is not { } id)
        {
            return false;
        }

        try
        {
            var wallet = GrainFactory.GetGrain<IWalletGrain>(WalletKey.Of(community, id));
            return await wallet.ApplyDue(null) is CommandResult.Recorded;
        }
        catch (Exception e) when (e is JournalException or TimeoutException)
        {
            return false;
        }
    }
}
