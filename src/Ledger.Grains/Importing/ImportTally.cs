using System.Collections.Immutable;
using Ledger.Grains.Wallets;
using Ledger.Transactions;
using Ledger.Wallets;

namespace Ledger.Grains.Importing;

/// <summary>Counts what becomes of rows while an import runs. May be read at any time.</summary>
public sealed class ImportTally
{
    private readonly Lock _door = new();
    private readonly SortedDictionary<string, long> _refused = new(StringComparer.Ordinal);
    private long _done;
    private long _alreadyImported;
    private long _recorded;
    private long _earned;
    private long _clipped;
    private long _spent;
    private long _reversed;
    private long _excess;

    /// <summary>Rows that need nothing more.</summary>
    public long Done => Interlocked.Read(ref _done);

    internal void AddKnown(long rows)
    {
        lock (_door)
        {
            _done += rows;
            _alreadyImported += rows;
        }
    }

    /// <summary>Counts the answer to one command.</summary>
    /// <param name="envelope">The command.</param>
    /// <param name="result">Its result.</param>
    /// <param name="sentBefore">Whether this import had sent it before, so that a replay is its own doing.</param>
    internal void Add(CommandEnvelope envelope, CommandResult result, bool sentBefore)
    {
        lock (_door)
        {
            _done++;
            if (result is CommandResult.Recorded recorded && (sentBefore || !recorded.Replayed))
            {
                _recorded++;
                Add(envelope, recorded.Transaction);
            }
            else
            {
                _alreadyImported++;
            }
        }
    }

    internal ImportReport ToReport(ImportFile file)
    {
        lock (_door)
        {
            return new()
            {
                Rows = file.Rows,
                BadRows = file.BadRows,
                Duplicates = file.Duplicates,
                AlreadyImported = _alreadyImported,
                Recorded = _recorded,
                Earned = _earned,
                EarnsClipped = _clipped,
                Spent = _spent,
                Reversed = _reversed,
                ReverseExcessPoints = _excess,
                Refused = _refused.ToImmutableSortedDictionary(StringComparer.Ordinal),
            };
        }
    }

    private void Add(CommandEnvelope envelope, Transaction transaction)
    {
        switch (transaction.Events[^1])
        {
            case CommandRefused refused:
                _refused[refused.Refusal.Code] = _refused.GetValueOrDefault(refused.Refusal.Code) + 1;
                break;
            case PointsEarned earned:
                _earned++;
                _clipped += earned.Issued < earned.Computed ? 1 : 0;
                break;
            case PointsSpent:
                _spent++;
                break;
            case EarningReversed reversed:
                _reversed++;
                _excess += Excess(envelope.Command, reversed.Claimed);
                break;
            case SpendRefunded refunded:
                _reversed++;
                _excess += Excess(envelope.Command, refunded.Points);
                break;
        }
    }

    private static long Excess(WalletCommand command, Points taken) => command switch
    {
        ReverseEarning { Points: { } asked } => (asked - taken).Value,
        RefundSpend { Points: { } asked } => (asked - taken).Value,
        _ => 0,
    };
}
