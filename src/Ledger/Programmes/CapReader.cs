using System.Collections.Immutable;
using Ledger.Rules;

namespace Ledger.Programmes;

/// <summary>Reads caps: of one activity, and shared by several.</summary>
/// <remarks>
/// <code>
/// "caps": [ { "per": "local_day", "points": 100 }, { "per": "iso_week", "times": 3, "onExcess": "refuse", "onReversal": "restore" } ]
/// "caps": [ { "id": "sport", "activities": [ "swim", "walk" ], "per": "month", "points": 300 } ]
/// </code>
/// </remarks>
internal static class CapReader
{
    /// <summary>Types under "*" have no end, and what is counted for a lifetime is never forgotten.</summary>
    public const string NoLifetime = "a lifetime is counted for an activity with a type of its own, not for \"*\"";

    private const int SharedMax = 50;
    private const int ActivitiesMax = 200;

    private static readonly Dictionary<string, CapPeriod> Periods = new()
    {
        ["local_day"] = CapPeriod.LocalDay,
        ["month"] = CapPeriod.Month,
        ["iso_week"] = CapPeriod.IsoWeek,
        ["lifetime"] = CapPeriod.Lifetime,
        ["event"] = CapPeriod.Event,
    };

    private static readonly Dictionary<string, CapReversal> Reversals = new()
    {
        ["keep"] = CapReversal.Keep,
        ["restore"] = CapReversal.Restore,
    };

    private static readonly Dictionary<string, CapExcess> Excesses = new()
    {
        ["clip"] = CapExcess.Clip,
        ["refuse"] = CapExcess.Refuse,
    };

    // The longest that a shorter period comes in a longer one: more often it cannot.
    private static readonly (CapPeriod Short, CapPeriod Long, int TimesMax)[] Within =
    [
        (CapPeriod.LocalDay, CapPeriod.IsoWeek, 7),
        (CapPeriod.LocalDay, CapPeriod.Month, 31),
    ];

    /// <summary>The caps of one activity.</summary>
    /// <param name="parent">The activity.</param>
    /// <param name="type">Its type.</param>
    /// <param name="rules">Its rules, to find caps that never bind.</param>
    /// <param name="canBeMore">Can an award be more than its rules give?</param>
    public static ImmutableArray<Cap> OfActivity(JsonNodeReader parent, string? type, ImmutableArray<EarnRule> rules, bool canBeMore)
    {
        var caps = ImmutableArray.CreateBuilder<Cap>();
        foreach (var (item, path) in parent.Items("caps", required: false))
        {
            var reader = parent.Of(item, path);
            if (One(reader) is not { } cap)
            {
                continue;
            }

            if (caps.Any(other => other.Per == cap.Per && other.Unit == cap.Unit))
            {
                reader.Problem(reader.At("per"), "this activity has a cap for that period already");
                continue;
            }

            if (cap.Per == CapPeriod.Lifetime && type == ProgrammeReader.AnyType)
            {
                reader.Problem(reader.At("per"), NoLifetime);
            }

            if (!canBeMore && cap is { Per: CapPeriod.Event, Unit: CapUnit.Points } && LargestAward(rules) is { } largest && largest <= cap.Limit)
            {
                reader.Findings.Warn(path, $"never binds: no award is more than {largest} point{(largest == 1 ? "" : "s")}");
            }

            caps.Add(cap);
        }

        WarnOfLongOnes(parent, caps);
        return caps.ToImmutable();
    }

    /// <summary>The caps that several activities share.</summary>
    /// <param name="parent">The programme.</param>
    /// <param name="isKnown">Does the programme award activities of a type?</param>
    public static ImmutableArray<SharedCap> Shared(JsonNodeReader parent, Func<ActivityType, bool> isKnown)
    {
        var caps = ImmutableArray.CreateBuilder<SharedCap>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (item, path) in parent.Items("caps", required: false))
        {
            var reader = parent.Of(item, path);
            var id = reader.NewId("id", taken, "another cap");
            var activities = Activities(reader, isKnown);
            var cap = One(reader);
            if (caps.Count == SharedMax)
            {
                parent.Problem(path, $"a programme has at most {SharedMax} caps across activities");
                break;
            }
            else if (id is not null && cap is not null)
            {
                caps.Add(new(SharedCap.Prefix + id, activities, cap));
            }
        }

        return caps.ToImmutable();
    }

    /// <summary>The types that something is for; null for all.</summary>
    public static ImmutableHashSet<ActivityType>? Activities(JsonNodeReader reader, Func<ActivityType, bool> isKnown)
    {
        if (reader.Optional("activities") is null)
        {
            return null;
        }

        var types = reader.Ids("activities", ActivitiesMax).Select(id => new ActivityType(id)).ToImmutableHashSet();
        foreach (var type in types.Where(type => !isKnown(type)).OrderBy(type => type.Value, StringComparer.Ordinal))
        {
            reader.Problem(reader.At("activities"), $"\"{type}\" is no activity of this programme");
        }

        return types;
    }

    private static Cap? One(JsonNodeReader reader)
    {
        var per = reader.Word("per", Periods);
        var points = reader.OptionalLimit("points");
        var times = reader.OptionalLimit("times");
        if (!reader.HasOneOf("points", "times"))
        {
            reader.Problem(reader.At("points"), reader.Peek("points") is null ? "is missing; or times" : "is one way or the other: points, or times");
            (points, times) = (null, null);
        }

        if (per == CapPeriod.Event && times is not null)
        {
            reader.Problem(reader.At("times"), "one event is one time: a cap per event counts points");
        }

        var onReversal = reader.Word("onReversal", Reversals, CapReversal.Keep);
        var onExcess = reader.Word("onExcess", Excesses, CapExcess.Clip);
        reader.NothingElse();
        return per is { } period && (points ?? times) is { } limit && onReversal is { } reversal && onExcess is { } excess
            ? new(period, limit, reversal, points is null ? CapUnit.Times : CapUnit.Points, excess)
            : null;
    }

    private static void WarnOfLongOnes(JsonNodeReader parent, ImmutableArray<Cap>.Builder caps)
    {
        foreach (var (shorter, longer, times) in Within)
        {
            for (var i = 0; i < caps.Count; i++)
            {
                var cap = caps[i];
                var other = caps.FirstOrDefault(candidate => candidate.Per == shorter && candidate.Unit == cap.Unit && candidate.OnReversal == cap.OnReversal);
                if (cap.Per == longer && other is not null && (Int128)other.Limit * times <= cap.Limit)
                {
                    parent.Findings.Warn($"{parent.At("caps")}[{i}]", $"never binds: the cap of {other.Limit} a day lets no more than {(Int128)other.Limit * times} through");
                }
            }
        }
    }

    private static long? LargestAward(ImmutableArray<EarnRule> rules) => rules.All(rule => rule is { Formula: AwardFormula.Fixed, Stacks: false })
        ? rules.Max(rule => ((AwardFormula.Fixed)rule.Formula).Points.Value)
        : null;
}
