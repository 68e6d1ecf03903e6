using Ledger.Load.Comparing;
using Ledger.Load.Limits;
using Ledger.Load.Ours;
using Ledger.Load.Rivals;
using Ledger.Load.Workloads;

namespace Ledger.Load.Results;

/// <summary>Throughput against concurrency: ours beside rivals and limits, and ours by workload.</summary>
internal static class ConcurrencyPlots
{
    private const string Across = "callers at a time";
    private const string Up = "commands a second";

    private static readonly (string Contestant, string? Workload)[] s_beside =
    [
        (OurGrains.NameFor(LedgerStore.PostgresName), WorkloadSet.Plotted), (OurService.NameFor(LedgerStore.PostgresName, 1), WorkloadSet.Plotted),
        (OurGrains.NameFor(LedgerStore.SqliteName), WorkloadSet.Plotted), (OurService.NameFor(LedgerStore.SqliteName, 1), WorkloadSet.Plotted),
        (EmptyGrainEndpoint.ContestantName, null), (SqlTransfers.ContestantName, SqlTransfers.DistinctAccounts),
        (SqlTransfers.ContestantName, SqlTransfers.HotAccount), (MartenAppends.ContestantName, null),
        (StateLedgers.ContestantName, StateLedgers.WorkloadOf(10)), (StateLedgers.ContestantName, StateLedgers.WorkloadOf(1_000)),
    ];

    public static IEnumerable<(string FileName, string Svg)> Of(IReadOnlyList<Row> rows)
    {
        var beside = s_beside.Select(line => Line(rows, line.Contestant, line.Workload)).OfType<Series>().ToList();
        if (beside.Count > 0)
        {
            yield return ("LoadByCallers.svg", new LineChart("Throughput against concurrency", Across, Up, beside).Svg());
        }

        foreach (var store in new[] { LedgerStore.PostgresName, LedgerStore.SqliteName })
        {
            var name = OurGrains.NameFor(store);
            var workloads = rows.Where(row => row.Contestant == name).Select(row => row.Setting.Workload).Distinct();
            var ours = workloads.Select(workload => Line(rows, name, workload) is { } line ? line with { Name = workload } : null).OfType<Series>().ToList();
            if (ours.Count > 0)
            {
                yield return ($"LoadByWorkload{store}.svg", new LineChart($"Ours through grains on {store}, by workload", Across, Up, ours).Svg());
            }
        }
    }

    private static Series? Line(IReadOnlyList<Row> rows, string contestant, string? workload)
    {
        var points = rows
            .Where(row => row.Contestant == contestant && row.Setting.Workload == (workload ?? row.Setting.Workload) && row.PerSecond > 0)
            .OrderBy(row => row.Setting.Callers)
            .Select(row => ((double)row.Setting.Callers, row.PerSecond))
            .ToList();
        return points.Count == 0 ? null : new(workload is null ? contestant : $"{contestant}, {workload}", points);
    }
}
