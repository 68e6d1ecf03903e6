using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Ledger.Transactions;

/// <summary>What makes a command one command, for ever: who it comes from and the id given there. Default: not a key.</summary>
/// <param name="Source">
/// The namespace: <c>event:</c> and the CloudEvents source, <c>client:</c> and the stable client id, or one of ours
/// (<see cref="ImportSource"/>, <see cref="SweepSource"/>, <see cref="ReratingSource"/>, <see cref="SettlementSource"/>, those of stocks, gifts, errands and households, <c>void:</c> and a client).
/// </param>
/// <param name="Id">The id within the source: 1 to 255 characters, none of them a control character.</param>
public readonly record struct CommandKey(string Source, string Id)
{
    /// <summary>The source of imported rows.</summary>
    public const string ImportSource = "import";

    /// <summary>The source of what falls due without a command.</summary>
    public const string SweepSource = "sweep";

    /// <summary>The source of corrections by a re-rating.</summary>
    public const string ReratingSource = "rerating";

    /// <summary>The source of days that are closed with others.</summary>
    public const string SettlementSource = "settlement";

    /// <summary>The source of what gives back shares of pooled spends.</summary>
    public const string ShareBackSource = "share-back";

    private const string StockSource = "stock";

    private const string StockBackSource = "stock-back";

    private const string StockSettledSource = "stock-settled";

    private const string GiftSource = "gift";

    private const string GiftEndSource = "gift-end";

    private const string ErrandSource = "errand";

    private const string HouseholdStepSource = "household-step";

    private const string HouseholdMoveSource = "household-move";

    private const string ShareSource = "share";

    private const string ShareEndSource = "share-end";

    private const string VoidPrefix = "void:";

    /// <summary>The longest source or id, in UTF-16 characters.</summary>
    public const int CharactersMax = 255;

    private const string ClientPrefix = "client:";

    /// <summary>The client of a direct command; null for other keys.</summary>
    public string? ClientName => Source.StartsWith(ClientPrefix, StringComparison.Ordinal) ? Source[ClientPrefix.Length..] : null;

    /// <summary>The key of an event: its CloudEvents <c>source</c> and <c>id</c>.</summary>
    public static CommandKey Event(string source, string id) => new("event:" + source, id);

    /// <summary>The key of a direct command: the client and its <c>Idempotency-Key</c>.</summary>
    public static CommandKey Client(string client, string id) => new(ClientPrefix + client, id);

    /// <summary>The key of voiding a merchant's reference: a client voids it once, however often it asks.</summary>
    public static CommandKey Void(string client, MerchantReference reference) => new(VoidPrefix + client, reference.ToString());

    /// <summary>The key of an imported row: its <c>event_id</c>.</summary>
    public static CommandKey Import(string id) => new(ImportSource, id);

    /// <summary>The key of the one correction of a resident by a re-rating.</summary>
    public static CommandKey Rerating(string rerating, ResidentId resident) => new(ReratingSource, $"{rerating}/{resident}");

    /// <summary>The key of closing a merchant's day together with others: it is closed once.</summary>
    public static CommandKey Closing(MerchantId merchant, NodaTime.LocalDate day) =>
        new(SettlementSource, $"{merchant}/{NodaTime.Text.LocalDatePattern.Iso.Format(day)}");

    /// <summary>The key of keeping some of a stock for a redemption: that happens once.</summary>
    public static CommandKey Stock(RedemptionId redemption) => new(StockSource, redemption.Value);

    /// <summary>
    /// The key of what lets a redemption's stock come back: it is recalled under this, or freed under this. No two transactions of a community share a
    /// key, so it never comes back twice.
    /// </summary>
    public static CommandKey StockBack(RedemptionId redemption) => new(StockBackSource, redemption.Value);

    /// <summary>The key of other things that are found out about redemptions. The fence makes the sequence unique, and so the key.</summary>
    public static CommandKey StockSettled(RewardId reward, long sequence) => new(StockSettledSource, $"{reward}@{sequence}");

    /// <summary>
    /// The key of what becomes of a gift: its receiver takes it in under this, or its giver takes it back under this. No two transactions of a
    /// community share a key, so it is one of the two, whoever comes first.
    /// </summary>
    public static CommandKey Gift(ResidentId giver, long gift) => new(GiftSource, $"{giver}@{gift}");

    /// <summary>The key of telling the giver's wallet what its receiver said to a gift.</summary>
    public static CommandKey GiftEnd(ResidentId giver, long gift) => new(GiftEndSource, $"{giver}@{gift}");

    /// <summary>The key of putting off an errand that was tried so often before.</summary>
    public static CommandKey Errand(ResidentId resident, long of, int tries) => new(ErrandSource, $"{resident}@{of}#{tries}");

    /// <summary>The key of what a household is told. The fence makes the sequence unique, and so the key.</summary>
    public static CommandKey HouseholdStep(HouseholdId household, long sequence) => new(HouseholdStepSource, $"{household}@{sequence}");

    /// <summary>The key of telling a wallet that its resident joins or leaves a household.</summary>
    public static CommandKey HouseholdMove(HouseholdId household, long of) => new(HouseholdMoveSource, $"{household}@{of}");

    /// <summary>The key of holding a member's share of a pooled spend.</summary>
    public static CommandKey Share(HouseholdId household, long spend, ResidentId member) => new(ShareSource, Member(household, spend, member));

    /// <summary>
    /// The key of what becomes of a share: it is captured under this, or released under this. No two transactions of a community share a key, so it
    /// is one of the two, whoever comes first.
    /// </summary>
    public static CommandKey ShareEnd(HouseholdId household, long spend, ResidentId member) => new(ShareEndSource, Member(household, spend, member));

    /// <summary>The key of giving back points of a share that was captured.</summary>
    /// <param name="household">The household.</param>
    /// <param name="of">What gives them back: a refund, or the spend itself where it is undone.</param>
    /// <param name="member">Whose share.</param>
    /// <param name="tries">How often it was tried in vain.</param>
    public static CommandKey ShareBack(HouseholdId household, long of, ResidentId member, int tries = 0) => new(ShareBackSource, $"{Member(household, of, member)}#{tries}");

    /// <summary>Does it give back a share of a pooled spend? Nothing else does.</summary>
    [JsonIgnore]
    public bool IsShareBack => Source == ShareBackSource;

    private static string Member(HouseholdId household, long of, ResidentId member) => $"{household}@{of}/{member}";

    /// <summary>May this text be a source or an id? 1 to 255 characters, no control or unpaired surrogate.</summary>
    public static bool IsValidPart([NotNullWhen(true)] string? text)
    {
        if (text is not { Length: > 0 and <= CharactersMax })
        {
            return false;
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]) || (char.IsSurrogate(text[i]) && !IsPairAt(text, i)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsPairAt(string text, int i) =>
        char.IsHighSurrogate(text[i])
            ? i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])
            : i > 0 && char.IsHighSurrogate(text[i - 1]);

    /// <summary>
    /// The first 16 bytes of SHA-256 over community, source and id, each preceded by its length. The index over keys holds this,
    /// so that it stays small for ever; the full key is compared on a hit.
    /// </summary>
    public KeyHash HashIn(CommunityId community)
    {
        var bytesMax = 12 + Encoding.UTF8.GetMaxByteCount(community.Value.Length)
            + Encoding.UTF8.GetMaxByteCount(Source.Length) + Encoding.UTF8.GetMaxByteCount(Id.Length);
        var rented = ArrayPool<byte>.Shared.Rent(bytesMax);
        try
        {
            var length = 0;
            foreach (var part in new ReadOnlySpan<string>([community.Value, Source, Id]))
            {
                var written = Encoding.UTF8.GetBytes(part, rented.AsSpan(length + 4));
                BinaryPrimitives.WriteInt32LittleEndian(rented.AsSpan(length), written);
                length += 4 + written;
            }

            Span<byte> hash = stackalloc byte[32];
            SHA256.HashData(rented.AsSpan(0, length), hash);
            return new(BinaryPrimitives.ReadUInt64LittleEndian(hash), BinaryPrimitives.ReadUInt64LittleEndian(hash[8..]));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Source and id, for logs and refusals.</summary>
    public override string ToString() => $"{Source} {Id}";
}

/// <summary>Sixteen bytes that stand for a command key in an index.</summary>
/// <param name="Low">Bytes 0 to 7, little endian.</param>
/// <param name="High">Bytes 8 to 15, little endian.</param>
public readonly record struct KeyHash(ulong Low, ulong High)
{
    /// <summary>The sixteen bytes.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Low);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), High);
        return bytes;
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    public static KeyHash FromBytes(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{High:x16}{Low:x16}");
}
