using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Ledger.Transactions;
using NodaTime;

namespace Ledger.Programmes;

/// <summary>What reading a programme gives: the programme, or everything that is wrong with it.</summary>
/// <param name="Programme">The programme; null when there are problems.</param>
/// <param name="Problems">The problems found, in reading order; at most <see cref="ProgrammeReader.ProblemsMax"/>.</param>
/// <param name="Warnings">What is allowed and does nothing, such as a rule that never matches; as many at most.</param>
public sealed record ProgrammeReading(
    Programme? Programme, ImmutableArray<ProgrammeProblem> Problems, ImmutableArray<ProgrammeProblem> Warnings);

/// <summary>Reads a programme from JSON. Unknown members are refused, and all problems are told at once.</summary>
/// <remarks>
/// <code>
/// { "zone": "Asia/Shanghai",
///   "expiry": { "kind": "rolling", "months": 12, "roundUp": "month" },
///   "clawback": "debt", "refundGraceDays": 0,
///   "lateness": { "daysMax": 30, "minutesAheadMax": 5, "validityDaysMin": 30, "daysMaxBySource": { "/clinic": 90 } },
///   "activities": [
///     { "type": "charity-service", "names": { "zh-CN": "公益服务" },
///       "award": { "kind": "per_unit", "points": 10, "units": 60, "rounding": "down" },
///       "caps": [ { "per": "local_day", "points": 100, "onReversal": "keep" } ] },
///     { "type": "*", "award": { "kind": "fixed", "points": 1 } } ] }
/// </code>
/// Instead of one <c>award</c> an activity may have <c>rules</c> with conditions (<see cref="RuleReader"/>); <c>caps</c>,
/// <c>campaigns</c> and <c>tiers</c> beside the activities go across them. <c>holding</c> (<see cref="HoldingReader"/>) and
/// <c>expiryWarnings</c> (<see cref="ExpiryWarningsReader"/>) are about wallets.
/// </remarks>
public static class ProgrammeReader
{
    /// <summary>The largest programme, in bytes of UTF-8.</summary>
    public const int BytesMax = 1_048_576;

    /// <summary>The most problems that are told at once.</summary>
    public const int ProblemsMax = 100;

    internal const string AnyType = "*";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly Dictionary<string, Clawback> Clawbacks = new()
    {
        ["debt"] = Clawback.Debt,
        ["write_off"] = Clawback.WriteOff,
    };

    private static readonly Dictionary<string, RoundUp> RoundUps = new()
    {
        ["none"] = RoundUp.None,
        ["month"] = RoundUp.Month,
        ["quarter"] = RoundUp.Quarter,
        ["year"] = RoundUp.Year,
    };

    private static readonly Dictionary<string, ResidentAct> ResidentActs = new()
    {
        ["earned"] = ResidentAct.Earned,
        ["spent"] = ResidentAct.Spent,
    };

