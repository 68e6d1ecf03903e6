using Ledger.Grains.Errands;
using Ledger.Grains.Households;
using Ledger.Grains.Journal;
using Ledger.Grains.Stocks;
using Ledger.Grains.Telemetry;
using Ledger.Grains.Wallets;
using Ledger.Transactions;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Ledger.Grains.Sweeping;

/// <summary>Keeps quiet wallets, reports and notifications current. Answers never wait for it: reads apply what is due by themselves.</summary>
[Alias("ledger.sweeper")]
public interface ISweeperGrain : IGrainWithStringKey
{
    /// <summary>The key of the only one; no hexadecimal digit first.</summary>
    const string Key = "sweeper";

    /// <summary>Applies what has fallen due by now, in every wallet, does the errands that are due, finds out what became of what is kept in stocks, and goes on with what households have under way.</summary>
    /// <returns>How many wallets, stocks and households had something due.</returns>
    [Alias("sweep")]
    [ResponseTimeout("06:00:00")]
    Task<int> Sweep();

    /// <summary>Has the sweeper woken in these intervals from now on, wherever it is; zero for never again. Needs a reminder service.</summary>
    [Alias("wake-every")]
    Task WakeEvery(TimeSpan interval);
}

/// <summary>One for all communities: the due index says where to go, so that no resident needs a reminder of their own.</summary>
/// <remarks>
/// A wallet that cannot be swept keeps its place in the index. The sweep goes on past it, and one that met too many of them stops and
/// is taken up there by the next: so a thousand broken wallets at the head of the index cost time, but nobody's turn.
/// </remarks>
[GrainType("sweeper")]
internal sealed partial class SweeperGrain(IJournal journal, ErrandDriver errands, StockDriver stocks, HouseholdDriver households, IClock clock, TimeProvider time, ILogger<SweeperGrain> logger)
    : Grain, ISweeperGrain, IRemindable
{
    /// <summary>So many failures end a sweep: something is wrong with more than a few wallets, and trying all others makes it no better.</summary>
    internal const int FailuresMax = 1_024;

    // The journal gives background rows a quarter of a batch; more at once than this would only wait there.
    private const int WalletsAtOnce = 64;
    private const int WalletsPerRead = 512;

    // A sweep works a quarter of its time and leaves the processors and the disk to whoever comes meanwhile: nobody waits for a sweep.
    private const int RestsTimes = 3;
    private const string Reminder = "sweep";

    private static readonly TimeSpan s_longestSweep = TimeSpan.FromHours(6);
    private static readonly TimeSpan s_longestRest = TimeSpan.FromSeconds(1);

    // Where the last sweep stopped; null when it came to the end.
    private DueStream? _reached;
    private Task _sweeping = Task.CompletedTask;

    public async Task<int> Sweep()
    {
        var until = clock.GetCurrentInstant();
        var (swept, failures) = (0, new Failures());
        do
        {
            var due = await journal.ReadDue(until, WalletsPerRead, _reached);
            var applied = await Apply(due, failures);
            swept += applied;
            LedgerInstruments.Swept(applied);
            _reached = due.Count < WalletsPerRead ? null : due[^1];
        }
        while (_reached is not null && failures.Count < FailuresMax);
        if (swept > 0)
        {
            Swept(logger, swept);
        }

        if (failures.Count > 0)
        {
            Skipped(logger, failures.Count, failures.Kinds);
        }

        return swept;
    }

    public async Task WakeEvery(TimeSpan interval)
    {
        if (interval > TimeSpan.Zero)
        {
            await this.RegisterOrUpdateReminder(Reminder, interval, interval);
        }
        else if (await this.GetReminder(Reminder) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        // A sweep may take longer than a call may: it goes on by itself, one at a time. This grain's turns stay its own.
        if (_sweeping.IsCompleted)
        {
            _sweeping = SweepAlone();
        }

        return Task.CompletedTask;
    }

    private async Task SweepAlone()
    {
        try
        {
            DelayDeactivation(s_longestSweep);
            await Sweep();
        }
#pragma warning disable CA1031 // Nobody waits for this task; the next reminder tries again.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Failed(logger, failure.GetType().Name);
        }
    }

    private async Task<int> Apply(IReadOnlyList<DueStream> due, Failures failures)
    {
        var applied = 0;
        foreach (var some in due.Chunk(WalletsAtOnce))
        {
            var begun = time.GetTimestamp();
            applied += (await Task.WhenAll(some.Select(one => Apply(one.Stream, failures)))).Count(done => done);
            if (some.Length == WalletsAtOnce)
            {
                var rest = RestsTimes * time.GetElapsedTime(begun);
                await Task.Delay(rest < s_longestRest ? rest : s_longestRest, time);
            }
        }

        return applied;
    }

    private async Task<bool> Apply(StreamId stream, Failures failures)
    {
        try
        {
            if (stream.Stock is { } reward)
            {
                return await stocks.Look(stream.Community, reward) > 0;
            }

            if (stream.Household is { } household)
            {
                return await households.Do(stream.Community, household) > 0;
            }

            if (stream.Resident is not { } resident)
            {
                return false;
            }

            // Where nothing falls due an errand is; a wallet that has both is still in the index at the next sweep.
            return await GrainFactory.GetWallet(stream.Community, resident).ApplyDue(null) is not CommandResult.NothingDue
                || await errands.Do(stream.Community, resident) > 0;
        }
#pragma warning disable CA1031 // Whatever is wrong with one wallet must not cost the others their turn.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            failures.Add(failure);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Wallets} wallets could not be swept and are tried again later. {Errors}")]
    private static partial void Skipped(ILogger logger, int wallets, string errors);

    [LoggerMessage(Level = LogLevel.Information, Message = "Applied what had fallen due in {Wallets} wallets")]
    private static partial void Swept(ILogger logger, int wallets);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sweep did not finish and is tried again later. {Error}")]
    private static partial void Failed(ILogger logger, string error);

    // Kinds only: what an exception says may name a resident.
    private sealed class Failures
    {
        private readonly SortedSet<string> _kinds = new(StringComparer.Ordinal);

        public int Count { get; private set; }

        public string Kinds => string.Join(", ", _kinds);

        public void Add(Exception failure)
        {
            Count++;
            _kinds.Add(failure.GetType().Name);
        }
    }
}
