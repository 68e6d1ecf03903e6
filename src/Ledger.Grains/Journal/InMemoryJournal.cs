using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Ledger.Accounts;
using Ledger.Budgets;
using Ledger.Grains.Budgets;
using Ledger.Grains.Verification;
using Ledger.Transactions;
using NodaTime;

namespace Ledger.Grains.Journal;

/// <summary>A journal without a disk: the same meaning as the stored ones, for tests and for trying things out. Nothing survives the process.</summary>
public sealed class InMemoryJournal : IJournal, IJournalFeed, IJournalInspection, IBudgets, IMovements, IRedemptions
{
    private readonly Lock _door = new();
    private readonly Dictionary<StreamId, List<JournalRow>> _streams = [];
    private readonly List<JournalRow> _written = [];
    private readonly Dictionary<(CommunityId, CommandKey), JournalRow> _commands = [];
    private readonly Dictionary<(CommunityId, string Scope, string Reference), StoredReference> _references = [];
    private readonly Dictionary<(StreamId, long), StoredNote> _notes = [];
    private readonly Dictionary<StreamId, Instant> _due = [];
    private readonly Dictionary<(StreamId, long), StoredApproval> _approvals = [];
    private readonly Dictionary<CommunityId, Dictionary<string, long>> _stored = [];
    private readonly Dictionary<(CommunityId Community, string Campaign), BudgetBook> _budgets = [];
    private readonly Dictionary<long, long> _renewed = [];
    private readonly List<StoredMovement> _movements = [];
    private readonly Dictionary<(StreamId, long), StoredRedemption> _redemptions = [];
    private readonly Dictionary<(CommunityId Community, MerchantId Merchant), LocalDate> _closedDays = [];
    private readonly AccountTotals _totals;
    private long _leases;

    /// <summary>An empty journal.</summary>
    public InMemoryJournal() => _totals = new(community => new(_stored.GetValueOrDefault(community) ?? []));

