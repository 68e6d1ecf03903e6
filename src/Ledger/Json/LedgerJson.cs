using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Ledger.Accounts;
using Ledger.Households;
using Ledger.Merchants;
using Ledger.Programmes;
using Ledger.Rewards;
using Ledger.Settlements;
using Ledger.Stocks;
using Ledger.Transactions;
using Ledger.Wallets;

namespace Ledger.Json;

/// <summary>The stored JSON of events, commands and state: one serialiser, generated at build.</summary>
/// <remarks>
/// Camel-case names, snake-case discriminators and enums, instants in UTC with as many digits as needed, lots and ids as texts, points as
/// numbers. Absent members are null or zero. Golden files freeze every case.
/// </remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters =
    [
        typeof(PointsConverter), typeof(CommunityIdConverter), typeof(ResidentIdConverter), typeof(MerchantIdConverter),
        typeof(RewardIdConverter), typeof(RedemptionIdConverter), typeof(HouseholdIdConverter),
        typeof(FundIdConverter), typeof(ActivityTypeConverter), typeof(AccountConverter), typeof(LotIdConverter), typeof(KeyHashConverter),
        typeof(MerchantReferenceConverter), typeof(PaycodeDigestConverter),
        typeof(InstantConverter), typeof(LocalDateConverter),
        typeof(SnakeCaseEnumConverter<CapPeriod>), typeof(SnakeCaseEnumConverter<CapReversal>),
        typeof(SnakeCaseEnumConverter<CapUnit>), typeof(SnakeCaseEnumConverter<CapExcess>),
        typeof(SnakeCaseEnumConverter<LifetimeSum>), typeof(SnakeCaseEnumConverter<ApprovalOutcome>), typeof(SnakeCaseEnumConverter<HoldEnd>),
        typeof(SnakeCaseEnumConverter<ResidentAct>), typeof(SnakeCaseEnumConverter<Handover>), typeof(SnakeCaseEnumConverter<RedemptionStatus>),
        typeof(SnakeCaseEnumConverter<RedemptionStep>), typeof(SnakeCaseEnumConverter<Party>),
        typeof(SnakeCaseEnumConverter<Rounding>), typeof(SnakeCaseEnumConverter<MerchantStatus>),
        typeof(LocalTimeConverter), typeof(SnakeCaseEnumConverter<SignalAction>), typeof(SnakeCaseEnumConverter<GiftSpan>), typeof(SnakeCaseEnumConverter<GiftEnd>),
        typeof(SnakeCaseEnumConverter<RedemptionFate>), typeof(SnakeCaseEnumConverter<StatementObjection>),
        typeof(SnakeCaseEnumConverter<SpendPhase>), typeof(SnakeCaseEnumConverter<StepOutcome>), typeof(SnakeCaseEnumConverter<PoolSpan>),
    ])]
[JsonSerializable(typeof(ImmutableArray<WalletEvent>))]
[JsonSerializable(typeof(WalletEvent))]
[JsonSerializable(typeof(WalletCommand))]
[JsonSerializable(typeof(CommandEnvelope))]
[JsonSerializable(typeof(WalletState))]
[JsonSerializable(typeof(Transaction))]
[JsonSerializable(typeof(Refusal))]
[JsonSerializable(typeof(Thawed.Earning))]
[JsonSerializable(typeof(UndecidedEntry))]
[JsonSerializable(typeof(Redemption))]
[JsonSerializable(typeof(Merchant))]
[JsonSerializable(typeof(SettlementEvent))]
[JsonSerializable(typeof(SettlementCommand))]
[JsonSerializable(typeof(StockEvent))]
[JsonSerializable(typeof(StockCommand))]
[JsonSerializable(typeof(HouseholdEvent))]
[JsonSerializable(typeof(HouseholdCommand))]
[JsonSerializable(typeof(HouseholdStanding))]
[JsonSerializable(typeof(HouseholdRefusal))]
[JsonSerializable(typeof(Posting))]
[JsonSerializable(typeof(Balances))]
[JsonSerializable(typeof(CommandKey))]
[JsonSerializable(typeof(StreamId))]
[JsonSerializable(typeof(Lot[]))]
[JsonSerializable(typeof(RecentCommand[]))]
[JsonSerializable(typeof(KeyValuePair<CapBucketKey, CapBucket>[]))]
public sealed partial class LedgerJson : JsonSerializerContext
{
    /// <summary>The events of a transaction as the bytes that are stored and hashed.</summary>
    public static byte[] BytesOf(ImmutableArray<WalletEvent> events) =>
        JsonSerializer.SerializeToUtf8Bytes(events, Default.ImmutableArrayWalletEvent);

