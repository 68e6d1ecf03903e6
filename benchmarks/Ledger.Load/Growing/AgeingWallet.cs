using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Ledger.Load.Loops;
using Ledger.Load.Ours;
using Ledger.Load.Questions;
using Ledger.Load.Results;

namespace Ledger.Load.Growing;

/// <summary>Does a command cost more when the wallet has a long past? Does loading?</summary>
internal sealed class AgeingWallet(int transactions) : IQuestion
{
    private const int Youngest = 100;
    private const int TransactionsPerSet = 500;

    // So few that the young stay young: each of the pairs adds two transactions.
    private const int PairsPerAge = 1_000;
    private const int PairsPerYoungWallet = 25;
    private const int LoadsPerAge = 21;

    private readonly List<Series> _lines = [];

    public string Name => "history";

    public string Title => "A wallet grows old";

    public string About =>
        "Earn and spend in turn, one caller, wallets of all ages in turn, so that each has the same hour; milliseconds until durable. "
        + "*Allocated* is what the process allocates for one command. *Loading* is the first reading after the wallet has left memory.";

    public IReadOnlyList<string> Columns =>
        ["past transactions", "earn p50 ms", "spend p50 ms", "against youngest", "allocated bytes", "against youngest", "loading p50 ms", "against youngest"];

    public (string FileName, LineChart Chart)? Chart =>
        ("LoadByHistory.svg", new("Cost of a command and of loading against history", "past transactions of the wallet", "milliseconds (median)", _lines));

    public async Task<IReadOnlyList<IReadOnlyList<string>>> Measure(StoreMaker stores, CancellationToken cancellation)
    {
        await using var store = await stores.Make();
        await using var host = await LedgerHost.Start(store, cancellation);
        var commands = new Commands();
        var ages = Ages().Select(age => new Age(age, Math.Max(PairsPerAge / PairsPerYoungWallet * Youngest / age, 1))).ToList();
        foreach (var age in ages)
        {
            foreach (var resident in age.Residents)
            {
                await Grow(host, commands, resident, age.Transactions);
            }
        }

        for (var pair = 0; pair < PairsPerAge; pair++)
        {
            foreach (var age in ages)
            {
                await age.Measure(host, commands, pair);
            }
        }

        await MeasureLoading(host, ages);
        _lines.AddRange(
        [
            new($"earn, {stores.Kind}", [.. ages.Select(age => ((double)age.Transactions, age.Earns.Milliseconds(0.5)))]),
            new($"spend, {stores.Kind}", [.. ages.Select(age => ((double)age.Transactions, age.Spends.Milliseconds(0.5)))]),
            new($"loading, {stores.Kind}", [.. ages.Select(age => ((double)age.Transactions, age.Loads.Milliseconds(0.5)))]),
        ]);
        return [.. ages.Select(age => age.Row(ages[0]))];
    }

    private IEnumerable<int> Ages()
    {
        for (var age = Youngest; age < transactions; age *= 10)
        {
            yield return age;
        }

        yield return transactions;
    }

    private static async Task Grow(LedgerHost host, Commands commands, string resident, int wanted)
    {
        for (var done = 0; done < wanted; done += TransactionsPerSet)
        {
            var set = Enumerable.Range(0, Math.Min(TransactionsPerSet, wanted - done))
                .Select(number => number % 2 == 0 ? commands.Earn(resident, 1) : commands.Spend(resident, "shop-1"))
                .ToImmutableArray();
            await host.Wallet(resident).SendMany(set);
        }
    }

    // Wallets leave memory with a snapshot, as after a quiet quarter of an hour.
    private static async Task MeasureLoading(LedgerHost host, List<Age> ages)
    {
        for (var i = 0; i < LoadsPerAge; i++)
        {
            await host.Forget();
            foreach (var age in ages)
            {
                var begun = Stopwatch.GetTimestamp();
                await host.Wallet(age.Residents[0]).Read();
                age.Loads.Add(Stopwatch.GetElapsedTime(begun));
            }
        }
    }

    private sealed class Age(int transactions, int wallets)
    {
        private long _allocated;

        public int Transactions => transactions;

        public string[] Residents { get; } = [.. Enumerable.Range(1, wallets).Select(number => FormattableString.Invariant($"age-{transactions}-{number}"))];

        public Latencies Earns { get; } = new();

        public Latencies Spends { get; } = new();

        public Latencies Loads { get; } = new();

        private double Command => (Earns.Milliseconds(0.5) + Spends.Milliseconds(0.5)) / 2;

        private double AllocatedEach => _allocated / 2.0 / PairsPerAge;

        public async Task Measure(LedgerHost host, Commands commands, int pair)
        {
            var resident = Residents[pair % Residents.Length];
            var before = GC.GetTotalAllocatedBytes();
            await Time(host, commands.Earn(resident, 1), Earns);
            await Time(host, commands.Spend(resident, "shop-1"), Spends);
            _allocated += GC.GetTotalAllocatedBytes() - before;
        }

        public IReadOnlyList<string> Row(Age youngest) =>
        [
            Text($"{transactions:n0}"), Text($"{Earns.Milliseconds(0.5):n2}"), Text($"{Spends.Milliseconds(0.5):n2}"),
            Text($"{Command / youngest.Command:n2}"), Text($"{AllocatedEach:n0}"), Text($"{AllocatedEach / youngest.AllocatedEach:n2}"),
            Text($"{Loads.Milliseconds(0.5):n2}"), Text($"{Loads.Milliseconds(0.5) / youngest.Loads.Milliseconds(0.5):n2}"),
        ];

        private static async Task Time(LedgerHost host, Ledger.Wallets.CommandEnvelope envelope, Latencies latencies)
        {
            var begun = Stopwatch.GetTimestamp();
            await host.Wallet(envelope.Resident.Value).Send(envelope);
            latencies.Add(Stopwatch.GetElapsedTime(begun));
        }

        private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
    }
}
