using System.Diagnostics;
using System.Diagnostics.Metrics;
using Ledger.Grains.Wallets;

namespace Ledger.Grains.Telemetry;

/// <summary>What the engine measures of itself: every name and unit in one place. No identifiers of residents, merchants or commands.</summary>
public static class LedgerInstruments
{
    /// <summary>The name of the meter and of the trace source, for <c>AddMeter</c> and <c>AddSource</c>.</summary>
    public const string Name = "Ledger";

    private static readonly Meter s_meter = new(Name);

    /// <summary>Traces: one span per append to the journal.</summary>
    internal static ActivitySource Source { get; } = new(Name);

    private static readonly Counter<long> s_commands =
        s_meter.CreateCounter<long>("ledger.commands", "{command}", "Commands answered, by outcome and whether it was a replay.");

    private static readonly Histogram<double> s_appendDuration =
        s_meter.CreateHistogram<double>("ledger.append.duration", "s", "From handing rows to the journal to their commit, as a wallet sees it.");

    private static readonly Histogram<double> s_commitDuration =
        s_meter.CreateHistogram<double>("ledger.commit.duration", "s", "One batch: from the first row to after the commit.");

    private static readonly Histogram<int> s_commitRows =
        s_meter.CreateHistogram<int>("ledger.commit.rows", "{row}", "Rows that were committed together.");

    private static readonly Counter<long> s_busy =
        s_meter.CreateCounter<long>("ledger.journal.busy", "{set}", "Sets turned away because too much waited.");

    private static readonly Counter<long> s_snapshots =
        s_meter.CreateCounter<long>("ledger.snapshots", "{snapshot}", "Snapshots read and written, by what became of them.");

    private static readonly Counter<long> s_swept =
        s_meter.CreateCounter<long>("ledger.sweeper.wallets", "{wallet}", "Wallets in which the sweeper found something due.");

    internal static void Answered(CommandResult result)
    {
        if (!s_commands.Enabled)
        {
            return;
        }

        var (outcome, replayed) = result switch
        {
            CommandResult.Recorded recorded => (recorded.Transaction.Outcome, recorded.Replayed),
            CommandResult.KeyReused => ("command_id_reused", false),
            _ => ("nothing_due", false),
        };
        s_commands.Add(1, new("outcome", outcome), new KeyValuePair<string, object?>("replayed", replayed));
    }

    internal static void Appended(long started) => s_appendDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);

    internal static void Committed(int rows, long started)
    {
        s_commitDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
        s_commitRows.Record(rows);
    }

    internal static void TurnedAway() => s_busy.Add(1);

    internal static void Snapshot(string outcome) => s_snapshots.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    internal static void Swept(int wallets) => s_swept.Add(wallets);
}
