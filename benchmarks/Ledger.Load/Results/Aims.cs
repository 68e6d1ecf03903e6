using Ledger.Load.Comparing;
using Ledger.Load.Limits;
using Ledger.Load.Ours;
using Ledger.Load.Rivals;
using Ledger.Load.Workloads;

namespace Ledger.Load.Results;

/// <summary>One ratio, or one latency, that was promised.</summary>
/// <param name="Ours">What of ours.</param>
/// <param name="Against">Against what.</param>
/// <param name="Value">What it is.</param>
/// <param name="Unit">With a blank behind it; empty for a ratio.</param>
/// <param name="Wanted">What it should be.</param>
/// <param name="Processors">How many times the processor time of ours the other one takes; null where there is no other.</param>
internal sealed record Aim(string Ours, string Against, double Value, string Unit, string Wanted, double? Processors);

/// <summary>What was promised of ours, as far as a run has measured both sides.</summary>
internal static class Aims
{
    private const string Postgres = LedgerStore.PostgresName;
    private const int Callers = OurGrains.CallersOfThePromise;
    private const int Connections = EmptyGrainEndpoint.ConnectionsOfThePromise;
    private const string Even = WorkloadSet.Plotted;
    private const string Zipf = "mixed";
    private const string Hot = "hot merchant";

    public static IReadOnlyList<Aim> Of(IReadOnlyList<Row> rows)
    {
        var (grains, http, batches) = (OurGrains.NameFor(Postgres), OurService.NameFor(Postgres, 1), OurService.NameFor(Postgres, OurService.EventsOfABatch));
        var aims = new List<Aim?>
        {
            Ratio((grains, Even, Callers), (SqlTransfers.ContestantName, SqlTransfers.DistinctAccounts, null), "≥ 10"),
            Ratio((grains, Zipf, Callers), (SqlTransfers.ContestantName, SqlTransfers.DistinctAccounts, null), ""),
            Ratio((grains, Hot, Callers), (SqlTransfers.ContestantName, SqlTransfers.HotAccount, null), "≥ 40"),
            Ratio((grains, Even, Callers), (StateLedgers.ContestantName, StateLedgers.WorkloadOf(10), null), "≥ 10"),
            Ratio((grains, Even, Callers), (StateLedgers.ContestantName, StateLedgers.WorkloadOf(100), null), ""),
            Ratio((grains, Even, Callers), (StateLedgers.ContestantName, StateLedgers.WorkloadOf(1_000), null), "≥ 100"),
            Ratio((grains, Even, Callers), (MartenAppends.ContestantName, MartenAppends.WorkloadName, null), "≥ 20"),
            Ratio((grains, Even, Callers), (RawRows.ContestantName, RawRows.Unnest, null), "≥ 0.50"),
            Ratio((grains, Even, Callers), (RawRows.ContestantName, RawRows.Copy, null), "≥ 0.50"),
            Ratio((grains, Zipf, Callers), (RawRows.ContestantName, RawRows.Copy, null), ""),
            Ratio((http, Even, Connections), (EmptyGrainEndpoint.ContestantName, Zipf, Connections), "≥ 0.50"),
            Ratio((http, Zipf, Connections), (EmptyGrainEndpoint.ContestantName, Zipf, Connections), ""),
            Ratio((batches, Even, null), (grains, Even, Callers), "≥ 0.60"),
            Ratio((batches, Zipf, null), (grains, Zipf, Callers), ""),
            Find((grains, Even, Callers)) is { } row ? new(Text(row), "p99 at full speed", row.Closed(0.99), "ms ", "≤ 15 ms", null) : null,
        };
        return [.. aims.OfType<Aim>()];

        Aim? Ratio((string, string, int?) ours, (string, string, int?) other, string wanted) => (Find(ours), Find(other)) switch
        {
            ({ } mine, { PerSecond: > 0 } theirs) => new(Text(mine), Text(theirs), mine.PerSecond / theirs.PerSecond, "", wanted, theirs.ProcessorMicroseconds / mine.ProcessorMicroseconds),
            _ => null,
        };

        // Without a number of callers, the best one.
        Row? Find((string Contestant, string Workload, int? Callers) wanted) => rows
            .Where(row => row.Contestant == wanted.Contestant && row.Setting.Workload == wanted.Workload && row.Setting.Callers == (wanted.Callers ?? row.Setting.Callers))
            .MaxBy(row => row.PerSecond);
    }

    private static string Text(Row row) => FormattableString.Invariant($"{row.Contestant}, {row.Setting.Workload}, {row.Setting.Callers}");
}
