using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Ledger.Transactions;
using NodaTime;

namespace Ledger.Programmes;

/// <summary>What reading a programme gives: the programme, or everything that is wrong with it.</summary>
/// <param name="Programme">The programme; null when there are problems.</param>
/// <param name="Problems">The problems found, in reading order; at most <see cref="ProgrammeReader.ProblemsMax"/>.</param>
public sealed record ProgrammeReading(Programme? Programme, ImmutableArray<ProgrammeProblem> Problems);

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
/// </remarks>
public static class ProgrammeReader
{
    /// <summary>The largest programme, in bytes of UTF-8.</summary>
    public const int BytesMax = 1_048_576;

    /// <summary>The most problems that are told at once.</summary>
    public const int ProblemsMax = 100;

    private const string AnyType = "*";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly Dictionary<string, Clawback> Clawbacks = new()
    {
        ["debt"] = Clawback.Debt,
        ["write_off"] = Clawback.WriteOff,
    };

    private static readonly Dictionary<string, Rounding> Roundings = new()
    {
        ["down"] = Rounding.Down,
        ["up"] = Rounding.Up,
        ["half_up"] = Rounding.HalfUp,
    };

    private static readonly Dictionary<string, RoundUp> RoundUps = new()
    {
        ["none"] = RoundUp.None,
        ["month"] = RoundUp.Month,
        ["quarter"] = RoundUp.Quarter,
        ["year"] = RoundUp.Year,
    };

    private static readonly Dictionary<string, CapPeriod> Periods = new()
    {
        ["local_day"] = CapPeriod.LocalDay,
        ["month"] = CapPeriod.Month,
    };

    private static readonly Dictionary<string, CapReversal> Reversals = new()
    {
        ["keep"] = CapReversal.Keep,
        ["restore"] = CapReversal.Restore,
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
            return Read(document.RootElement);
        }
        catch (JsonException e)
        {
            return Unreadable($"is not JSON as expected: {e.Message}");
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

    private static ProgrammeReading Unreadable(string text) => new(null, [new("$", text)]);

    private static ProgrammeReading Read(JsonElement root)
    {
        var problems = new List<ProgrammeProblem>();
        var reader = new JsonNodeReader(root, "$", problems);
        var zone = Zone(reader);
        var (activities, any) = Activities(reader);
        var programme = new Programme
        {
            Zone = zone ?? DateTimeZone.Utc,
            Activities = activities,
            AnyActivity = any,
            Expiry = Expiry(reader) ?? ExpiryPolicy.Never.Instance,
            Clawback = reader.Word("clawback", Clawbacks, Clawback.Debt) ?? default,
            RefundGraceDays = (int)(reader.Whole("refundGraceDays", 0, 366, 0) ?? 0),
            Lateness = ReadLateness(reader),
        };
        reader.NothingElse();
        return new(problems.Count == 0 ? programme : null, [.. problems]);
    }

    private static DateTimeZone? Zone(JsonNodeReader reader)
    {
        var id = reader.Text("zone", required: false) ?? "Asia/Shanghai";
        var zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(id);
        if (zone is null)
        {
            reader.Problem(reader.At("zone"), $"must be a zone of the tz database such as Asia/Shanghai; is {JsonNodeReader.Quoted(id)}");
        }

        return zone;
    }

    private static (ImmutableDictionary<ActivityType, ActivityRule> ByType, ActivityRule? Any) Activities(JsonNodeReader parent)
    {
        var byType = ImmutableDictionary.CreateBuilder<ActivityType, ActivityRule>();
        var any = null as ActivityRule;
        var seen = new HashSet<string>();
        foreach (var (item, path) in parent.Items("activities", required: true))
        {
            var reader = new JsonNodeReader(item, path, parent.Problems);
            var type = reader.Text("type");
            var rule = Rule(reader);
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

    private static ActivityRule Rule(JsonNodeReader reader) => new(
        Formula(reader) ?? new AwardFormula.Fixed(new Points(1)),
        Caps(reader),
        Expiry(reader),
        Names(reader));

    private static AwardFormula? Formula(JsonNodeReader parent)
    {
        if (parent.Required("award") is not { } element)
        {
            return null;
        }

        var reader = new JsonNodeReader(element, parent.At("award"), parent.Problems);
        var kind = reader.Text("kind");
        var points = new Points(reader.Whole("points", 1, Points.Max.Value) ?? 1);
        AwardFormula? formula = kind switch
        {
            "fixed" => new AwardFormula.Fixed(points),
            "per_unit" => new AwardFormula.PerUnit(
                points, reader.Whole("units", 1, Points.Max.Value, 1) ?? 1, reader.Word("rounding", Roundings, Rounding.Down) ?? default),
            _ => null,
        };
        return Known(reader, kind, formula, "fixed, per_unit");
    }

    private static ExpiryPolicy? Expiry(JsonNodeReader parent)
    {
        if (parent.Optional("expiry") is not { } element)
        {
            return null;
        }

        var reader = new JsonNodeReader(element, parent.At("expiry"), parent.Problems);
        var kind = reader.Text("kind");
        ExpiryPolicy? expiry = kind switch
        {
            "never" => ExpiryPolicy.Never.Instance,
            "rolling" => new ExpiryPolicy.Rolling(
                (int)(reader.Whole("months", 1, 600) ?? 1), reader.Word("roundUp", RoundUps, RoundUp.None) ?? default),
            _ => null,
        };
        return Known(reader, kind, expiry, "never, rolling");
    }

    private static T? Known<T>(JsonNodeReader reader, string? kind, T? value, string kinds)
        where T : class
    {
        if (value is not null)
        {
            reader.NothingElse();
        }
        else if (kind is not null)
        {
            reader.Problem(reader.At("kind"), $"must be one of {kinds}; is {JsonNodeReader.Quoted(kind)}");
        }

        return value;
    }

    private static ImmutableArray<Cap> Caps(JsonNodeReader parent)
    {
        var caps = ImmutableArray.CreateBuilder<Cap>();
        foreach (var (item, path) in parent.Items("caps", required: false))
        {
            var reader = new JsonNodeReader(item, path, parent.Problems);
            var per = reader.Word("per", Periods);
            var points = reader.Whole("points", 1, Points.Max.Value);
            var onReversal = reader.Word("onReversal", Reversals, CapReversal.Keep);
            reader.NothingElse();
            if (per is { } period && caps.Any(cap => cap.Per == period))
            {
                reader.Problem(reader.At("per"), "this activity has a cap for that period already");
            }
            else if (per is { } one && points is { } limit && onReversal is { } reversal)
            {
                caps.Add(new(one, new Points(limit), reversal));
            }
        }

        return caps.ToImmutable();
    }

    private static ImmutableDictionary<string, string> Names(JsonNodeReader reader)
    {
        var names = ImmutableDictionary.CreateBuilder<string, string>();
        foreach (var (name, value, path) in reader.Members("names"))
        {
            if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= 100 } text)
            {
                names[name] = text;
            }
            else
            {
                reader.Problem(path, "must be a text of 1 to 100 characters");
            }
        }

        return names.ToImmutable();
    }

    private static Lateness ReadLateness(JsonNodeReader parent)
    {
        if (parent.Optional("lateness") is not { } element)
        {
            return Lateness.Default;
        }

        var reader = new JsonNodeReader(element, parent.At("lateness"), parent.Problems);
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