    /// <inheritdoc/>
    public Task<AppendResult> Append(AppendSet set)
    {
        var pending = new PendingAppend(set);
        lock (_door)
        {
            Write(pending);
        }

        pending.Complete();
        return pending.Answer;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<JournalRow> Read(StreamId stream, long fromSequence, CancellationToken cancellation = default) =>
        Deliver(Rows(stream, row => row.Sequence >= fromSequence), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<JournalRow>> ReadBackwards(
        StreamId stream, long beforeSequence, int rowsMax, CancellationToken cancellation = default) =>
        Task.FromResult<IReadOnlyList<JournalRow>>(
            [.. Rows(stream, row => row.Sequence < beforeSequence).AsEnumerable().Reverse().Take(rowsMax)]);

    /// <inheritdoc/>
    public Task<JournalRow?> Find(CommunityId community, CommandKey key, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_door)
        {
            return Task.FromResult(_commands.GetValueOrDefault((community, key)));
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<CommandKey, StreamId>> FindKnown(
        CommunityId community, IReadOnlyCollection<CommandKey> keys, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var known = new Dictionary<CommandKey, StreamId>();
        lock (_door)
        {
            foreach (var key in keys)
            {
                if (_commands.TryGetValue((community, key), out var row))
                {
                    known[key] = row.Stream;
                }
            }
        }

        return Task.FromResult<IReadOnlyDictionary<CommandKey, StreamId>>(known);
    }

    /// <inheritdoc/>
    public Task<StoredReference?> FindReference(
        CommunityId community, string scope, string reference, CancellationToken cancellation = default)
    {
        lock (_door)
        {
            return Task.FromResult(_references.GetValueOrDefault((community, scope, reference)));
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ReadNames(
        CommunityId community, string scope, string after, int namesMax, CancellationToken cancellation = default)
    {
        lock (_door)
        {
            return Task.FromResult<IReadOnlyList<string>>(
            [
                .. _references.Keys.Where(name => name.Item1 == community && name.Scope == scope).Select(name => name.Reference)
                    .Where(name => CodePoints.Order.Compare(name, after) > 0).OrderDescending(CodePoints.Order).Take(namesMax),
            ]);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<JournalRow>> ReadRelated(StreamId stream, long sequence, CancellationToken cancellation = default)
    {
        var rows = Rows(stream, row => row.Sequence == sequence || (row.Sequence > sequence && IsRelated(row, sequence)));
        return Task.FromResult<IReadOnlyList<JournalRow>>(rows is [var first, ..] && first.Sequence == sequence ? rows : []);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<DueStream>> ReadDue(
        Instant until, int streamsMax, DueStream? after = null, CancellationToken cancellation = default)
    {
        lock (_door)
        {
            return Task.FromResult<IReadOnlyList<DueStream>>(
            [
                .. _due.Select(due => new DueStream(due.Key, due.Value))
                    .Where(due => due.At <= until && (after is null || CompareDue(due, after) > 0))
                    .Order(Comparer<DueStream>.Create(CompareDue))
                    .Take(streamsMax),
            ]);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredApproval>> ReadApprovals(
        CommunityId community, ActivityType? activity, RowPlace? after, int entriesMax, CancellationToken cancellation = default)
    {
        lock (_door)
        {
            return Task.FromResult<IReadOnlyList<StoredApproval>>(
            [
                .. _approvals.Where(approval => approval.Key.Item1.Community == community)
                    .Select(approval => approval.Value)
                    .Where(approval => activity is null || approval.Activity == activity.Value.Value)
                    .Where(approval => after is null || Compare(approval.Place, after.Value) > 0)
                    .Order(Comparer<StoredApproval>.Create((left, right) => Compare(left.Place, right.Place)))
                    .Take(entriesMax),
            ]);
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<JournalRow> ReadAll(CommunityId community, CancellationToken cancellation = default)
    {
        lock (_door)
        {
            return Deliver(
                [
                    .. _streams.Where(stream => stream.Key.Community == community)
                        .OrderBy(stream => stream.Key.Name, CodePoints.Order)
                        .SelectMany(stream => stream.Value),
                ],
                cancellation);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, long>> ReadTotals(CommunityId community, CancellationToken cancellation = default)
    {
        lock (_door)
        {
            return Task.FromResult<IReadOnlyDictionary<string, long>>(
                new Dictionary<string, long>(_stored.GetValueOrDefault(community) ?? []));
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, BudgetBook>> ReadBudgets(CommunityId community, CancellationToken cancellation = default)
    {
        lock (_door)
        {
            return Task.FromResult<IReadOnlyDictionary<string, BudgetBook>>(
                _budgets.Where(budget => budget.Key.Community == community).ToDictionary(budget => budget.Key.Campaign, budget => budget.Value));
        }
    }

    /// <inheritdoc/>
    public Task<TakenLease> Take(LeaseRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        lock (_door)
        {
            var key = (request.Community, request.Campaign);
            var book = _budgets.GetValueOrDefault(key, BudgetBook.Empty);
            foreach (var lease in book.Leases.Where(lease => lease.Id != request.Lease && Stopwatch.GetElapsedTime(_renewed[lease.Id]) >= request.LapseAfter))
            {
                book = book.End(lease.Id);
            }

            (_budgets[key], var taken) = book.Take(request.Lease, otherwise: ++_leases, request.Limit, request.Need);
            _renewed[taken.Lease] = Stopwatch.GetTimestamp();
            return Task.FromResult(taken);
        }
    }

    /// <inheritdoc/>
    public Task Renew(IReadOnlyCollection<long> leases, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(leases);
        lock (_door)
        {
            foreach (var lease in leases)
            {
                _renewed[lease] = Stopwatch.GetTimestamp();
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task End(CommunityId community, string campaign, long lease, CancellationToken cancellation = default)
    {
        lock (_door)
        {
            _budgets[(community, campaign)] = _budgets.GetValueOrDefault((community, campaign), BudgetBook.Empty).End(lease);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredMovement>> List(MovementQuestion question, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(question);
        lock (_door)
        {
            return Task.FromResult<IReadOnlyList<StoredMovement>>(
            [
                .. _movements.Where(moved => moved.Stream.Community == question.Community)
                    .Where(moved => moved.Movement.Merchant == question.Merchant && moved.Movement.Day == question.Day)
                    .Where(moved => question.Terminal is null || moved.Movement.Terminal == question.Terminal)
                    .Where(moved => question.Cashier is null || moved.Movement.Cashier == question.Cashier)
                    .Where(moved => question.After is not { } after || Compare(moved.Place, after) > 0)
                    .Order(Comparer<StoredMovement>.Create((left, right) => Compare(left.Place, right.Place)))
                    .Take(question.RowsMax),
            ]);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<MovementSum>> Sum(
        CommunityId community, IReadOnlyCollection<DaysOfMerchant> merchants, LocalDate through, CancellationToken cancellation = default)
    {
        lock (_door)
        {
            return Task.FromResult<IReadOnlyList<MovementSum>>(
            [
                .. from moved in _movements
                   let movement = moved.Movement
                   where moved.Stream.Community == community && movement.Day <= through
                   join days in merchants on movement.Merchant equals days.Merchant
                   where !(movement.Day <= days.After)
                   group movement by (movement.Merchant, movement.Day, movement.Terminal, movement.Cashier, movement.Money?.Currency) into alike
                   let taken = alike.Where(movement => movement.Points.IsPositive).ToList()
                   let back = alike.Where(movement => !movement.Points.IsPositive).ToList()
                   select new MovementSum(
                       alike.Key.Merchant,
                       alike.Key.Day,
                       alike.Key.Terminal,
                       alike.Key.Cashier,
                       alike.Key.Currency,
                       taken.Count,
                       new(taken.Sum(movement => movement.Points.Value)),
                       taken.Sum(movement => movement.Money?.MinorUnits ?? 0),
                       back.Count,
                       new(-back.Sum(movement => movement.Points.Value)),
                       -back.Sum(movement => movement.Money?.MinorUnits ?? 0)),
            ]);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<BuyerSum>> SumBuyersAbove(MovementQuestion question, long salesMax, CancellationToken cancellation = default) =>
    [
        .. (await List(question, cancellation)).Where(moved => moved.Movement.Points.IsPositive)
            .GroupBy(moved => moved.Stream)
            .Where(sales => sales.Count() > salesMax)
            .Select(sales => new BuyerSum(sales.Key, sales.Count(), new(sales.Sum(moved => moved.Movement.Points.Value)))),
    ];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ServedSum>> SumServed(
        MovementQuestion question, IReadOnlyCollection<Served> served, CancellationToken cancellation = default) =>
    [
        .. (await List(question, cancellation)).Where(moved => moved.Movement is { Points.IsPositive: true, Cashier: not null })
            .GroupBy(moved => new Served(moved.Movement.Cashier!, moved.Stream))
            .Where(sales => served.Contains(sales.Key))
            .Select(sales => new ServedSum(sales.Key, sales.Count(), new(sales.Sum(moved => moved.Movement.Points.Value)))),
    ];

    /// <inheritdoc/>
    public Task CloseThrough(
        CommunityId community, IReadOnlyCollection<MerchantId> merchants, LocalDate day, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(merchants);
        lock (_door)
        {
            foreach (var merchant in merchants)
            {
                _closedDays[(community, merchant)] = LocalDate.Max(day, _closedDays.GetValueOrDefault((community, merchant), day));
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task ReadMovements(CommunityId community, Action<StoredMovement> each, CancellationToken cancellation = default)
    {
        lock (_door)
        {
            _movements.Where(moved => moved.Stream.Community == community).ToList().ForEach(each);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredRedemption>> List(RedemptionQuestion question, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(question);
        lock (_door)
        {
            return Task.FromResult<IReadOnlyList<StoredRedemption>>(
            [
                .. _redemptions.Values.Where(one => one.Stream.Community == question.Community && one.Merchant == question.Merchant)
                    .Where(one => question.Statuses.Contains(one.Status) && one.At < (question.Until ?? Instant.MaxValue))
                    .Where(one => Compare(one.Place, question.Begin) > 0)
                    .Order(Comparer<StoredRedemption>.Create((left, right) => Compare(left.Place, right.Place)))
                    .Take(question.RowsMax),
            ]);
        }
    }

    /// <inheritdoc/>
    public Task ReadRedemptions(CommunityId community, Action<StoredRedemption> each, CancellationToken cancellation = default)
    {
        lock (_door)
        {
            _redemptions.Values.Where(one => one.Stream.Community == community).ToList().ForEach(each);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<MerchantId, LocalDate>> ReadClosedDays(CommunityId community, CancellationToken cancellation = default)
    {
        lock (_door)
        {
            return Task.FromResult<IReadOnlyDictionary<MerchantId, LocalDate>>(
                _closedDays.Where(day => day.Key.Community == community).ToDictionary(day => day.Key.Merchant, day => day.Value));
        }
    }

    /// <inheritdoc/>
    public Task<StoredNote?> ReadNote(StreamId stream, long sequence, CancellationToken cancellation = default)
    {
        lock (_door)
        {
            return Task.FromResult(_notes.GetValueOrDefault((stream, sequence)));
        }
    }

    /// <inheritdoc/>
    public Task EraseNote(StreamId stream, long sequence, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_door)
        {
            _notes.Remove((stream, sequence));
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<FeedRow>> ReadFeed(
        CommunityId community, FeedPosition after, int rowsMax, CancellationToken cancellation = default)
    {
        lock (_door)
        {
            return Task.FromResult<IReadOnlyList<FeedRow>>(
            [
                .. _written.Index()
                    .Skip((int)after.Commit)
                    .Where(written => written.Item.Stream.Community == community)
                    .Take(rowsMax)
                    .Select(written => new FeedRow(new(written.Index + 1, written.Item.Stream.Name, written.Item.Sequence), written.Item)),
            ]);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<StreamId, Instant>> ReadDueTimes(CommunityId community, CancellationToken cancellation = default)
    {
        lock (_door)
        {
            return Task.FromResult<IReadOnlyDictionary<StreamId, Instant>>(
                _due.Where(due => due.Key.Community == community).ToDictionary());
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredReference>> ReadReferences(CommunityId community, CancellationToken cancellation = default)
    {
        lock (_door)
        {
            return Task.FromResult<IReadOnlyList<StoredReference>>(
                [.. _references.Where(one => one.Key.Item1 == community).Select(one => one.Value)]);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> InspectStorage(CommunityId community, CancellationToken cancellation = default) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    private static int CompareDue(DueStream left, DueStream right)
    {
        var byTime = left.At.CompareTo(right.At);
        var byCommunity = byTime != 0 ? byTime : string.CompareOrdinal(left.Stream.Community.Value, right.Stream.Community.Value);
        return byCommunity != 0 ? byCommunity : CodePoints.Order.Compare(left.Stream.Name, right.Stream.Name);
    }

    private static int Compare(RowPlace left, RowPlace right)
    {
        var byTime = left.At.CompareTo(right.At);
        var byStream = byTime != 0 ? byTime : CodePoints.Order.Compare(left.Stream, right.Stream);
        return byStream != 0 ? byStream : left.Sequence.CompareTo(right.Sequence);
    }

    private static bool IsRelated(JournalRow row, long sequence) =>
        row.RefersTo == sequence
        || row.Postings.Any(posting =>
            (posting.To == Account.Breakage || posting.From == Account.Pending) && posting.Lot is { } lot && lot.Sequence == sequence);

    private static async IAsyncEnumerable<JournalRow> Deliver(
        IReadOnlyList<JournalRow> rows, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var row in rows)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return row;
        }

        await Task.CompletedTask;
    }

    private List<JournalRow> Rows(StreamId stream, Func<JournalRow, bool> wanted)
    {
        lock (_door)
        {
            return _streams.TryGetValue(stream, out var rows) ? [.. rows.Where(wanted)] : [];
        }
    }

    private void Write(PendingAppend pending)
    {
        var set = pending.Set;
        var seen = set.Rows.Select(row => _commands.GetValueOrDefault((set.Stream.Community, row.Key))).OfType<JournalRow>();
        var last = _streams.TryGetValue(set.Stream, out var rows) ? rows.Count : 0;
        if (seen.ToImmutableArray() is { IsEmpty: false } known)
        {
            pending.Decide(new AppendResult.Seen(known));
        }
        else if (set.Rows[0].Sequence != last + 1)
        {
            pending.Decide(AppendResult.Fenced.Instance);
        }
        else if (TakenOf(set) is { IsEmpty: false } taken)
        {
            pending.Decide(new AppendResult.ReferenceTaken(taken));
        }
        else if (new BatchLeases(FindLease).Lacking(set) is { IsEmpty: false } lacking)
        {
            pending.Decide(new AppendResult.LeaseEnded(lacking));
        }
        else if (_totals.Add(set) is { } account)
        {
            pending.Decide(JournalRefusals.TotalTooLarge(set.Stream, account));
        }
        else
        {
            Store(set);
            pending.Decide(AppendResult.Committed.Instance);
        }
    }

    private ImmutableArray<StoredReference> TakenOf(AppendSet set) =>
    [
        .. set.References
            .Select(wanted => _references.GetValueOrDefault((set.Stream.Community, wanted.Scope, wanted.Reference)))
            .OfType<StoredReference>(),
    ];

    private void Store(AppendSet set)
    {
        if (!_streams.TryGetValue(set.Stream, out var rows))
        {
            _streams.Add(set.Stream, rows = []);
        }

        foreach (var row in set.Rows)
        {
            rows.Add(row);
            _written.Add(row);
            _commands.Add((set.Stream.Community, row.Key), row);
        }

        foreach (var reference in set.References)
        {
            _references.Add((set.Stream.Community, reference.Scope, reference.Reference), reference);
        }

        foreach (var note in set.Notes)
        {
            _notes.Add((set.Stream, note.Sequence), note);
        }

        foreach (var movement in set.Movements)
        {
            var (moved, day) = (movement.Movement, movement.Movement.Day);
            var open = _closedDays.TryGetValue((set.Stream.Community, moved.Merchant), out var closed) ? LocalDate.Max(day, closed.PlusDays(1)) : day;
            _movements.Add(movement with { Movement = moved with { Day = open } });
        }

        foreach (var redemption in set.Redemptions)
        {
            _redemptions[(set.Stream, redemption.Sequence)] = redemption;
        }

        foreach (var note in set.Erases is null ? [] : _notes.Keys.Where(note => note.Item1 == set.Stream).ToList())
        {
            _notes.Remove(note);
        }

        foreach (var (lease, amount) in set.Draws)
        {
            var (key, book) = _budgets.Single(budget => budget.Value.Leases.Any(open => open.Id == lease));
            _budgets[key] = book.Draw(lease, amount) ?? throw new UnreachableException("A lease that holds a draw gives it.");
        }

        foreach (var sequence in set.Decided)
        {
            _approvals.Remove((set.Stream, sequence));
        }

        foreach (var approval in set.Undecided)
        {
            _approvals[(set.Stream, approval.Place.Sequence)] = approval;
        }

        StoreDue(set);
        StoreTotals();
    }

    private BudgetLease? FindLease(long lease) => _budgets.Values.SelectMany(book => book.Leases).FirstOrDefault(open => open.Id == lease);

    private void StoreDue(AppendSet set)
    {
        if (set is { NextDueChanged: true, NextDue: { } due })
        {
            _due[set.Stream] = due;
        }
        else if (set.NextDueChanged)
        {
            _due.Remove(set.Stream);
        }
    }

    private void StoreTotals()
    {
        foreach (var ((community, account), points) in _totals.Changed)
        {
            if (!_stored.TryGetValue(community, out var totals))
            {
                _stored.Add(community, totals = []);
            }

            totals[account] = points;
        }

        _totals.Commit();
    }
}
