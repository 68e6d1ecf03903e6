using System.Security.Cryptography;
using System.Text;
using Ledger.Budgets;
using Ledger.Grains.Journal;
using Ledger.Grains.Wallets;
using Ledger.Transactions;
using NodaTime;

namespace Ledger.Grains.Verification;

/// <summary>Proves a community's books from its journal alone, and says what does not hold.</summary>
/// <remarks>Memory: one wallet at a time, 16 bytes for each transaction, every reference (of merchants, redemptions, statements and counted entries), gift, redemption and pooled spend, and some 60 bytes for each movement of a merchant.</remarks>
/// <param name="journal">The journal; on a store that is open for reading only, everything is read from one moment, also beside a running service.</param>
/// <param name="inspection">What the journal keeps beside its rows; null where it cannot be laid open, and then that is not checked.</param>
public sealed class JournalVerifier(IJournal journal, IJournalInspection? inspection)
{
    /// <summary>Checks everything.</summary>
    /// <param name="community">Whose books.</param>
    /// <param name="progress">Is told the number of transactions read, now and then; null for nobody.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    public async Task<VerificationReport> Verify(
        CommunityId community, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        var books = new Books(progress);
        await foreach (var row in journal.ReadAll(community, cancellation))
        {
            books.Add(row);
        }

        books.EndOfRows();
        books.CheckGifts();
        books.CheckStocks();
        books.CheckHouseholds();
        books.CheckTotals(await journal.ReadTotals(community, cancellation));
        books.CheckBudgets(await journal.ReadBudgets(community, cancellation));
        books.CheckApprovals(await journal.ReadApprovals(community, null, null, int.MaxValue, cancellation));
        if (inspection is not null)
        {
            books.CheckDue(await inspection.ReadDueTimes(community, cancellation));
            var closed = await inspection.ReadClosedDays(community, cancellation);
            await inspection.ReadMovements(community, kept => books.CheckMovement(kept, closed), cancellation);
            books.CheckMerchants(closed);
            await inspection.ReadRedemptions(community, books.CheckRedemption, cancellation);
            books.CheckRedemptions();
            books.CheckReferences(await inspection.ReadReferences(community, cancellation));
            books.CheckStorage(await inspection.InspectStorage(community, cancellation));
        }

