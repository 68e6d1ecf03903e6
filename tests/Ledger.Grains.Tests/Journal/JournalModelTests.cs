using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Ledger.Accounts;
using Ledger.Grains.Journal;
using Ledger.Grains.Journal.Postgres;
using Ledger.Grains.Journal.Sqlite;
using Ledger.Grains.Stores.Postgres;
using Ledger.Grains.Stores.Sqlite;
using Ledger.Grains.Tests.Stores;
using Ledger.Grains.Verification;
using Ledger.Merchants;
using Ledger.PrivatePostgres;
using Ledger.Rewards;
using Ledger.Transactions;
using NodaTime;
using static Ledger.Grains.Tests.Journal.Sample;

namespace Ledger.Grains.Tests.Journal;

/// <summary>Whatever several writers append, in whatever order, a journal answers and holds what a plain list would.</summary>
public sealed class JournalModelTests : IAsyncDisposable
{
    private static int s_communities;

    // Small batches, so that bursts are cut in all sorts of places.
    private static readonly GroupCommitOptions s_smallBatches = new() { RowsPerBatchMax = 4 };

    private readonly TemporaryFolder _folder = new();
    private readonly SqliteStore _store;
    private readonly SqliteJournal _sqlite;
    private readonly SharedPostgres _shared;
    private LedgerDatabase? _database;
    private PostgresStore? _postgresStore;
    private PostgresJournal? _postgres;

    public JournalModelTests(SharedPostgres shared)
    {
        _shared = shared;
        _store = SqliteStore.Open(_folder.Store, "test");
        _sqlite = new(_store, s_smallBatches);
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
        {
            await _postgres!.DisposeAsync();
            _postgresStore!.Dispose();
            await _database.DisposeAsync();
        }

        await _sqlite.DisposeAsync();
        _store.Dispose();
        _folder.Dispose();
    }

    [Property(MaxTest = 300, Arbitrary = [typeof(Steps)])]
    public Task Sqlite_holds_what_a_list_would(Burst[] bursts) => Holds(_sqlite, bursts);

    [Property(MaxTest = 150, Arbitrary = [typeof(Steps)])]
    public async Task Postgres_holds_what_a_list_would(Burst[] bursts)
    {
        if (_database is null)
        {
            _database = await LedgerDatabase.Create(_shared);
            _postgresStore = _database.Open();
            _postgres = new(_postgresStore, s_smallBatches);
        }

        await Holds(_postgres!, bursts);
    }

    [Property(MaxTest = 300, Arbitrary = [typeof(Steps)])]
    public Task Memory_holds_what_a_list_would(Burst[] bursts) => Holds(new InMemoryJournal(), bursts);

    private static async Task Holds(IJournal journal, Burst[] bursts)
    {
        var model = new Model(new($"model-{Interlocked.Increment(ref s_communities)}"));
        foreach (var burst in bursts)
        {
            // The sets of a burst are on their way together; none of them is of the same stream as another.
            var sets = burst.Steps.DistinctBy(step => step.Stream).Select(model.Set).ToArray();
            var answers = await Task.WhenAll(sets.Select(journal.Append));
            Assert.Equal(sets.Select(model.Append), answers.Select(Answer));
        }

        await model.Compare(journal);
    }

    private static string Answer(AppendResult result) => result switch
    {
        AppendResult.Committed => "committed",
        AppendResult.Fenced => "fenced",
        AppendResult.ReferenceTaken taken => "taken " + string.Join(", ", taken.References.Select(one => $"{one.Reference} {one.Stream} {one.Sequence}")),
        AppendResult.Seen seen => "seen " + string.Join(", ", seen.Rows.Select(row => $"{row.Stream} {row.Sequence}")),
        _ => throw new InvalidOperationException(result.ToString()),
    };

    /// <summary>One set: of which stream, how far from the right sequence, how many rows, which command ids, postings and reference (none below zero).</summary>
    public sealed record Step(int Stream, int Offset, int[] Keys, int[] Points, int Due, int Reference);

    /// <summary>Sets that several writers send at once.</summary>
    public sealed record Burst(Step[] Steps);

    public static class Steps
    {
        public static Arbitrary<Burst> Burst() => (
            from steps in Step().ArrayOf()
            select new Burst(steps)).ToArbitrary();

        private static Gen<Step> Step() =>
            from stream in Gen.Choose(0, 4)
            from offset in Gen.Frequency((8, Gen.Constant(0)), (1, Gen.Constant(-1)), (1, Gen.Constant(1)))
            from rows in Gen.Choose(1, 4)
            from keys in Gen.Choose(0, 120).ArrayOf(rows)
            from points in Gen.Choose(1, 9).ArrayOf(5)
            from due in Gen.Choose(-1, 9)
            from reference in Gen.Choose(-15, 15)
            select new Step(stream, offset, [.. keys.Distinct()], points, due, reference);
    }

    /// <summary>The naive journal: one list of rows.</summary>
    private sealed class Model(CommunityId community)
    {
        private readonly List<JournalRow> _rows = [];
        private readonly Dictionary<StreamId, Instant> _due = [];
        private readonly List<StoredReference> _references = [];
        private readonly Dictionary<RowPlace, StoredApproval> _undecided = [];
        private readonly List<StoredMovement> _movements = [];
        private readonly Dictionary<(StreamId, long), StoredRedemption> _redemptions = [];

