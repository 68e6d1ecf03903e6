using Ledger.Stocks;
using Ledger.Transactions;
using Ledger.Wallets;

namespace Ledger.Grains.Verification;

/// <summary>Redemptions of limited rewards, as wallets and stocks tell of them: what was sold was redeemed, and what was redeemed is not free.</summary>
internal sealed class SoldStocks
{
    private readonly Dictionary<RedemptionId, RewardRedeemed> _redeemed = [];
    private readonly HashSet<RedemptionId> _back = [];
    private readonly HashSet<RedemptionId> _unpaid = [];
    private readonly Dictionary<RedemptionId, Told> _told = [];
    private readonly Dictionary<RewardId, (long Sequence, long Sold)> _last = [];

    // Transactions of the wallet that is being read, which comes whole before the next.
    private readonly Dictionary<long, RedemptionId> _made = [];

    /// <summary>What a wallet tells.</summary>
    public void Add(Transaction transaction)
    {
        if (transaction.Sequence == 1)
        {
            _made.Clear();
        }

        foreach (var happened in transaction.Events)
        {
            switch (happened)
            {
                case RewardRedeemed { FromStock: true } made:
                    _redeemed[made.Redemption] = made;
                    _made[transaction.Sequence] = made.Redemption;
                    if (made.Price.Cash is not null)
                    {
                        _unpaid.Add(made.Redemption);
                    }

                    break;
                case RedemptionMoved moved:
                    _unpaid.Remove(moved.Redemption);
                    break;
                case RedemptionCancelled { KeepsStock: false } cancelled:
                    _back.Add(cancelled.Redemption);
                    break;
                case HoldReleased { How: HoldEnd.TimedOut } released when _made.TryGetValue(released.Of, out var redemption):
                    _back.Add(redemption);
                    break;
            }
        }
    }

    /// <summary>What a stock tells.</summary>
    public void Add(RewardId reward, long sequence, StockEvent happened)
    {
        _last[reward] = (sequence, happened.After.Sold);
        switch (happened)
        {
            case StockReserved e:
                _told[e.Redemption] = new(reward, sequence, e.Quantity, Fate.Kept);
                break;
            case StockRecalled e:
                _told[e.Redemption] = new(reward, sequence, e.Quantity, Fate.Kept);
                break;
            case StockSold e:
                _told[e.Redemption] = new(reward, sequence, e.Quantity, Fate.Sold);
                break;
            case StockFreed e:
                _told[e.Redemption] = new(reward, sequence, e.Quantity, Fate.Free);
                break;
        }
    }

    public void Check(Findings findings)
    {
        foreach (var (redemption, told) in _told.OrderBy(one => one.Value.Reward.Value, StringComparer.Ordinal).ThenBy(one => one.Value.Sequence))
        {
            if (ProblemOf(redemption, told) is { } problem)
            {
                findings.Add(VerificationCheck.Stocks, StreamId.OfStock(default, told.Reward).Name, told.Sequence, problem);
            }
        }

        var soldOf = _told.Values.Where(told => told.Fate == Fate.Sold).ToLookup(told => told.Reward, told => (long)told.Quantity);
        foreach (var (reward, last) in _last.OrderBy(one => one.Key.Value, StringComparer.Ordinal))
        {
            var sold = soldOf[reward].Sum();
            if (sold != last.Sold)
            {
                findings.Add(VerificationCheck.Stocks, StreamId.OfStock(default, reward).Name, last.Sequence, $"{last.Sold} are sold, {sold} of them to redemptions");
            }
        }

        foreach (var redemption in _redeemed.Keys.Except(_told.Keys).OrderBy(redemption => redemption.Value, StringComparer.Ordinal))
        {
            findings.Add(
                VerificationCheck.Stocks, StreamId.OfStock(default, _redeemed[redemption].Reward).Name, null, $"redemption {redemption} took of it, it knows nothing of that");
        }
    }

    private string? ProblemOf(RedemptionId redemption, Told told) => (told.Fate, _redeemed.GetValueOrDefault(redemption)) switch
    {
        (Fate.Sold, null) => $"redemption {redemption} is sold, and no wallet redeemed it",
        (_, { } made) when made.Reward != told.Reward || made.Quantity != told.Quantity =>
            $"redemption {redemption} took {made.Quantity} of {made.Reward}, here it is {told.Quantity}",
        (Fate.Sold, not null) when _back.Contains(redemption) => $"redemption {redemption} is sold, and was cancelled or never paid",
        (Fate.Sold, not null) when _unpaid.Contains(redemption) => $"redemption {redemption} is sold, and waits for its cash",
        (Fate.Free, not null) when !_back.Contains(redemption) => $"redemption {redemption} was redeemed, and what it took is free",
        _ => null,
    };

    private enum Fate
    {
        Kept,
        Sold,
        Free,
    }

    private readonly record struct Told(RewardId Reward, long Sequence, int Quantity, Fate Fate);
}
