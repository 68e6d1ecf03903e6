using Ledger.Grains.Sweeping;
using Ledger.Grains.Wallets;
using Ledger.PrivatePostgres;
using Ledger.Wallets;
using NodaTime;
using static Ledger.Grains.Tests.Wallets.Commands;

namespace Ledger.Grains.Tests.Hosting;

/// <summary>Tests through a host on a store of its own, which finds it again when it is started anew; after each of them the books are sound.</summary>
/// <param name="shared">The server of the database; null for a file.</param>
public abstract class HostedTests(SharedPostgres? shared) : IAsyncLifetime
{
    private readonly HostStore _store = new(shared);

    private protected LedgerHost Host { get; private set; } = null!;

    protected Instant Now => Host.Clock.GetCurrentInstant();

    public virtual async ValueTask InitializeAsync() => await Start();

    public async ValueTask DisposeAsync()
    {
        await using (_store)
        await using (Host)
        {
            await MustBeSound();
        }

        GC.SuppressFinalize(this);
    }

    protected virtual async Task Start(Instant? now = null) => Host = await _store.Open(now);

    protected async Task Restart()
    {
        var now = Now;
        await Host.DisposeAsync();
        await Start(now);
    }

    /// <summary>Does something as if the process died after so many appends, and starts it anew.</summary>
    protected async Task DieIn(Func<Task> act, int appendsBeforeDeath)
    {
        Host.Journal.AppendsUntilDeath = appendsBeforeDeath;
        await Record.ExceptionAsync(act);
        await Restart();
    }

    protected virtual async Task MustBeSound()
    {
        var report = await Host.Verify();
        Assert.True(report.IsSound, string.Join('\n', report.Findings));
    }

    protected Task<CommandResult.Recorded> Rich(string resident, long points = 100) => Host.Wallet(resident).Record(Earn(resident, $"rich-{resident}", points, Now));

    protected async Task<WalletState> State(string resident) => (await Host.Wallet(resident).Read()).State;

    protected Task<int> Sweep() => Host.Grains.GetGrain<ISweeperGrain>(ISweeperGrain.Key).Sweep();

    /// <summary>Sweeps when whoever left something is given up.</summary>
    protected async Task SweepLater()
    {
        Host.Clock.AdvanceMinutes(3);
        await Sweep();
    }
}