        public AppendSet Set(Step step)
        {
            var stream = Wallet($"r{step.Stream}", community);
            var next = Math.Max(1, Last(stream) + 1 + step.Offset);
            var place = new RowPlace(Morning + Duration.FromNanoseconds(step.Points[0]), stream.Name, next);
            var set = Sample.Set([.. step.Keys.Select((key, i) => Row(stream, next + i, $"key-{key}", Postings(step, next + i, i)))]);
            return (step.Reference < 0 ? set : set.Named($"sale-{step.Reference}")) with
            {
                NextDue = step.Due < 1 ? null : Morning + Duration.FromNanoseconds(step.Due),
                NextDueChanged = step.Due >= 0,
                Undecided = step.Points[0] > 4 ? [new(place, step.Points[1] > 4 ? "service" : null, Bytes(3, (byte)step.Points[2]))] : [],
                Decided = step.Points[3] > 5 ? [next - 1] : [],
                Movements = step.Points[4] > 3 ? [new(stream, next, Morning, new(MovementKind.Spend, new("tea-house"), new(step.Points[4]), new(2026, 3, step.Points[3]), null, null, null, null))] : [],
                Redemptions = step.Points[4] % 2 == 0
                    ? [new(stream, Math.Max(1, next - (step.Points[2] % 2)), Morning, new("tea-house"), (RedemptionStatus)(step.Points[1] - 1))]
                    : [],
            };
        }

        public string Append(AppendSet set)
        {
            var seen = set.Rows.SelectMany(row => _rows.Where(known => known.Key == row.Key)).ToArray();
            if (seen.Length > 0)
            {
                return "seen " + string.Join(", ", seen.Select(row => $"{row.Stream} {row.Sequence}"));
            }

            if (set.Rows[0].Sequence != Last(set.Stream) + 1)
            {
                return "fenced";
            }

            var taken = _references.Where(known => set.References.Any(wanted => wanted.Reference == known.Reference)).ToArray();
            if (taken.Length > 0)
            {
                return "taken " + string.Join(", ", taken.Select(one => $"{one.Reference} {one.Stream} {one.Sequence}"));
            }

            _references.AddRange(set.References);
            _movements.AddRange(set.Movements);
            foreach (var redemption in set.Redemptions)
            {
                _redemptions[(set.Stream, redemption.Sequence)] = redemption;
            }

            _rows.AddRange(set.Rows);
            if (set.NextDueChanged)
            {
                _due.Remove(set.Stream);
            }

            if (set is { NextDueChanged: true, NextDue: { } due })
            {
                _due[set.Stream] = due;
            }

            foreach (var decided in set.Decided)
            {
                _undecided.Keys.Where(place => place.Stream == set.Stream.Name && place.Sequence == decided).ToList().ForEach(place => _undecided.Remove(place));
            }

            foreach (var approval in set.Undecided)
            {
                _undecided[approval.Place] = approval;
            }

            return "committed";
        }

        public async Task Compare(IJournal journal)
        {
            var stop = TestContext.Current.CancellationToken;
            var expected = _rows.OrderBy(row => row.Stream.Name, StringComparer.Ordinal).ThenBy(row => row.Sequence);
            Assert.Equal(Texts(expected), Texts(await journal.ReadAll(community, stop).ToListAsync(stop)));
            Assert.Equal(Totals(), new SortedDictionary<string, long>((await journal.ReadTotals(community, stop)).ToDictionary()));

            var known = await journal.FindKnown(community, [.. Enumerable.Range(0, 121).Select(i => CommandKey.Event("/apps/charity", $"key-{i}"))], stop);
            Assert.Equal(
                _rows.OrderBy(row => row.Key.Id, StringComparer.Ordinal).Select(row => (row.Key, row.Stream)),
                known.OrderBy(pair => pair.Key.Id, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value)));

            var references = await ((IJournalInspection)journal).ReadReferences(community, stop);
            Assert.Equal(_references.ToHashSet(), references.ToHashSet());

            var movements = new HashSet<StoredMovement>();
            await ((IJournalInspection)journal).ReadMovements(community, moved => Assert.True(movements.Add(moved)), stop);
            Assert.Equal(_movements.ToHashSet(), movements);

            var redemptions = new HashSet<StoredRedemption>();
            await ((IJournalInspection)journal).ReadRedemptions(community, one => Assert.True(redemptions.Add(one)), stop);
            Assert.Equal(_redemptions.Values.ToHashSet(), redemptions);

            var undecided = _undecided.Values
                .OrderBy(a => a.Place.At).ThenBy(a => a.Place.Stream, StringComparer.Ordinal).ThenBy(a => a.Place.Sequence)
                .Select(a => (a.Place, a.Activity, Convert.ToHexString(a.Entry.Span)));
            Assert.Equal(
                undecided,
                (await journal.ReadApprovals(community, null, null, int.MaxValue, stop)).Select(a => (a.Place, a.Activity, Convert.ToHexString(a.Entry.Span))));

            var due = (await journal.ReadDue(Instant.MaxValue, int.MaxValue, cancellation: stop)).Select(due => due.Stream).Where(stream => stream.Community == community);
            Assert.Equal(_due.OrderBy(pair => pair.Value).ThenBy(pair => pair.Key.Name, StringComparer.Ordinal).Select(pair => pair.Key), due);
        }

        private static Posting[] Postings(Step step, long sequence, int row) =>
            [.. step.Points.Take(row).Select((points, i) => i % 2 == 0 ? Award(points, new(sequence, i)) : Expire(points, new(sequence, i)))];

        private long Last(StreamId stream) => _rows.Where(row => row.Stream == stream).Select(row => row.Sequence).DefaultIfEmpty().Max();

        private SortedDictionary<string, long> Totals()
        {
            var totals = new SortedDictionary<string, long>();
            foreach (var posting in _rows.SelectMany(row => row.Postings))
            {
                totals[posting.From.Name] = totals.GetValueOrDefault(posting.From.Name) - posting.Points.Value;
                totals[posting.To.Name] = totals.GetValueOrDefault(posting.To.Name) + posting.Points.Value;
            }

            return totals;
        }
    }
}
