using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Ledger.Programmes;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Rewards;

/// <summary>What reading a reward gives: the reward, or everything that is wrong with it.</summary>
/// <param name="Reward">The reward; null when there are problems.</param>
/// <param name="Problems">The problems found, in reading order.</param>
public sealed record RewardReading(Reward? Reward, IReadOnlyList<ProgrammeProblem> Problems);

/// <summary>Reads a reward from JSON. Unknown members are refused, and all problems are told at once.</summary>
/// <remarks>
/// <code>
/// { "kind": "service", "category": "health", "merchant": "clinic",
///   "names": { "zh-CN": "上门量血压", "en": "Blood pressure at home" },
///   "price": { "points": 80, "cash": { "amount": 990, "currency": "CNY" } },
///   "tierPrices": { "gold": { "points": 60 } },
///   "from": "2027-01-01T00:00:00+08:00",
///   "limits": [ { "per": "month", "max": 2 } ],
///   "handover": "appointment",
///   "cancellation": [ { "status": "booked", "by": ["resident"], "basisPoints": 5000, "beforeSlotMinutes": 1440 } ] }
/// </code>
/// </remarks>
public static class RewardReader
{
    private const int NamesCharactersMax = 100;
    private const int TextsCharactersMax = 2_000;
    private const int ImagesMax = 10;
    private const int AddressCharactersMax = 500;
    private const int LanguagesMax = 10;
    private const int YearOfMinutes = 366 * 24 * 60;
    private const string TimeExample = "2027-01-01T00:00:00+08:00";

    private static readonly Instant FirstTime = Instant.FromUtc(1900, 1, 1, 0, 0);
    private static readonly Instant EndOfTime = Instant.FromUtc(9000, 1, 1, 0, 0);

    private static readonly Dictionary<string, RewardKind> Kinds = new()
    {
        ["goods"] = RewardKind.Goods,
        ["service"] = RewardKind.Service,
        ["voucher"] = RewardKind.Voucher,
        ["health_card"] = RewardKind.HealthCard,
        ["charity_wish"] = RewardKind.CharityWish,
    };

    private static readonly Dictionary<string, Handover> Handovers = new()
    {
        ["pick_up"] = Handover.PickUp,
        ["appointment"] = Handover.Appointment,
        ["delivery"] = Handover.Delivery,
    };

    private static readonly Dictionary<string, RedemptionStatus> Cancellable = new()
    {
        ["placed"] = RedemptionStatus.Placed,
        ["ready"] = RedemptionStatus.Ready,
        ["booked"] = RedemptionStatus.Booked,
    };

    private static readonly Dictionary<string, Party> Parties = new()
    {
        ["resident"] = Party.Resident,
        ["merchant"] = Party.Merchant,
        ["operator"] = Party.Operator,
    };

    /// <summary>The categories by what they are called in JSON.</summary>
    public static IReadOnlyDictionary<string, RewardCategory> Categories { get; } = new Dictionary<string, RewardCategory>
    {
        ["health"] = RewardCategory.Health,
        ["elder_care"] = RewardCategory.ElderCare,
        ["education"] = RewardCategory.Education,
        ["shops"] = RewardCategory.Shops,
        ["property"] = RewardCategory.Property,
        ["club"] = RewardCategory.Club,
        ["charity"] = RewardCategory.Charity,
    };

