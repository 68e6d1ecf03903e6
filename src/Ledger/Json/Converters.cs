using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Accounts;
using Ledger.Paycodes;
using Ledger.Rules;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Json;

internal sealed class PointsConverter : JsonConverter<Points>
{
    public override Points Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, Points value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
}

/// <summary>A value whose whole JSON form is one text.</summary>
internal abstract class TextConverter<T> : JsonConverter<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Parse(reader.GetString() ?? throw new JsonException($"A {typeof(T).Name} is a text."));

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(Format(value));

    protected abstract T Parse(string text);

    protected abstract string Format(T value);
}

internal sealed class CommunityIdConverter : TextConverter<CommunityId>
{
    protected override CommunityId Parse(string text) => new(text);

    protected override string Format(CommunityId value) => value.Value;
}

internal sealed class ResidentIdConverter : TextConverter<ResidentId>
{
    protected override ResidentId Parse(string text) => new(text);

    protected override string Format(ResidentId value) => value.Value;
}

internal sealed class MerchantIdConverter : TextConverter<MerchantId>
{
    protected override MerchantId Parse(string text) => new(text);

    protected override string Format(MerchantId value) => value.Value;
}

internal sealed class MerchantReferenceConverter : TextConverter<MerchantReference>
{
    protected override MerchantReference Parse(string text) =>
        text.Split(',') is [var merchant, var id] ? new(new(merchant), id) : throw new JsonException($"'{text}' is not a merchant's reference.");

    protected override string Format(MerchantReference value) => value.ToString();
}

internal sealed class PaycodeDigestConverter : TextConverter<PaycodeDigest>
{
    protected override PaycodeDigest Parse(string text) => new(text);

    protected override string Format(PaycodeDigest value) => value.Value;
}

internal sealed class FundIdConverter : TextConverter<FundId>
{
    protected override FundId Parse(string text) => new(text);

    protected override string Format(FundId value) => value.Value;
}

internal sealed class HouseholdIdConverter : TextConverter<HouseholdId>
{
    protected override HouseholdId Parse(string text) => new(text);

    protected override string Format(HouseholdId value) => value.Value;
}

internal sealed class RewardIdConverter : TextConverter<RewardId>
{
    protected override RewardId Parse(string text) => new(text);

    protected override string Format(RewardId value) => value.Value;
}

internal sealed class RedemptionIdConverter : TextConverter<RedemptionId>
{
    protected override RedemptionId Parse(string text) => new(text);

    protected override string Format(RedemptionId value) => value.Value;
}

internal sealed class ActivityTypeConverter : TextConverter<ActivityType>
{
    protected override ActivityType Parse(string text) => new(text);

    protected override string Format(ActivityType value) => value.Value;
}

internal sealed class AccountConverter : TextConverter<Account>
{
    protected override Account Parse(string text) => new(text);

    protected override string Format(Account value) => value.Name;
}

internal sealed class LotIdConverter : TextConverter<LotId>
{
    protected override LotId Parse(string text) => LotId.TryParse(text, out var id) ? id : throw new JsonException($"'{text}' is not a lot.");

    protected override string Format(LotId value) => value.ToString();
}

internal sealed class KeyHashConverter : TextConverter<KeyHash>
{
    protected override KeyHash Parse(string text) => new(
        ulong.Parse(text.AsSpan(16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
        ulong.Parse(text.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));

    protected override string Format(KeyHash value) => value.ToString();
}

/// <summary>A date or time, read by a pattern and written as that pattern would.</summary>
internal abstract class IsoConverter<T>(IPattern<T> pattern) : JsonConverter<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader is { TokenType: JsonTokenType.String, HasValueSequence: false, ValueIsEscaped: false } && TryRead(reader.ValueSpan, out var value)
            ? value
            : pattern.Parse(reader.GetString() ?? throw new JsonException($"A {typeof(T).Name} is a text.")).GetValueOrThrow();

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[IsoText.BytesMax];
        writer.WriteStringValue(text[..Write(value, text)]);
    }

    protected abstract int Write(T value, Span<byte> text);

    protected abstract bool TryRead(ReadOnlySpan<byte> text, out T value);
}

internal sealed class InstantConverter() : IsoConverter<Instant>(InstantPattern.ExtendedIso)
{
    protected override bool TryRead(ReadOnlySpan<byte> text, out Instant value) => IsoText.TryRead(text, out value);

    protected override int Write(Instant value, Span<byte> text) => IsoText.Write(value, text);
}

