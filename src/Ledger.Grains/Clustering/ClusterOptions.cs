namespace Ledger.Grains.Clustering;

/// <summary>
/// How several processes on one PostgreSQL find each other; section <c>Ledger:Cluster</c>. Not used with SQLite, which one process holds.
/// </summary>
/// <remarks>
/// Who joins needs nothing but the same database, the same <see cref="Id"/>, and an address that the others reach. The defaults take a killed
/// silo for dead after about three seconds and a frozen one after about nine; shorter times need processors that are never throttled.
/// </remarks>
public sealed record ClusterOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Ledger:Cluster";

    /// <summary>Which cluster. Default: <c>ledger</c>. All processes on one database must name the same.</summary>
    public string Id { get; init; } = "ledger";

    /// <summary>
    /// Where other silos reach this one: an IP address, or a name that has one. Default: the loopback address, for silos on one machine.
    /// </summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>How often a silo asks another one whether it lives, and how long it waits. Default: 2 s.</summary>
    public TimeSpan ProbeEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The longest that a probe may take while the runtime adapts it; times <see cref="MissedProbesMax"/> it bounds how long a frozen silo
    /// whose connections stay open is believed. Default: 3 s.
    /// </summary>
    public TimeSpan ProbeTimeoutMax { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Probes that may be missed in turn. Default: 3.</summary>
    public int MissedProbesMax { get; init; } = 3;

    /// <summary>How often the list of silos is read without a reason. Default: 10 s.</summary>
    public TimeSpan RefreshEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an answer from another silo may take before the caller hears "try again". Default: 10 s.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether every number is one that a cluster can work with.</summary>
    internal bool IsValid() =>
        Id.Length > 0 && Address.Length > 0 && MissedProbesMax > 0
        && ProbeEvery > TimeSpan.Zero && ProbeTimeoutMax >= ProbeEvery && RefreshEvery > TimeSpan.Zero && AnswerWithin > TimeSpan.Zero;
}