    /// <summary>Reads what <see cref="BytesOf"/> wrote.</summary>
    /// <exception cref="JsonException">The bytes are not events that this version knows.</exception>
    public static ImmutableArray<WalletEvent> EventsOf(ReadOnlySpan<byte> bytes) =>
        JsonSerializer.Deserialize(bytes, Default.ImmutableArrayWalletEvent);

    /// <summary>What happened to a statement as the bytes that are stored and hashed.</summary>
    public static byte[] BytesOfSettlement(SettlementEvent happened) => JsonSerializer.SerializeToUtf8Bytes(happened, Default.SettlementEvent);

    /// <summary>Reads it.</summary>
    /// <exception cref="JsonException">The bytes are no event that this version knows.</exception>
    public static SettlementEvent SettlementEventOf(ReadOnlySpan<byte> bytes) =>
        Told(bytes, Default.SettlementEvent, static happened => happened is { After: not null } or Settlements.StatementRefused, "settlement", "merchant");

    /// <summary>SHA-256 over the merchant and the canonical command.</summary>
    public static byte[] FingerprintOf(MerchantId merchant, SettlementCommand command) =>
        Fingerprint(merchant.Value, command, Default.SettlementCommand);

    /// <summary>What happened to a stock as the bytes that are stored and hashed.</summary>
    public static byte[] BytesOfStock(StockEvent happened) => JsonSerializer.SerializeToUtf8Bytes(happened, Default.StockEvent);

    /// <summary>Reads it.</summary>
    /// <exception cref="JsonException">The bytes are no event that this version knows.</exception>
    public static StockEvent StockEventOf(ReadOnlySpan<byte> bytes) =>
        Told(bytes, Default.StockEvent, static happened => happened.After is not null, "stock", "stock");

    /// <summary>SHA-256 over the reward and the canonical command.</summary>
    public static byte[] FingerprintOf(RewardId reward, StockCommand command) =>
        Fingerprint(reward.Value, command, Default.StockCommand);

    /// <summary>What happened to a household as the bytes that are stored and hashed.</summary>
    public static byte[] BytesOfHousehold(HouseholdEvent happened) => JsonSerializer.SerializeToUtf8Bytes(happened, Default.HouseholdEvent);

    /// <summary>Reads it.</summary>
    /// <exception cref="JsonException">The bytes are no event that this version knows.</exception>
    public static HouseholdEvent HouseholdEventOf(ReadOnlySpan<byte> bytes) =>
        Told(bytes, Default.HouseholdEvent, static happened => happened.After is not null, "household", "household");

    /// <summary>SHA-256 over the household and the canonical command.</summary>
    public static byte[] FingerprintOf(HouseholdId household, HouseholdCommand command) =>
        Fingerprint(household.Value, command, Default.HouseholdCommand);

    internal static byte[] FingerprintOf(ResidentId resident, WalletCommand command) =>
        Fingerprint(resident.Value, command, Default.WalletCommand);

    // Stored bytes may lack what the types promise.
    private static T Told<T>(ReadOnlySpan<byte> bytes, JsonTypeInfo<T> type, Func<T, bool> isWhole, string of, string whose)
        where T : class =>
        JsonSerializer.Deserialize(bytes, type) is { } happened && isWhole(happened)
            ? happened
            : throw new JsonException($"A {of}'s transaction has one event, and tells how the {whose} stands after it.");

    // Whose it is, a zero byte, and the command.
    private static byte[] Fingerprint<T>(string whose, T command, JsonTypeInfo<T> type)
    {
        var canonical = JsonSerializer.SerializeToUtf8Bytes(command, type);
        var bytes = new byte[whose.Length + 1 + canonical.Length];
        Encoding.ASCII.GetBytes(whose, bytes);
        canonical.CopyTo(bytes, whose.Length + 1);
        return SHA256.HashData(bytes);
    }

    internal static string DigestOf(ReadOnlySpan<byte> salt, string text) =>
        Convert.ToHexStringLower(SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(text)]));
}

internal sealed class SnakeCaseEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower)
    where T : struct, Enum;