    /// <summary>Reads a reward.</summary>
    /// <param name="id">Its identifier.</param>
    /// <param name="revision">Which revision of it.</param>
    /// <param name="json">The text.</param>
    public static RewardReading Read(RewardId id, int revision, string json)
    {
        try
        {
            var options = new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 };
            using var document = JsonDocument.Parse(json, options);
            return Read(id, revision, document.RootElement);
        }
        catch (JsonException e)
        {
            return Unreadable(JsonNodeReader.WordsOf(e));
        }
        catch (Exception e) when (e is InvalidOperationException or EncoderFallbackException)
        {
            return Unreadable("holds half of a character (an unpaired surrogate)");
        }
    }

    private static RewardReading Unreadable(string text) => new(null, [new("$", text)]);

    private static RewardReading Read(RewardId id, int revision, JsonElement root)
    {
        var findings = new ProgrammeFindings();
        var reader = new JsonNodeReader(root, "$", findings);

        // "kind" is read as a plain word: unlike in programmes no other member depends on it.
        var reward = new Reward
        {
            Id = id,
            Revision = revision,
            Kind = reader.Word("kind", Kinds) ?? default,
            Category = reader.Word("category", Categories) ?? default,
            Merchant = new(reader.Id("merchant") ?? ""),
            Price = reader.Required("price") is { } price ? Price(reader.Of(price, reader.At("price"))) : new(new(1)),
            TierPrices = TierPrices(reader),
            Tiers = reader.Optional("tiers") is null ? [] : reader.Ids("tiers", countMax: 10),
            From = Time(reader, "from"),
            Until = Time(reader, "until"),
            Limits = Limits(reader),
            Limited = reader.Flag("limited", otherwise: false),
            Handover = reader.Word("handover", Handovers) ?? default,
            HoldMinutes = (int)(reader.Whole("holdMinutes", 1, Wallets.Holding.MinutesMax, 24 * 60) ?? 1),
            Cancellation = Cancellation(reader),
            Names = reader.Localized("names", NamesCharactersMax, LanguagesMax),
            Texts = reader.Localized("texts", TextsCharactersMax, LanguagesMax),
            Images = Images(reader),
        };
        reader.NothingElse();
        Check(reader, reward);
        return findings.Problems.Count == 0 ? new(reward, []) : new(null, findings.Problems);
    }

    private static void Check(JsonNodeReader reader, Reward reward)
    {
        if (reward.From >= reward.Until)
        {
            reader.Problem(reader.At("until"), "must be after from");
        }

        if (reward.Names.IsEmpty && reader.IsObject)
        {
            reader.Problem(reader.At("names"), "must name it in at least one language");
        }

        if (reward.TierPrices.Values.Prepend(reward.Price).Select(price => price.Cash?.Currency).OfType<string>().Distinct().Count() > 1)
        {
            reader.Problem(reader.At("tierPrices"), "must be in one currency");
        }
    }

    private static RewardPrice Price(JsonNodeReader reader)
    {
        var points = new Points(reader.Whole("points", 1, RewardPrice.PointsMax) ?? 1);
        var price = new RewardPrice(points, reader.Optional("cash") is { } cash ? Cash(reader.Of(cash, reader.At("cash"))) : null);
        reader.NothingElse();
        return price;
    }

    private static Cash Cash(JsonNodeReader reader)
    {
        var amount = reader.Whole("amount", 1, RewardPrice.PointsMax) ?? 1;
        var currency = reader.Text("currency") ?? "";
        if (currency.Length > 0 && (currency.Length != 3 || !currency.All(char.IsAsciiLetterUpper)))
        {
            reader.Problem(reader.At("currency"), "must be a currency of ISO 4217 such as CNY");
        }

        reader.NothingElse();
        return new(amount, currency);
    }

    private static ImmutableDictionary<string, RewardPrice> TierPrices(JsonNodeReader parent)
    {
        var prices = ImmutableDictionary.CreateBuilder<string, RewardPrice>();
        foreach (var (tier, value, path) in parent.Members("tierPrices"))
        {
            if (!Identifier.IsValid(tier))
            {
                parent.Problem(path, $"must be the id of a tier: {Identifier.Rule}");
            }

            prices[tier] = Price(parent.Of(value, path));
        }

        return prices.ToImmutable();
    }

    private static ImmutableArray<RewardLimit> Limits(JsonNodeReader parent)
    {
        var limits = ImmutableArray.CreateBuilder<RewardLimit>();
        foreach (var (item, path) in parent.Items("limits", required: false))
        {
            var reader = parent.Of(item, path);
            var per = reader.Word("per", RuleReader.CountedPeriods);
            var max = reader.Whole("max", 1, Points.Max.Value);
            reader.NothingElse();
            if (per is { } period && limits.Any(limit => limit.Per == period))
            {
                reader.Problem(reader.At("per"), "comes twice");
            }
            else if (per is { } fresh && max is { } most)
            {
                limits.Add(new(fresh, most));
            }
        }

        return limits.ToImmutable();
    }

    private static ImmutableArray<CancellationRule> Cancellation(JsonNodeReader parent)
    {
        if (parent.Optional("cancellation") is null)
        {
            return CancellationRule.Otherwise;
        }

        var rules = ImmutableArray.CreateBuilder<CancellationRule>();
        foreach (var (item, path) in parent.Items("cancellation", required: false))
        {
            var reader = parent.Of(item, path);
            var rule = new CancellationRule(
                reader.Word("status", Cancellable) ?? default,
                reader.Words("by", Parties, "party"),
                (int)(reader.Whole("basisPoints", 0, CancellationRule.Whole, CancellationRule.Whole) ?? 0),
                Minutes(reader, "withinMinutes"),
                Minutes(reader, "beforeSlotMinutes"),
                reader.Flag("keepsStock", otherwise: false));
            if (rules.Any(other => other.Status == rule.Status && other.By.Intersect(rule.By).Any()))
            {
                reader.Problem(path, "is a second rule for one of its parties in this state");
            }

            if (rule.BeforeSlotMinutes is not null && rule.Status != RedemptionStatus.Booked)
            {
                reader.Problem(reader.At("beforeSlotMinutes"), "is only for the state booked");
            }

            reader.NothingElse();
            rules.Add(rule);
        }

        return rules.ToImmutable();
    }

    private static int? Minutes(JsonNodeReader reader, string member) =>
        reader.Optional(member) is null ? null : (int?)reader.Whole(member, 0, YearOfMinutes);

    private static Instant? Time(JsonNodeReader reader, string member)
    {
        var time = reader.Parsed(member, OffsetDateTimePattern.Rfc3339, TimeExample, required: false)?.ToInstant();
        if (time < FirstTime || time >= EndOfTime)
        {
            reader.Problem(reader.At(member), "must lie in the years 1900 to 8999");
        }

        return time;
    }

    private static ImmutableArray<string> Images(JsonNodeReader reader)
    {
        var images = ImmutableArray.CreateBuilder<string>();
        foreach (var (item, path) in reader.Items("images", required: false))
        {
            if (reader.ShortTextAt(item, path, AddressCharactersMax) is not { } address)
            {
                continue;
            }

            if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps)
            {
                reader.Problem(path, "must be an https address");
            }

            if (images.Count == ImagesMax)
            {
                reader.Problem(reader.At("images"), $"must be at most {ImagesMax}");
                break;
            }

            images.Add(address);
        }

        return images.ToImmutable();
    }
}
