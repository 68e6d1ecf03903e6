using Ledger.Replays;

namespace Ledger.Grains.Replays;

/// <summary>What a community's past would have been under another programme. Unit: points.</summary>
public sealed class ReplayReport
{
    /// <summary>Residents that are named where the difference is largest, on either side.</summary>
    public const int NamedMax = 10;

    private readonly Dictionary<ActivityType, ReplayedActivities> _activities = [];
    private readonly List<ReplayedResident> _named = [];

    /// <summary>Transactions that were read.</summary>
    public long Transactions { get; private set; }

    /// <summary>Residents with a wallet.</summary>
    public long Residents { get; private set; }

    /// <summary>Residents who would have been credited more.</summary>
    public long Winners { get; private set; }

    /// <summary>Residents who would have been credited less.</summary>
    public long Losers { get; private set; }

    /// <summary>Activities of the period, by type.</summary>
    public IReadOnlyDictionary<ActivityType, ReplayedActivities> Activities => _activities;

    /// <summary>All activities together.</summary>
    public ReplayedActivities All { get; private set; }

    /// <summary>What residents had at the end of the period: what the community owes them.</summary>
    public Int128 Balance { get; private set; }

    /// <summary>What they would have had.</summary>
    public Int128 BalanceThen { get; private set; }

    /// <summary>Spends that would not have been possible.</summary>
    public long SpendsMissed { get; private set; }

    /// <summary>The points of those spends.</summary>
    public Int128 PointsMissed { get; private set; }

    /// <summary>Those who would have gained most, most first.</summary>
    public IEnumerable<ReplayedResident> MostGained =>
        _named.Where(named => named.Difference.IsPositive).OrderByDescending(named => named.Difference).ThenBy(named => named.Resident.Value, StringComparer.Ordinal);

    /// <summary>Those who would have lost most, most first.</summary>
    public IEnumerable<ReplayedResident> MostLost =>
        _named.Where(named => named.Difference < Points.Zero).OrderBy(named => named.Difference).ThenBy(named => named.Resident.Value, StringComparer.Ordinal);

    internal void Add(ResidentId resident, ReplayedWallet wallet, long transactions)
    {
        Transactions += transactions;
        Residents++;
        Add(wallet.Activities);
        (Balance, BalanceThen) = (Balance + wallet.Balance.Value, BalanceThen + wallet.BalanceThen.Value);
        (SpendsMissed, PointsMissed) = (SpendsMissed + wallet.SpendsMissed, PointsMissed + wallet.PointsMissed.Value);
        Name(new(resident, wallet.Credited, wallet.CreditedThen));
    }

    internal void Add(ReplayReport other)
    {
        Transactions += other.Transactions;
        Residents += other.Residents;
        Add(other.Activities);
        (Balance, BalanceThen) = (Balance + other.Balance, BalanceThen + other.BalanceThen);
        (SpendsMissed, PointsMissed) = (SpendsMissed + other.SpendsMissed, PointsMissed + other.PointsMissed);
        (Winners, Losers) = (Winners + other.Winners, Losers + other.Losers);
        _named.AddRange(other._named);
        Shorten();
    }

    private void Add(IEnumerable<KeyValuePair<ActivityType, ReplayedActivities>> activities)
    {
        foreach (var (activity, replayed) in activities)
        {
            _activities[activity] = _activities.GetValueOrDefault(activity) + replayed;
            All += replayed;
        }
    }

    private void Name(ReplayedResident resident)
    {
        if (resident.Difference.IsZero)
        {
            return;
        }

        (Winners, Losers) = resident.Difference.IsPositive ? (Winners + 1, Losers) : (Winners, Losers + 1);
        _named.Add(resident);
        if (_named.Count > 100 * NamedMax)
        {
            Shorten();
        }
    }

    private void Shorten()
    {
        ReplayedResident[] kept = [.. MostGained.Take(NamedMax), .. MostLost.Take(NamedMax)];
        _named.Clear();
        _named.AddRange(kept);
    }
}

/// <summary>One resident's difference.</summary>
/// <param name="Resident">Who.</param>
/// <param name="Credited">What was credited in the period.</param>
/// <param name="CreditedThen">What would have been credited.</param>
public sealed record ReplayedResident(ResidentId Resident, Points Credited, Points CreditedThen)
{
    /// <summary>What would have been more; negative for less.</summary>
    public Points Difference => CreditedThen - Credited;
}