        return books.Report(community);
    }

    private sealed class Books
    {
        private const int RowsPerReport = 10_000;

        private readonly IProgress<long>? _progress;
        private readonly Findings _findings = new();
        private readonly MerchantBooks _merchants;
        private readonly List<KeyHash> _keys = [];
        private readonly Dictionary<string, Int128> _totals = [];
        private readonly Dictionary<StreamId, Instant> _due = [];
        private readonly HashSet<StreamId> _notReplayed = [];
        private readonly HashSet<StoredReference> _references = [];
        private readonly HashSet<StoredRedemption> _redemptions = [];
        private readonly Dictionary<RowPlace, StoredApproval> _approvals = [];
        private readonly DrawnBudgets _drawn = new();
        private readonly ExchangedGifts _gifts = new();
        private readonly SoldStocks _stocks = new();
        private readonly PooledShares _pools = new();
        private readonly IncrementalHash _digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private StreamCheck? _stream;
        private long _streams;
        private long _postings;

        public Books(IProgress<long>? progress) => (_progress, _merchants) = (progress, new(_findings));

        public void Add(JournalRow row)
        {
            if (_stream?.Stream != row.Stream)
            {
                EndStream();
                _stream = new(row.Stream, _drawn, _merchants, _gifts, _stocks, _pools, _findings);
                _streams++;
            }

            _stream.Add(row);
            _keys.Add(row.Key.HashIn(row.Stream.Community));
            AddTotals(row);
            if (_keys.Count % RowsPerReport == 0)
            {
                _progress?.Report(_keys.Count);
            }
        }

        public void EndOfRows()
        {
            EndStream();
            _progress?.Report(_keys.Count);
            CheckKeys();
        }

        public void CheckTotals(IReadOnlyDictionary<string, long> kept)
        {
            foreach (var account in _totals.Keys.Union(kept.Keys).Order(StringComparer.Ordinal))
            {
                var (posted, total) = (_totals.GetValueOrDefault(account), kept.GetValueOrDefault(account));
                if (posted != total)
                {
                    _findings.Add(VerificationCheck.Totals, null, null, $"account {account} has the total {total}, its postings give {posted}");
                }
            }

            var sum = kept.Values.Aggregate(Int128.Zero, (all, total) => all + total);
            if (sum != 0)
            {
                _findings.Add(VerificationCheck.Zero, null, null, $"the kept totals add up to {sum}");
            }
        }

        public void CheckDue(IReadOnlyDictionary<StreamId, Instant> kept)
        {
            foreach (var (stream, due) in _due)
            {
                if (!kept.TryGetValue(stream, out var at))
                {
                    _findings.Add(VerificationCheck.Due, stream.Name, null, $"something is due at {due}, the index does not have it");
                }
                else if (at != due)
                {
                    _findings.Add(VerificationCheck.Due, stream.Name, null, $"something is due at {due}, the index says {at}");
                }
            }

            foreach (var stream in kept.Keys.Where(stream => !_due.ContainsKey(stream) && !_notReplayed.Contains(stream)))
            {
                _findings.Add(VerificationCheck.Due, stream.Name, null, "nothing is ever due, but the index has it");
            }
        }

        public void CheckReferences(IReadOnlyList<StoredReference> kept)
        {
            foreach (var reference in kept.Where(reference => !_references.Remove(reference)))
            {
                _findings.Add(
                    VerificationCheck.References, reference.Stream.Name, reference.Sequence, $"{Words(reference)} is said to stand for it, and does not");
            }

            foreach (var reference in _references)
            {
                _findings.Add(VerificationCheck.References, reference.Stream.Name, reference.Sequence, $"{Words(reference)} does not lead to it");
            }

            static string Words(StoredReference reference) => $"the reference {reference.Reference} of {reference.Scope}";
        }

        public void CheckMovement(StoredMovement kept, IReadOnlyDictionary<MerchantId, LocalDate> closed) => _merchants.CheckKept(kept, closed);

        public void CheckMerchants(IReadOnlyDictionary<MerchantId, LocalDate> closed) => _merchants.End(closed, _totals);

        public void CheckRedemption(StoredRedemption kept)
        {
            if (!_redemptions.Remove(kept) && !_notReplayed.Contains(kept.Stream))
            {
                Found(kept, "the list has it so");
            }
        }

        public void CheckRedemptions()
        {
            foreach (var missing in _redemptions)
            {
                Found(missing, "the list does not have it so");
            }
        }

        public void CheckGifts() => _gifts.Check(_findings);

        public void CheckStocks() => _stocks.Check(_findings);

        public void CheckHouseholds() => _pools.Check(_findings);

        public void CheckBudgets(IReadOnlyDictionary<string, BudgetBook> kept) => _drawn.Check(kept, _findings);

        public void CheckApprovals(IReadOnlyList<StoredApproval> kept)
        {
            var listed = kept.ToDictionary(approval => approval.Place);
            foreach (var (place, approval) in _approvals)
            {
                if (!listed.Remove(place, out var entry))
                {
                    _findings.Add(VerificationCheck.Approvals, place.Stream, place.Sequence, "this waits for a decision, the list does not have it");
                }
                else if (entry.Activity != approval.Activity || !entry.Entry.Span.SequenceEqual(approval.Entry.Span))
                {
                    _findings.Add(VerificationCheck.Approvals, place.Stream, place.Sequence, "this waits for a decision, the list has other contents");
                }
            }

            foreach (var place in listed.Keys.Where(place => !_notReplayed.Any(stream => stream.Name == place.Stream)))
            {
                _findings.Add(VerificationCheck.Approvals, place.Stream, place.Sequence, "this waits for no decision, but the list has it");
            }
        }

        public void CheckStorage(IReadOnlyList<string> problems)
        {
            foreach (var problem in problems)
            {
                _findings.Add(VerificationCheck.Storage, null, null, problem);
            }
        }

        public VerificationReport Report(CommunityId community)
        {
            using (_digest)
            {
                return new()
                {
                    Community = community,
                    Transactions = _keys.Count,
                    Streams = _streams,
                    Postings = _postings,
                    Differences = _findings.Counts,
                    Findings = _findings.Kept,
                    Digest = Convert.ToHexStringLower(_digest.GetHashAndReset()),
                };
            }
        }

        private void EndStream()
        {
            if (_stream is not { } ended)
            {
                return;
            }

            ended.End();
            _references.UnionWith(ended.References);
            if (ended.IsReplayed)
            {
                _redemptions.UnionWith(ended.Redemptions.Values);
            }

            foreach (var approval in ended.Undecided.Select(entry => entry.ToStored(ended.Stream)))
            {
                _approvals.Add(approval.Place, approval);
            }

            _digest.AppendData(Encoding.UTF8.GetBytes(ended.Stream.Name));
            _digest.AppendData([0]);
            _digest.AppendData(ended.Hash.Span);
            if (!ended.IsReplayed)
            {
                _notReplayed.Add(ended.Stream);
                _merchants.Skip(ended.Stream);
            }
            else if (ended.NextDue is { } due)
            {
                _due.Add(ended.Stream, due);
            }
        }

        private void Found(StoredRedemption redemption, string words) => _findings.Add(
            VerificationCheck.Redemptions,
            redemption.Stream.Name,
            redemption.Sequence,
            $"redeemed of {redemption.Merchant} at {redemption.At}, {RedemptionText.Of(redemption.Status)}: {words}");

        private void AddTotals(JournalRow row)
        {
            foreach (var posting in row.Postings)
            {
                _postings++;
                _totals[posting.From.Name] = _totals.GetValueOrDefault(posting.From.Name) - posting.Points.Value;
                _totals[posting.To.Name] = _totals.GetValueOrDefault(posting.To.Name) + posting.Points.Value;
            }
        }

        // Sorted once at the end: a set of all keys would need three times the memory.
        private void CheckKeys()
        {
            _keys.Sort((left, right) => left.High != right.High ? left.High.CompareTo(right.High) : left.Low.CompareTo(right.Low));
            for (var i = 1; i < _keys.Count; i++)
            {
                if (_keys[i] == _keys[i - 1])
                {
                    _findings.Add(VerificationCheck.Keys, null, null, $"two transactions carry the command with the key hash {_keys[i]}");
                }
            }
        }
    }
}
