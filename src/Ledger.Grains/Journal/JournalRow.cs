using System.Collections.Immutable;
using System.Globalization;
using Ledger.Accounts;
using Ledger.Budgets;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Grains.Journal;

/// <summary>One transaction as it is stored: what one command did to one stream.</summary>
/// <remarks>The journal does not read <see cref="Events"/>; it keeps the bytes that were hashed.</remarks>
public sealed record JournalRow
{
    /// <summary>Whose transaction.</summary>
    public required StreamId Stream { get; init; }

    /// <summary>Its number in the stream: from 1, no gap.</summary>
    public required long Sequence { get; init; }

    /// <summary>What makes the command one command, for ever; unique in the community.</summary>
    public required CommandKey Key { get; init; }

    /// <summary>SHA-256 of the canonical command, 32 bytes.</summary>
    public required ReadOnlyMemory<byte> Fingerprint { get; init; }

    /// <summary>When it was decided, by the silo's clock.</summary>
    public required Instant RecordedAt { get; init; }

    /// <summary>The time it counts from; never before that of the transaction before it in the stream.</summary>
    public required Instant EffectiveAt { get; init; }

    /// <summary><c>accepted</c>, <c>waiting</c>, or the code of a refusal.</summary>
    public required string Outcome { get; init; }

    /// <summary>The events as UTF-8 JSON: the very bytes that were hashed.</summary>
    public required ReadOnlyMemory<byte> Events { get; init; }

    /// <summary>The programme version that decided; 0 when none was in force.</summary>
    public required int ProgrammeVersion { get; init; }

    /// <summary>The earlier transaction of the stream that this one reverses or refunds; null for most.</summary>
    public long? RefersTo { get; init; }

    /// <summary>The resident's accounts after the transaction.</summary>
    public required Balances After { get; init; }

    /// <summary>What moved; may be empty.</summary>
    public required ImmutableArray<Posting> Postings { get; init; }

    /// <summary>SHA-256 over the previous row's hash and everything above, 32 bytes; see <see cref="HashChain"/>.</summary>
    public ReadOnlyMemory<byte> Hash { get; init; }
}

/// <summary>Text that may be erased, kept beside the journal; the event holds only its salted digest.</summary>
/// <param name="Sequence">The transaction it belongs to.</param>
/// <param name="Salt">Sixteen random bytes.</param>
/// <param name="Text">The text, for example the reason of an adjustment.</param>
public sealed record StoredNote(long Sequence, ReadOnlyMemory<byte> Salt, string Text);

/// <summary>A name that stands for one transaction, for ever; unique in its scope. Most come from outside.</summary>
/// <param name="Scope">Within what it is unique, for example <c>merchant/tea-house</c>.</param>
/// <param name="Reference">The name.</param>
/// <param name="Stream">The stream of the transaction.</param>
/// <param name="Sequence">Its number there.</param>
public sealed record StoredReference(string Scope, string Reference, StreamId Stream, long Sequence)
{
    private const string EntryScope = "entry/";

    // Always as long, so that the order of texts is that of time.
    private static readonly InstantPattern s_time = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss.fffffffff'Z'");

    /// <summary>The scope of a merchant's own references.</summary>
    public static string ScopeOf(MerchantId merchant) => $"merchant/{merchant}";

    /// <summary>The scope of redemptions.</summary>
    public const string RedemptionScope = "redemption";

    /// <summary>The scope of what one person entered, in which names are in the order of time.</summary>
    public static string ScopeOfEntries(string maker) => EntryScope + maker;

    /// <summary>What every name of an entry after an instant comes after, in code point order.</summary>
    public static string EntriesAfter(Instant instant) => s_time.Format(instant.Plus(Duration.Epsilon));

    /// <summary>Whether it stands for an entry of somebody whose entries are counted.</summary>
    public bool IsEntry => Scope.StartsWith(EntryScope, StringComparison.Ordinal);

    /// <summary>The name in its scope.</summary>
    public (string Scope, string Reference) Name => (Scope, Reference);

    /// <summary>What stands for a transaction of a wallet: its hold's reference, its redemption, or its place among what one person entered; null for most.</summary>
    public static StoredReference? Of(Transaction transaction, StreamId stream) => transaction switch
    {
        { Reference: { } reference } => Of(reference, stream, transaction.Sequence),
        { Redemption: { } redemption } => Of(redemption, stream, transaction.Sequence),
        _ when MakerOf(transaction) is { } maker => OfEntry(maker, transaction.EffectiveAt, stream, transaction.Sequence),
        _ => null,
    };

    /// <summary>An entry of somebody whose entries are counted.</summary>
    public static StoredReference OfEntry(string maker, Instant at, StreamId stream, long sequence) =>
        new(ScopeOfEntries(maker), string.Create(CultureInfo.InvariantCulture, $"{s_time.Format(at)} {stream.Name}@{sequence}"), stream, sequence);

