using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ledger.Accounts;
using Ledger.Grains.Journal;
using Ledger.Merchants;
using Ledger.Settlements;
using Ledger.Transactions;
using NodaTime;

namespace Ledger.Grains.Verification;

/// <summary>What the transactions of a journal moved to and from merchants, to compare with the movements that were kept and with the statements.</summary>
/// <remarks>Memory: some 60 bytes for each movement.</remarks>
/// <param name="findings">Is told what does not hold.</param>
internal sealed class MerchantBooks(Findings findings)
{
    private readonly Dictionary<UInt128, (LocalDate Day, string Stream, long Sequence)> _expected = [];
    private readonly Dictionary<MerchantId, SettlementCheck> _settlements = [];
    private readonly Dictionary<(MerchantId Merchant, LocalDate Day), (long Sales, Owed Captured, long Refunds, Owed Refunded)> _days = [];
    private readonly HashSet<string> _notReplayed = [];

    /// <summary>What a transaction of a wallet must have moved.</summary>
    public void Add(StreamId stream, Transaction transaction)
    {
        if (Movement.Of(transaction) is { } movement)
        {
            _expected.TryAdd(DigestOf(new(stream, transaction.Sequence, transaction.EffectiveAt, movement)), (movement.Day, stream.Name, transaction.Sequence));
        }
    }

    /// <summary>A wallet that could not be read: what it moved is not known.</summary>
    public void Skip(StreamId stream) => _notReplayed.Add(stream.Name);

    /// <summary>The statements of a merchant.</summary>
    public void Add(MerchantId merchant, SettlementCheck settlement) => _settlements.Add(merchant, settlement);

    /// <summary>Checks a movement that was kept.</summary>
    public void CheckKept(StoredMovement kept, IReadOnlyDictionary<MerchantId, LocalDate> closed)
    {
        Count(kept.Movement);
        if (_notReplayed.Contains(kept.Stream.Name))
        {
            return;
        }

        if (!_expected.Remove(DigestOf(kept), out var expected))
        {
            Found(VerificationCheck.Movements, kept.Stream.Name, kept.Sequence, "the movement that is kept of it is not what it moved, or is there twice");
            return;
        }

        var day = kept.Movement.Day;
        if (day != expected.Day && !(day > expected.Day && closed.TryGetValue(kept.Movement.Merchant, out var through) && day <= through.PlusDays(1)))
        {
            Found(VerificationCheck.Movements, kept.Stream.Name, kept.Sequence, $"it moved in the day {Text(expected.Day)}, and counts in {Text(day)} without being late");
        }
    }

    /// <summary>Checks what only all movements together show.</summary>
    public void End(IReadOnlyDictionary<MerchantId, LocalDate> closed, IReadOnlyDictionary<string, Int128> totals)
    {
        foreach (var (_, stream, sequence) in _expected.Values.Where(expected => !_notReplayed.Contains(expected.Stream)))
        {
            Found(VerificationCheck.Movements, stream, sequence, "nothing is kept of what it moved");
        }

        foreach (var (merchant, settlement) in _settlements)
        {
            CheckStatements(merchant, settlement, closed);
        }

        var open = OpenDays();
        foreach (var merchant in open.Keys.Union(_settlements.Keys))
        {
            CheckAccount(merchant, open.GetValueOrDefault(merchant), totals);
        }
    }

    // Each merchant with what its days without a statement come to, which may be none.
    private Dictionary<MerchantId, Int128> OpenDays()
    {
        var open = new Dictionary<MerchantId, Int128>();
        foreach (var ((merchant, day), sums) in _days)
        {
            var isClosed = day <= _settlements.GetValueOrDefault(merchant)?.Standing?.Through;
            open[merchant] = open.GetValueOrDefault(merchant) + (isClosed ? 0 : (Int128)sums.Captured.Points.Value - sums.Refunded.Points.Value);
        }

        return open;
    }

    private void CheckStatements(MerchantId merchant, SettlementCheck settlement, IReadOnlyDictionary<MerchantId, LocalDate> closed)
    {
        var stream = settlement.Stream.Name;
        foreach (var (sequence, statement) in settlement.Closings)
        {
            var day = _days.GetValueOrDefault((merchant, statement.Day), (0, Owed.Nothing, 0, Owed.Nothing));
            if (day != (statement.Sales, statement.Captured, statement.Refunds, statement.Refunded))
            {
                Found(
                    VerificationCheck.Settlements,
                    stream,
                    sequence,
                    $"the statement of {Text(statement.Day)} says {statement.Sales} sales of {statement.Captured} and {statement.Refunds} refunds of {statement.Refunded}, "
                    + $"its movements give {day.Item1} of {day.Item2} and {day.Item3} of {day.Item4}");
            }
        }

        if (settlement.Standing is { } standing && !(closed.TryGetValue(merchant, out var through) && through >= standing.Through))
        {
            Found(VerificationCheck.Settlements, stream, null, $"{Text(standing.Through)} has a statement, and is not closed for movements");
        }
    }

    // What was closed and not paid, and what is open, is what the account holds.
    private void CheckAccount(MerchantId merchant, Int128 open, IReadOnlyDictionary<string, Int128> totals)
    {
        var owed = open + (_settlements.GetValueOrDefault(merchant)?.Standing?.Owed.Points.Value ?? 0);
        var account = totals.GetValueOrDefault(Account.Merchant(merchant).Name);
        if (owed != account)
        {
            Found(VerificationCheck.Settlements, null, null, $"statements and open days of {merchant} come to {owed} points, its account holds {account}");
        }
    }

    private void Count(Movement movement)
    {
        var key = (movement.Merchant, movement.Day);
        var (sales, captured, refunds, refunded) = _days.GetValueOrDefault(key, (0, Owed.Nothing, 0, Owed.Nothing));
        var part = Owed.Of(movement.Points, movement.Money?.Currency, movement.Money?.MinorUnits ?? 0);
        _days[key] = movement.Points.IsPositive ? (sales + 1, captured + part, refunds, refunded) : (sales, captured, refunds + 1, refunded - part);
    }

    private void Found(VerificationCheck check, string? stream, long? sequence, string words) => findings.Add(check, stream, sequence, words);

    private static string Text(LocalDate day) => NodaTime.Text.LocalDatePattern.Iso.Format(day);

    // Of everything but the day. What tells them apart is an identifier or a number, so nothing runs together.
    private static UInt128 DigestOf(StoredMovement moved)
    {
        var (m, money) = (moved.Movement, moved.Movement.Money);
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{moved.Stream.Name}|{moved.Sequence}|{moved.At:uuuu'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffff}|{m.Kind}|{m.Merchant}|{m.Points}|{money?.MinorUnits}|{money?.Currency}|{m.Reference}|{m.Terminal}|{m.Cashier}");
        return BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
