namespace Ledger.Load.Workloads;

/// <summary>With how many callers each workload is measured.</summary>
/// <param name="Each">Every workload.</param>
/// <param name="Plotted">The evenly mixed one beside these, for the plot.</param>
internal sealed record Concurrency(IReadOnlyList<int> Each, IReadOnlyList<int> Plotted)
{
    public IEnumerable<int> Of(Workload workload) => (workload.Name == WorkloadSet.Plotted ? Each.Concat(Plotted) : Each).Order();
}
