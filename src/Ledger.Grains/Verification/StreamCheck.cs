using Ledger.Accounts;
using Ledger.Grains.Journal;
using Ledger.Grains.Wallets;
using Ledger.Rewards;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Grains.Verification;

/// <summary>Checks the rows of one stream, one after the other.</summary>
/// <param name="stream">Which one.</param>
/// <param name="drawn">Is told what awards drew from budgets.</param>
/// <param name="merchants">Is told what moved to and from merchants, and their statements.</param>
/// <param name="gifts">Is told what was given and what arrived.</param>
/// <param name="stocks">Is told what was redeemed of limited rewards, and what their stocks say.</param>
/// <param name="pools">Is told what members of households paid together, and what their households say.</param>
/// <param name="findings">Is told what does not hold.</param>
internal sealed class StreamCheck(
    StreamId stream, DrawnBudgets drawn, MerchantBooks merchants, ExchangedGifts gifts, SoldStocks stocks, PooledShares pools, Findings findings)
{
    private readonly Dictionary<(Account Account, LotId Lot), Int128> _lots = [];
    private readonly bool _isWallet = stream.Resident is not null;
    private readonly SettlementCheck? _settlement = stream.Settlement is null ? null : new(stream, findings);
    private readonly StockCheck? _stock = stream.Stock is null ? null : new(stream, stocks, findings);
    private readonly HouseholdCheck? _household = stream.Household is null ? null : new(stream, pools, findings);
    private WalletState? _wallet = WalletState.Empty;
    private ReadOnlyMemory<byte> _hash = HashChain.Start;
    private Instant _at = Instant.MinValue;
    private long _sequence;
    private Int128 _available;
    private Int128 _pending;
    private Int128 _held;
    private Int128 _debt;

    public StreamId Stream => stream;

    /// <summary>The hash of the last row.</summary>
    public ReadOnlyMemory<byte> Hash => _hash;

    /// <summary>When somebody has to come by; null for never, or when the replay broke off.</summary>
    public Instant? NextDue => _stock is { } stock ? stock.NextLook : _household is { } household ? household.NextLook : _wallet?.NextCall;

    /// <summary>The references that must stand for transactions of this stream.</summary>
    public List<StoredReference> References { get; } = [];

    /// <summary>What was redeemed in the wallet, as its merchants' lists must have it.</summary>
    public Dictionary<long, StoredRedemption> Redemptions { get; } = [];

    /// <summary>What the wallet has waiting for a decision.</summary>
    public IEnumerable<UndecidedEntry> Undecided => _wallet?.Undecided ?? [];

    /// <summary>Whether every row so far could be replayed.</summary>
    public bool IsReplayed => _stock?.IsReplayed ?? _household?.IsReplayed ?? _wallet is not null;

    public void Add(JournalRow row)
    {
        CheckChain(row);
        if (stream.Reference is { } voided)
        {
            References.Add(StoredReference.Of(voided, stream, row.Sequence));
        }

        if (_settlement?.Add(row) is { } closing)
        {
            References.Add(closing);
        }

        if (_stock?.Add(row) is { } never)
        {
            References.Add(never);
        }

        if (_household?.Add(row) is { } pooled)
        {
            References.Add(pooled);
        }

        if (_isWallet)
        {
            CheckWallet(row);
        }
    }

    /// <summary>Checks what only the whole stream shows.</summary>
    public void End()
    {
        if (_settlement is not null)
        {
            merchants.Add(stream.Settlement!.Value, _settlement);
        }

        if (_household?.Standing is { } standing)
        {
            pools.Add(stream.Household!.Value, standing);
        }

        if (!_isWallet || _wallet is not { } wallet)
        {
            return;
        }

        if (wallet.Membership is { } membership)
        {
            pools.Add(stream.Resident!.Value, membership.Household);
        }

        foreach (var lot in wallet.Lots)
        {
            CheckLot(Account.Available, lot.Id, lot.Open);
        }

        foreach (var lot in wallet.Pending)
        {
            CheckLot(Account.Pending, lot.Id, lot.Points);
        }

        foreach (var lot in wallet.Holds.SelectMany(hold => hold.Lots).GroupBy(slice => slice.Lot))
        {
            CheckLot(Account.Held, lot.Key, lot.Aggregate(Points.Zero, (sum, slice) => sum + slice.Points));
        }

        foreach (var entry in wallet.Undecided.Where(entry => entry.Award is not null))
        {
            CheckLot(Account.Pending, new(entry.Of), entry.Points);
        }

        foreach (var ((account, lot), posted) in _lots)
        {
            Found(VerificationCheck.Lots, null, $"lot {lot} is not open in {account}, its postings leave {posted}");
        }
    }

    private void CheckLot(Account account, LotId lot, Points points)
    {
        _lots.Remove((account, lot), out var posted);
        if (posted != points.Value)
        {
            Found(VerificationCheck.Lots, null, $"lot {lot} holds {points} in {account}, its postings leave {posted}");
        }
    }

    private void CheckChain(JournalRow row)
    {
        if (row.Sequence != _sequence + 1)
        {
            Found(VerificationCheck.Sequences, row.Sequence, $"follows transaction {_sequence}");
        }

        if (!HashChain.Compute(row, _hash.Span).AsSpan().SequenceEqual(row.Hash.Span))
        {
            Found(VerificationCheck.Hashes, row.Sequence, "the hash does not cover this content after the transaction before it");
        }

        if (row.EffectiveAt < _at)
        {
            Found(VerificationCheck.Times, row.Sequence, $"counts from {row.EffectiveAt}, the one before it from {_at}");
        }

        (_sequence, _hash, _at) = (row.Sequence, row.Hash, row.EffectiveAt);
    }

    private void CheckWallet(JournalRow row)
    {
        AddPostings(row);
        if (Read(row) is not { } transaction)
        {
            _wallet = null;
            return;
        }

        drawn.Add(transaction);
        merchants.Add(stream, transaction);
        gifts.Add(stream, transaction);
        stocks.Add(transaction);
        pools.Add(stream, transaction);
        CheckMeaning(row, transaction);
        if (StoredReference.Of(transaction, stream) is { } reference)
        {
            References.Add(reference);
        }

        var expected = Postings.Of(transaction.Events);
        if (!expected.SequenceEqual(row.Postings))
        {
            Found(VerificationCheck.Postings, row.Sequence, $"the events give {Words(expected)}, stored is {Words(row.Postings)}");
        }

        Replay(transaction);
    }

    private Transaction? Read(JournalRow row)
    {
        try
        {
            var transaction = row.ToTransaction();
            if (!transaction.Events.IsDefaultOrEmpty)
            {
                return transaction;
            }

            Found(VerificationCheck.Events, row.Sequence, "there is no event");
        }
        catch (Exception failure) when (Findings.IsUnreadable(failure))
        {
            Found(VerificationCheck.Events, row.Sequence, $"the events cannot be read: {failure.Message}");
        }

        return null;
    }

    private void CheckMeaning(JournalRow row, Transaction transaction)
    {
        var last = transaction.Deed;
        var outcome = last switch
        {
            CommandRefused refused => refused.Refusal.Code,
            ReversalWaiting or AdjustmentProposed => Transaction.Waiting,
            _ => Transaction.Accepted,
        };
        if (row.Outcome != outcome)
        {
            Found(VerificationCheck.Events, row.Sequence, $"the outcome is recorded as {row.Outcome}, the events say {outcome}");
        }

        // An earning that is reversed as soon as it comes refers to nothing: it is the earning's own transaction.
        var refersTo = last switch
        {
            EarningReversed reversed when reversed.Of != row.Sequence => reversed.Of,
            SpendRefunded refunded => refunded.Of,
            HoldRepeated repeated => repeated.Of,
            HoldCaptured captured => captured.Of,
            HoldReleased { How: not HoldEnd.TimedOut } released => released.Of,
            RedemptionMoved moved => moved.Of,
            RedemptionCancelled cancelled => cancelled.Of,
            AwardApproved { By: not null } approved => approved.Of,
            EntryRejected { By: not null } rejected => rejected.Of,
            PointsAdjusted adjusted => adjusted.Of,
            GiftDelivered delivered => delivered.Of,
            GiftReturned returned => returned.Of,
            _ => null as long?,
        };
        if (row.RefersTo != refersTo)
        {
            Found(VerificationCheck.Events, row.Sequence, $"refers to transaction {Or(row.RefersTo)}, the events to {Or(refersTo)}");
        }
    }

    private void Replay(Transaction transaction)
    {
        if (_wallet is not { } wallet)
        {
            return;
        }

        foreach (var redemption in Redemption.ChangedBy(transaction, wallet.Redemptions))
        {
            Redemptions[redemption.Sequence] = redemption.ToStored(stream);
        }

        try
        {
            _wallet = Wallet.Evolve(wallet, transaction);
        }
        catch (Exception failure) when (failure is InvalidOperationException or OverflowException or ArgumentException)
        {
            Found(VerificationCheck.Replay, transaction.Sequence, $"{failure.Message} Nothing after it in this wallet is replayed.");
            _wallet = null;
            return;
        }

        if (_wallet.Balances != transaction.After)
        {
            Found(VerificationCheck.Balances, transaction.Sequence, $"recorded is {Words(transaction.After)}, the replay gives {Words(_wallet.Balances)}");
        }
    }

    private void AddPostings(JournalRow row)
    {
        foreach (var posting in row.Postings)
        {
            Move(posting.From, -(Int128)posting.Points.Value, posting.Lot, row.Sequence);
            Move(posting.To, posting.Points.Value, posting.Lot, row.Sequence);
        }

        var after = row.After;
        if (after.Available.Value != _available || after.Pending.Value != _pending || after.Held.Value != _held || -(Int128)after.Debt.Value != _debt)
        {
            Found(
                VerificationCheck.Balances,
                row.Sequence,
                $"recorded is {Words(after)}, the postings give available {_available}, pending {_pending}, held {_held}, debt {-_debt}");
        }

        if (_available < 0 || _pending < 0 || _held < 0 || _debt > 0)
        {
            Found(VerificationCheck.Balances, row.Sequence, "an account is on the wrong side of zero");
        }
    }

    private void Move(Account account, Int128 points, LotId? lot, long sequence)
    {
        if (account == Account.Available)
        {
            _available += points;
            MoveLot(account, points, lot, sequence);
        }
        else if (account == Account.Pending)
        {
            _pending += points;
            MoveLot(account, points, lot, sequence);
        }
        else if (account == Account.Held)
        {
            _held += points;
            MoveLot(account, points, lot, sequence);
        }
        else if (account == Account.Debt)
        {
            _debt += points;
        }
    }

    private void MoveLot(Account account, Int128 points, LotId? lot, long sequence)
    {
        if (lot is not { } id)
        {
            Found(VerificationCheck.Lots, sequence, $"points move in or out of {account} without naming their lot");
            return;
        }

        var left = _lots.GetValueOrDefault((account, id)) + points;
        if (left < 0)
        {
            Found(VerificationCheck.Lots, sequence, $"lot {id} gives {-left} more than it holds");
        }

        if (left == 0)
        {
            _lots.Remove((account, id));
        }
        else
        {
            _lots[(account, id)] = left;
        }
    }

    private void Found(VerificationCheck check, long? sequence, string words) => findings.Add(check, stream.Name, sequence, words);

    private static string Or(long? sequence) => sequence?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none";

    private static string Words(Balances balances) =>
        $"available {balances.Available}, pending {balances.Pending}, held {balances.Held}, debt {balances.Debt}";

    private static string Words(IReadOnlyList<Posting> postings)
    {
        const int Shown = 4;
        var words = postings.Take(Shown).Select(posting => $"{posting.Points} {posting.From} → {posting.To}{(posting.Lot is { } lot ? $" (lot {lot})" : "")}");
        return postings.Count == 0 ? "nothing" : string.Join(", ", words) + (postings.Count > Shown ? $" and {postings.Count - Shown} more" : "");
    }
}
