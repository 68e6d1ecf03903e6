using System.Collections.Concurrent;

namespace Ledger.Load.Workloads;

/// <summary>The workloads that our engine is measured with. Each store has a set of its own, which knows whose turn it is to earn and to spend there.</summary>
internal sealed class WorkloadSet
{
    /// <summary>The name of the workload that plots show.</summary>
    public const string Plotted = "mixed, even";

    private const int MerchantsOfATown = 100;

    private static readonly ConcurrentDictionary<(string Prefix, int Count), string[]> s_names = new();

    public WorkloadSet(int wallets)
    {
        var (zipf, even) = (new ZipfChoice(wallets), new EvenChoice(wallets));
        var (earners, spenders, both) = (Names("e", wallets), Names("s", wallets), Names("m", wallets));
        Earn = new("earn", Doing.Earn, earners, zipf, MerchantsOfATown);
        Spend = new("spend", Doing.Spend, spenders, zipf, MerchantsOfATown);
        HotMerchant = new("hot merchant", Doing.Spend, spenders, even, 1);
        SpreadMerchants = new("spread merchants", Doing.Spend, spenders, even, MerchantsOfATown);
        Mixed = new("mixed", Doing.EarnAndSpend, both, zipf, MerchantsOfATown);
        MixedEven = new(Plotted, Doing.EarnAndSpend, both, even, MerchantsOfATown);
    }

    public Workload Earn { get; }

    public Workload Spend { get; }

    /// <summary>Spends of many wallets, evenly chosen, at one merchant.</summary>
    public Workload HotMerchant { get; }

    /// <summary>The same at many merchants.</summary>
    public Workload SpreadMerchants { get; }

    public Workload Mixed { get; }

    /// <summary>As <see cref="Mixed"/>, with wallets chosen evenly: what a rival's "distinct accounts" is compared with.</summary>
    public Workload MixedEven { get; }

    /// <summary>All of them, in groups that share their residents.</summary>
    public IReadOnlyList<IReadOnlyList<Workload>> Groups => [[Earn], [Spend, HotMerchant], [Mixed, MixedEven]];

    private static string[] Names(string prefix, int count) => s_names.GetOrAdd(
        (prefix, count), static key => [.. Enumerable.Range(1, key.Count).Select(number => FormattableString.Invariant($"{key.Prefix}-{number}"))]);
}
