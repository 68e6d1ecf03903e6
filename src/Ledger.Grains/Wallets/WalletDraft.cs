using System.Collections.Immutable;
using Ledger.Budgets;
using Ledger.Grains.Journal;
using Ledger.Merchants;
using Ledger.Rewards;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Grains.Wallets;

/// <summary>Transactions of one wallet that are decided but not yet committed; thrown away whole when the append does not go through.</summary>
internal sealed class WalletDraft
{
    private readonly StreamId _stream;
    private readonly LoadedWallet _committed;
    private readonly ImmutableArray<JournalRow>.Builder _rows = ImmutableArray.CreateBuilder<JournalRow>(1);
    private readonly List<Transaction> _transactions = new(1);

    // Made when they are first needed; a draft of one command needs few of them.
    private Dictionary<CommandKey, Transaction>? _byKey;
    private ImmutableArray<StoredNote>.Builder? _notes;
    private Dictionary<long, BudgetAmount>? _draws;
    private List<StoredReference>? _entries;
    private ImmutableArray<StoredMovement>.Builder? _movements;
    private Dictionary<long, StoredRedemption>? _redemptions;

    // Only holds, redemptions and counted entries have one, and most drafts have none.
    private Dictionary<(string Scope, string Reference), (Transaction Transaction, StoredReference Stored)>? _byReference;

    public WalletDraft(StreamId stream, LoadedWallet committed) =>
        (_stream, _committed, After) = (stream, committed, committed);

    /// <summary>The wallet after the draft.</summary>
    public LoadedWallet After { get; private set; }

    public bool IsEmpty => _rows.Count == 0;

    public IReadOnlyList<Transaction> Transactions => _transactions;

    /// <summary>A transaction of the draft by its command.</summary>
    public Transaction? Find(CommandKey key) =>
        IsEmpty ? null : (_byKey ??= _transactions.ToDictionary(transaction => transaction.Key)).GetValueOrDefault(key);

    /// <summary>A transaction of the draft by the reference that stands for it.</summary>
    public Transaction? Find((string Scope, string Reference) name) => _byReference?.GetValueOrDefault(name).Transaction;

    /// <summary>What the draft draws from leases of budgets.</summary>
    public ImmutableArray<LeaseDraw> Draws => _draws is null ? [] : [.. _draws.Select(draw => new LeaseDraw(draw.Key, draw.Value))];

    /// <summary>What is on its way at the desk that counts what one person enters.</summary>
    public IReadOnlyList<StoredReference> Entries => _entries ?? [];

    /// <summary>An entry is on its way at that desk.</summary>
    public void Add(StoredReference entry) => (_entries ??= []).Add(entry);

    /// <summary>It is not, any more; false where it never was.</summary>
    public bool Remove(StoredReference entry) => _entries?.Remove(entry) == true;

    /// <summary>Counts what a transaction of the draft draws.</summary>
    public void Add(LeaseDraw draw)
    {
        _draws ??= [];
        _draws[draw.Lease] = _draws.GetValueOrDefault(draw.Lease) + draw.Amount;
    }

    public Transaction Add(CommandEnvelope envelope, Decision decision, Instant recordedAt)
    {
        var open = After.State.Redemptions;
        var (transaction, state) = Wallet.Record(After.State, envelope, decision, recordedAt);
        var row = transaction.ToRow(_stream, After.Hash.Span);
        After = new(state, row.Hash);
        _rows.Add(row);
        _transactions.Add(transaction);
        _byKey?.Add(transaction.Key, transaction);
        if (StoredReference.Of(transaction, _stream) is { } stored)
        {
            (_byReference ??= []).Add(stored.Name, (transaction, stored));
        }

        if (Movement.Of(transaction) is { } movement)
        {
            (_movements ??= ImmutableArray.CreateBuilder<StoredMovement>(1)).Add(new(_stream, transaction.Sequence, transaction.EffectiveAt, movement));
        }

        foreach (var redemption in Redemption.ChangedBy(transaction, open))
        {
            (_redemptions ??= [])[redemption.Sequence] = redemption.ToStored(_stream);
        }

        if (envelope.Note is { } note && transaction.Refusal is null)
        {
            (_notes ??= ImmutableArray.CreateBuilder<StoredNote>(1)).Add(new(transaction.Sequence, note.Salt, note.Text));
        }

        return transaction;
    }

    public AppendSet ToSet(bool background) => new()
    {
        Stream = _stream,
        Rows = _rows.ToImmutable(),
        NextDue = After.StoredDue,
        NextDueChanged = After.StoredDue != _committed.StoredDue,
        References = _byReference is null ? [] : [.. _byReference.Values.Select(named => named.Stored)],
        Movements = _movements?.ToImmutable() ?? [],
        Redemptions = _redemptions is null ? [] : [.. _redemptions.Values],
        Undecided = StoredApprovals.New(_stream, _committed.State, After.State),
        Decided = StoredApprovals.Gone(_committed.State, After.State),
        Notes = _notes?.ToImmutable() ?? [],
        Erases = _committed.State.Erased is null ? After.State.Erased?.Since : null,
        Draws = Draws,
        Background = background,
    };
}