    /// <summary>Reads a programme.</summary>
    /// <param name="json">The text, at most <see cref="BytesMax"/> bytes.</param>
    public static ProgrammeReading Read(string json)
    {
        if (Encoding.UTF8.GetByteCount(json) > BytesMax)
        {
            return Unreadable($"is larger than {BytesMax} bytes");
        }

        try
        {
            var options = new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 16 };
            using var document = JsonDocument.Parse(StrictUtf8.GetBytes(json), options);
            return Read(document.RootElement, asked: null);
        }
        catch (JsonException e)
        {
            return Unreadable(JsonNodeReader.WordsOf(e));
        }
        catch (EncoderFallbackException e)
        {
            return Unreadable($"holds half of a character (an unpaired surrogate) at position {e.Index}");
        }
        catch (InvalidOperationException)
        {
            // The same half written as an escape: well-formed JSON, but no text. Only reading the text tells.
            return Unreadable("holds half of a character (an escape from \\ud800 to \\udfff without its partner)");
        }
    }

    private static ProgrammeReading Unreadable(string text) => new(null, [new("$", text)], []);

    /// <summary>Reads a programme that is JSON already.</summary>
    /// <param name="root">What is read.</param>
    /// <param name="asked">Where what is asked for is written down; null for nowhere.</param>
    internal static ProgrammeReading Read(JsonElement root, AskedPlace? asked)
    {
        var findings = new ProgrammeFindings();
        var reader = new JsonNodeReader(root, "$", findings, asked);

        // For editors, which show what may stand where by it; it says nothing to us.
        _ = reader.Text("$schema", required: false);
        var zone = Zone(reader);
        var tiers = TierReader.Read(reader);
        var (activities, any) = Activities(reader, tiers);
        TierReader.CheckReach(reader, tiers, any is null ? activities.Values : activities.Values.Append(any));
        var programme = new Programme
        {
            Zone = zone ?? DateTimeZone.Utc,
            Activities = activities,
            AnyActivity = any,
            Caps = CapReader.Shared(reader, IsKnown),
            Campaigns = CampaignReader.Read(reader, IsKnown, tiers),
            Tiers = tiers,
            Expiry = Expiry(reader) ?? ExpiryPolicy.Never.Instance,
            Clawback = reader.Word("clawback", Clawbacks, Clawback.Debt) ?? default,
            RefundGraceDays = (int)(reader.Whole("refundGraceDays", 0, 366, 0) ?? 0),
            Lateness = ReadLateness(reader),
            Adjustments = ApprovalReader.Adjustments(reader),
            Holding = HoldingReader.Read(reader),
            Gifts = GiftReader.Read(reader),
            Funds = FundReader.Read(reader),
            Warnings = ExpiryWarningsReader.Read(reader),
        };
        reader.NothingElse();
        if (programme.Holding is { Fund: not null } && activities.Values.Append(any).Any(rule => rule?.MayWait == true))
        {
            reader.Problem(
                reader.At("holding"),
                "cannot send points to a fund where awards wait for a decision (an approval, or a check that holds): what is rejected later would be there already");
        }

        if (programme.Warnings is not null && !Expires(programme))
        {
            reader.Findings.Warn(reader.At("expiryWarnings"), "never warns: no points expire");
        }

        if (programme.Warnings is { NoWarningNoExpiry: true, NoticeDays: var days } && Policies(programme).Any(policy => policy.EndsWithin(days)))
        {
            reader.Findings.Warn(
                reader.At("expiryWarnings"), $"waits longer than an expiry: no points expire sooner than {days} days after they came in, whatever `expiry` says");
        }

        return new(findings.Problems.Count == 0 ? programme : null, [.. findings.Problems], [.. findings.Warnings]);

        bool IsKnown(ActivityType type) => any is not null || activities.ContainsKey(type);
    }

    private static bool Expires(Programme programme) => Policies(programme).Any(policy => policy is not ExpiryPolicy.Never);

    private static IEnumerable<ExpiryPolicy> Policies(Programme programme) =>
        programme.Activities.Values.Append(programme.AnyActivity).Select(rule => rule?.Expiry).Append(programme.Expiry).OfType<ExpiryPolicy>();

    private static DateTimeZone? Zone(JsonNodeReader reader)
    {
        var id = reader.Text("zone", required: false) ?? Programme.DefaultZone.Id;
        var zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(id);
        if (zone is null)
        {
            reader.Problem(reader.At("zone"), $"must be a zone of the tz database such as Asia/Shanghai; is {JsonNodeReader.Quoted(id)}");
        }

        return zone;
    }

    private static (ImmutableDictionary<ActivityType, ActivityRule> ByType, ActivityRule? Any) Activities(JsonNodeReader parent, TierPolicy? tiers)
    {
        var byType = ImmutableDictionary.CreateBuilder<ActivityType, ActivityRule>();
        var any = null as ActivityRule;
        var seen = new HashSet<string>();
        var rules = 0;
        foreach (var (item, path) in parent.Items("activities", required: true))
        {
            var reader = parent.Of(item, path);
            var type = reader.Text("type");
            var rule = Rule(reader, type, rules, parent.Has("campaigns"), tiers);
            rules += rule.Rules.Length;
            reader.NothingElse();
            if (type is null || TypeProblem(type, seen) is { } problem && Complain(reader, problem))
            {
                continue;
            }

            if (type == AnyType)
            {
                any = rule;
            }
            else
            {
                byType[new ActivityType(type)] = rule;
            }
        }

        return (byType.ToImmutable(), any);
    }

    private static bool Complain(JsonNodeReader reader, string problem)
    {
        reader.Problem(reader.At("type"), problem);
        return true;
    }

    private static string? TypeProblem(string type, HashSet<string> seen)
    {
        if (type != AnyType && !Identifier.IsValid(type))
        {
            return $"must be {Identifier.Rule}, or \"*\" for any; is {JsonNodeReader.Quoted(type)}";
        }

        return seen.Add(type) ? null : $"\"{type}\" has a rule already";
    }

    private static ActivityRule Rule(JsonNodeReader reader, string? type, int rulesBefore, bool hasCampaigns, TierPolicy? tiers)
    {
        var rules = RuleReader.Read(reader, type, rulesBefore, tiers);
        var rule = new ActivityRule(rules, CapReader.OfActivity(reader, type, rules, hasCampaigns || tiers is not null), Expiry(reader), reader.Localized("names", 100))
        {
            Pending = Pending(reader),
            Approval = ApprovalReader.OfActivity(reader),
            Checks = ApprovalReader.Checks(reader),
        };
        ApprovalReader.WarnOf(reader, rule);
        return rule;
    }

    private static PendingPolicy? Pending(JsonNodeReader parent)
    {
        if (parent.Optional("pending") is not { } element)
        {
            return null;
        }

        var reader = parent.Of(element, parent.At("pending"));
        var kind = reader.Text("kind");
        PendingPolicy? pending = kind switch
        {
            "days" => new PendingPolicy.ForDays((int)(reader.Whole("days", 1, 366) ?? 1)),
            "until" => new PendingPolicy.UntilDate(reader.Date("date", "2027-03-31") ?? default),
            _ => null,
        };
        return reader.Known(kind, pending, "days, until");
    }

    private static ExpiryPolicy? Expiry(JsonNodeReader parent)
    {
        if (parent.Optional("expiry") is not { } element)
        {
            return null;
        }

        var reader = parent.Of(element, parent.At("expiry"));
        var kind = reader.Text("kind");
        ExpiryPolicy? expiry = kind switch
        {
            "never" => ExpiryPolicy.Never.Instance,
            "rolling" => new ExpiryPolicy.Rolling(
                (int)(reader.Whole("months", 1, 600) ?? 1), reader.Word("roundUp", RoundUps, RoundUp.None) ?? default),
            "on_date" => new ExpiryPolicy.OnDate(reader.Date("date", "2027-03-31") ?? default),
            "yearly" => new ExpiryPolicy.Yearly(
                (int)(reader.Whole("month", 1, 12) ?? 1), (int)(reader.Whole("day", 1, 31) ?? 1), (int)(reader.Whole("monthsMin", 0, 120, 0) ?? 0)),
            "inactivity" => new ExpiryPolicy.Inactivity((int)(reader.Whole("months", 1, 600) ?? 1), Counts(reader)),
            _ => null,
        };
        return reader.Known(kind, expiry, "never, rolling, on_date, yearly, inactivity");
    }

    private static ImmutableArray<ResidentAct> Counts(JsonNodeReader reader) => reader.Optional("counts") is null
        ? ExpiryPolicy.Inactivity.DefaultCounts
        : [.. reader.Words("counts", ResidentActs, "act").Distinct().Order()];

    private static Lateness ReadLateness(JsonNodeReader parent)
    {
        if (parent.Optional("lateness") is not { } element)
        {
            return Lateness.Default;
        }

        var reader = parent.Of(element, parent.At("lateness"));
        var bySource = ImmutableDictionary.CreateBuilder<string, int>();
        foreach (var (source, value, path) in reader.Members("daysMaxBySource"))
        {
            bySource[CommandKey.Event(source, string.Empty).Source] = (int)(reader.WholeAt(value, path, 0, 366) ?? 0);
        }

        var lateness = new Lateness(
            (int)(reader.Whole("daysMax", 0, 366, Lateness.Default.DaysMax) ?? 0),
            bySource.ToImmutable(),
            (int)(reader.Whole("minutesAheadMax", 0, 60, Lateness.Default.MinutesAheadMax) ?? 0),
            (int)(reader.Whole("validityDaysMin", 0, 366, Lateness.Default.ValidityDaysMin) ?? 0));
        reader.NothingElse();
        return lateness;
    }
}