    /// <summary>A redemption that stands for a transaction.</summary>
    public static StoredReference Of(RedemptionId redemption, StreamId stream, long sequence) =>
        new(RedemptionScope, redemption.Value, stream, sequence);

    /// <summary>A merchant's own reference that stands for a transaction.</summary>
    public static StoredReference Of(MerchantReference reference, StreamId stream, long sequence) =>
        new(ScopeOf(reference.Merchant), reference.Id, stream, sequence);

    private static string? MakerOf(Transaction transaction)
    {
        foreach (var happened in transaction.Events)
        {
            if (happened is PointsEarned { Maker: { } maker })
            {
                return maker;
            }
        }

        return null;
    }
}

/// <summary>What rows draw from a lease of a campaign's budget.</summary>
/// <param name="Lease">The lease.</param>
/// <param name="Amount">How much.</param>
public readonly record struct LeaseDraw(long Lease, BudgetAmount Amount);

/// <summary>A stream with something due.</summary>
/// <param name="Stream">Which one.</param>
/// <param name="At">When it first has something due.</param>
public sealed record DueStream(StreamId Stream, Instant At);

/// <summary>An entry that waits for a decision, kept beside the journal so that operators find it.</summary>
/// <param name="Place">Which one, by when it was recorded, and its place in the list: longest first.</param>
/// <param name="Activity">The type of activity; null for an adjustment.</param>
/// <param name="Entry">What the wallet remembers of it, as UTF-8 JSON. The journal does not read it.</param>
public sealed record StoredApproval(RowPlace Place, string? Activity, ReadOnlyMemory<byte> Entry);

/// <summary>Rows of one stream that are appended together: all or none.</summary>
public sealed record AppendSet
{
    /// <summary>The stream of every row.</summary>
    public required StreamId Stream { get; init; }

    /// <summary>At least one row; sequences follow one another.</summary>
    public required ImmutableArray<JournalRow> Rows { get; init; }

    /// <summary>When the stream next has something due; null for never. Stored only when <see cref="NextDueChanged"/>.</summary>
    public Instant? NextDue { get; init; }

    /// <summary>Whether <see cref="NextDue"/> differs from what the journal holds.</summary>
    public bool NextDueChanged { get; init; }

    /// <summary>References that stand for rows of this set, for ever.</summary>
    public ImmutableArray<StoredReference> References { get; init; } = [];

    /// <summary>What rows of this set moved to or from merchants; written with them, each with the first open day from its own on.</summary>
    public ImmutableArray<StoredMovement> Movements { get; init; } = [];

    /// <summary>Redemptions that rows of this set made, moved or ended, as they stand after it; each once.</summary>
    public ImmutableArray<StoredRedemption> Redemptions { get; init; } = [];

    /// <summary>Entries that now wait for a decision, or wait with other contents than before.</summary>
    public ImmutableArray<StoredApproval> Undecided { get; init; } = [];

    /// <summary>The transactions of entries that no longer wait for a decision.</summary>
    public ImmutableArray<long> Decided { get; init; } = [];

    /// <summary>Erasable texts of these rows.</summary>
    public ImmutableArray<StoredNote> Notes { get; init; } = [];

    /// <summary>
    /// When these rows erased a person: with them goes everything personal that the store holds beside the journal, also what they bring. Null for most.
    /// </summary>
    public Instant? Erases { get; init; }

    /// <summary>What these rows draw from leases of budgets, once for each lease. Default: nothing.</summary>
    public ImmutableArray<LeaseDraw> Draws { get; init; } = [];

    /// <summary>True for the sweeper: such sets never take more than a quarter of a batch that others wait for.</summary>
    public bool Background { get; init; }
}

/// <summary>What became of an <see cref="AppendSet"/>.</summary>
public abstract record AppendResult
{
    private protected AppendResult()
    {
    }

    /// <summary>Durably committed, whole.</summary>
    public sealed record Committed : AppendResult
    {
        /// <summary>The only one.</summary>
        public static readonly Committed Instance = new();
    }

    /// <summary>Nothing was written: another writer holds one of these sequences, so the caller's state is stale.</summary>
    public sealed record Fenced : AppendResult
    {
        /// <summary>The only one.</summary>
        public static readonly Fenced Instance = new();
    }

    /// <summary>Nothing was written: leases that the set draws on have ended, or do not hold that much.</summary>
    /// <param name="Leases">Which ones.</param>
    public sealed record LeaseEnded(ImmutableArray<long> Leases) : AppendResult;

    /// <summary>Nothing was written: commands of the set are in the journal already.</summary>
    /// <param name="Rows">The rows that hold them, in any stream of the community.</param>
    public sealed record Seen(ImmutableArray<JournalRow> Rows) : AppendResult;

    /// <summary>Nothing was written: references of the set stand for other transactions already.</summary>
    /// <param name="References">What they stand for.</param>
    public sealed record ReferenceTaken(ImmutableArray<StoredReference> References) : AppendResult;
}
