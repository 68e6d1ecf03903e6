namespace Ledger.Load.Workloads;

/// <summary>What residents do.</summary>
internal enum Doing
{
    Earn,
    Spend,

    /// <summary>Every wallet earns and spends in turn, so that it neither grows nor runs dry.</summary>
    EarnAndSpend,
}

/// <summary>One command that is asked for.</summary>
/// <param name="Resident">Whose.</param>
/// <param name="Merchant">Where points are spent; null to earn.</param>
internal readonly record struct Asked(string Resident, string? Merchant);

/// <summary>Which commands are asked for: who does what, and where. May be used by many callers at once.</summary>
/// <param name="name">For the tables.</param>
/// <param name="doing">What residents do.</param>
/// <param name="residents">The residents; those of one workload do nothing else.</param>
/// <param name="wallets">Which of them is next.</param>
/// <param name="merchants">How many merchants there are.</param>
internal sealed class Workload(string name, Doing doing, IReadOnlyList<string> residents, IWalletChoice wallets, int merchants)
{
    /// <summary>Points of one spend, and what one unit of the activity earns.</summary>
    public const int PointsEach = 10;

    private readonly string[] _merchants = [.. Enumerable.Range(1, merchants).Select(number => FormattableString.Invariant($"shop-{number}"))];
    private readonly int[] _turns = new int[residents.Count];

    public string Name => name;

    public Doing Doing => doing;

    public IReadOnlyList<string> Residents => residents;

    public IReadOnlyList<string> Merchants => _merchants;

    public Asked Next()
    {
        var place = wallets.Next(Random.Shared);
        var spends = doing == Doing.Spend || (doing == Doing.EarnAndSpend && Interlocked.Increment(ref _turns[place]) % 2 == 0);
        return new(residents[place], spends ? _merchants[Random.Shared.Next(_merchants.Length)] : null);
    }
}