internal sealed class LocalDateConverter() : IsoConverter<LocalDate>(LocalDatePattern.Iso)
{
    protected override bool TryRead(ReadOnlySpan<byte> text, out LocalDate value) => IsoText.TryRead(text, out value);

    protected override int Write(LocalDate value, Span<byte> text) => IsoText.Write(value, text);
}

internal sealed class LocalTimeConverter : TextConverter<LocalTime>
{
    // Like 22:00: a cut-off has no seconds.
    private static readonly LocalTimePattern Pattern = LocalTimePattern.CreateWithInvariantCulture("HH':'mm");

    protected override LocalTime Parse(string text) => Pattern.Parse(text) is { Success: true, Value: var time }
        ? time
        : throw new JsonException($"'{text}' is not a time of day.");

    protected override string Format(LocalTime value) => Pattern.Format(value);
}

internal sealed class LotsConverter : JsonConverter<Lots>
{
    public override Lots Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Lots.From(JsonSerializer.Deserialize(ref reader, LedgerJson.Default.LotArray)!);

    public override void Write(Utf8JsonWriter writer, Lots value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, [.. value], LedgerJson.Default.LotArray);
}

internal sealed class CapBucketsConverter : JsonConverter<CapBuckets>
{
    public override CapBuckets Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        KeyValuePair<CapBucketKey, CapBucket>[] counted = [];
        LocalDate? forgottenThrough = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isCounted = reader.ValueTextEquals("counted"u8);
            reader.Read();
            if (isCounted)
            {
                counted = JsonSerializer.Deserialize(ref reader, LedgerJson.Default.KeyValuePairCapBucketKeyCapBucketArray)!;
            }
            else
            {
                forgottenThrough = LocalDatePattern.Iso.Parse(reader.GetString()!).GetValueOrThrow();
            }
        }

        return CapBuckets.From(counted, forgottenThrough);
    }

    public override void Write(Utf8JsonWriter writer, CapBuckets value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        if (value.ForgottenThrough is { } date)
        {
            writer.WriteString("forgottenThrough"u8, LocalDatePattern.Iso.Format(date));
        }

        // Sorted, so that equal states have equal bytes.
        writer.WritePropertyName("counted"u8);
        JsonSerializer.Serialize(
            writer,
            [.. value.All.OrderBy(b => b.Key.Scope, StringComparer.Ordinal).ThenBy(b => b.Key.Per).ThenBy(b => b.Key.Start)],
            LedgerJson.Default.KeyValuePairCapBucketKeyCapBucketArray);
        writer.WriteEndObject();
    }
}

/// <summary>
/// <c>{"attributes":{"amount":3000,"venue":"hall-1"},"tags":["volunteer"]}</c>; a number is a number, a word a text, and what is empty is absent.
/// </summary>
internal sealed class ActivityDetailsConverter : JsonConverter<ActivityDetails>
{
    public override ActivityDetails? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        List<KeyValuePair<string, AttributeValue>> attributes = [];
        List<string> tags = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isTags = reader.ValueTextEquals("tags"u8);
            reader.Read();
            while (reader.Read() && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
            {
                if (isTags)
                {
                    tags.Add(reader.GetString()!);
                    continue;
                }

                var name = reader.GetString()!;
                reader.Read();
                attributes.Add(new(name, reader.TokenType == JsonTokenType.Number
                    ? AttributeValue.Of(reader.GetInt64())
                    : AttributeValue.Of(reader.GetString()!)));
            }
        }

        return ActivityDetails.Of(attributes, tags);
    }

    public override void Write(Utf8JsonWriter writer, ActivityDetails value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        if (!value.Attributes.IsEmpty)
        {
            writer.WriteStartObject("attributes"u8);
            foreach (var (name, attribute) in value.Attributes)
            {
                if (attribute.Word is { } word)
                {
                    writer.WriteString(name, word);
                }
                else
                {
                    writer.WriteNumber(name, attribute.Number);
                }
            }

            writer.WriteEndObject();
        }

        if (!value.Tags.IsEmpty)
        {
            writer.WriteStartArray("tags"u8);
            foreach (var tag in value.Tags)
            {
                writer.WriteStringValue(tag);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}

internal sealed class RecentCommandsConverter : JsonConverter<RecentCommands>
{
    public override RecentCommands Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        RecentCommands.From(JsonSerializer.Deserialize(ref reader, LedgerJson.Default.RecentCommandArray)!);

    public override void Write(Utf8JsonWriter writer, RecentCommands value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.ToArray(), LedgerJson.Default.RecentCommandArray);
}
