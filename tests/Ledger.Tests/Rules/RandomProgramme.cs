using System.Text.Json.Nodes;
using Ledger.Programmes;
using Ledger.Rules;
using Ledger.Tests.Model;
using Ledger.Tests.Sequences;
using NodaTime;

namespace Ledger.Tests.Rules;

/// <summary>A programme with rules, caps and campaigns of every kind, and activities to try it on; drawn from a seed, biased to edges.</summary>
internal sealed class RandomProgramme
{
    public static readonly ActivityType[] Activities = [new("service"), new("class"), new("walk")];

    private static readonly string[] Days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    private static readonly string[] Words = ["hall", "yard", "pool"];
    private static readonly string[] Tags = ["senior", "volunteer", "new"];
    private static readonly string[] Tiers = ["bronze", "silver", "gold"];

    private readonly Random _chance;
    private readonly bool _hasTiers;
    private readonly Place _place;
    private readonly ModelCalendar _calendar;
    private readonly LocalDate _first;
    private int _ids;

    public RandomProgramme(int seed)
    {
        _chance = new(seed);
        _hasTiers = Happens(2);
        _place = Any([.. Place.All]);
        _calendar = ModelCalendar.Of(_place.Zone);
        _first = Any([.. _place.OddDates]).PlusDays(-Any(0, 1, 3, 6, 10));
        Json = Programme().ToJsonString();
    }

    /// <summary>The programme as an operator would write it.</summary>
    public string Json { get; }

    /// <summary>The programme as it was read; the reader must accept it.</summary>
    public Programme Read()
    {
        var reading = ProgrammeReader.Read(Json);
        Assert.True(reading.Programme is not null, $"{Json}\n{string.Join('\n', reading.Problems)}");
        return reading.Programme;
    }

    /// <summary>Some days before something odd happens to the clocks or the calendar of the programme's zone.</summary>
    public Instant Start => Instant.FromUtc(_first.Year, _first.Month, _first.Day, 9, 0);

    /// <summary>When the next activity comes: often when a local day begins, or just before.</summary>
    public Instant After(Instant now)
    {
        var midnight = _calendar.EndOf(_calendar.DateAt(now));
        return _chance.Next(8) switch
        {
            0 or 1 => midnight,
            2 => Instant.Max(now, midnight - Duration.Epsilon),
            _ => now + Duration.FromMinutes(Any(0, 1, 30, 60 * 5, 60 * 24, 60 * 24, 60 * 24, 60 * 24 * 6, 60 * 24 * (_hasTiers ? 33 : 1))),
        };
    }

    /// <summary>How late an activity comes.</summary>
    public Duration Late() => _chance.Next(6) == 0 ? Duration.Epsilon : Duration.FromMinutes(Any(0, 0, 0, 0, 60, 60 * 25, 60 * 24 * 7));

    /// <summary>An activity.</summary>
    public (ActivityType Activity, long Quantity, ActivityDetails? Details) Activity() => (
        Any(Activities),
        Any(1L, 2, 29, 30, 60, 61, 100, 101, 500, 9_007_199_254_740_991),
        ActivityDetails.Of(
            new KeyValuePair<string, AttributeValue>[]
            {
                new("amount", AttributeValue.Of(Any(0L, 9, 10, 11, 3000, -1))), new("venue", AttributeValue.Of(Any(Words))),
            }.Where(_ => _chance.Next(3) > 0),
            Tags.Where(_ => _chance.Next(3) == 0)));

    public bool Happens(int outOf) => _chance.Next(outOf) == 0;

    public T Any<T>(params T[] values) => values[_chance.Next(values.Length)];

    private JsonObject Programme()
    {
        var programme = Rewards();
        if (Happens(3))
        {
            programme["holding"] = new JsonObject { ["pointsMax"] = Any(1, 20, 500), ["overflow"] = new JsonObject { ["kind"] = "fund", ["fund"] = "charity" } };
        }

        return programme;
    }

    private JsonObject Rewards()
    {
        var programme = new JsonObject
        {
            ["zone"] = _place.Zone.Id,
            ["activities"] = Many(1, 3, i => Activity(i == 0 ? "service" : i == 1 ? "class" : "*")),
            ["caps"] = Many(0, 2, _ => Cap(shared: true)),
            ["campaigns"] = Many(0, 3, _ => Campaign()),
        };
        if (_hasTiers)
        {
            // Somebody without a tier must be able to earn.
            programme["activities"]![0]!.AsObject().Remove("rules");
            programme["activities"]![0]!["award"] = Award();
            programme["tiers"] = TierPolicy();
        }

        return programme;
    }

    private JsonObject TierPolicy()
    {
        var levels = new JsonArray();
        var from = 0;
        foreach (var id in Tiers)
        {
            from += Any(1, 5, 20, 100);
            var level = new JsonObject { ["id"] = id, ["from"] = from };
            if (!Happens(4))
            {
                level["multiplierBasisPoints"] = Any(10_001, 11_000, 15_000, 30_000);
                level["rounding"] = Any("down", "up", "half_up");
            }

            levels.Add(level);
        }

        var tiers = new JsonObject
        {
            ["basis"] = Any(0, 1, 2) switch
            {
                0 => new JsonObject { ["kind"] = "calendar_year" },
                1 => new() { ["kind"] = "lifetime" },
                _ => new() { ["kind"] = "rolling_months", ["months"] = Any(1, 2, 3, 12) },
            },
            ["graceDays"] = Any(0, 0, 1, 30, 40),
            ["levels"] = levels,
        };
        if (Happens(4))
        {
            tiers["neverBelow"] = Any(Tiers);
        }

        return tiers;
    }

    private JsonObject Activity(string type)
    {
        var activity = new JsonObject { ["type"] = type };
        if (Happens(4))
        {
            activity["award"] = Award();
        }
        else
        {
            activity["rules"] = Many(1, 6, _ => Rule(type));
        }

        List<(string, bool)> seen = [];
        activity["caps"] = new JsonArray([.. Enumerable.Range(0, _chance.Next(4)).Select(_ => Cap(shared: false, type != "*"))
            .Where(cap => Take(seen, ((string)cap["per"]!, cap.ContainsKey("times"))))]);
        return activity;
    }

    private static bool Take(List<(string, bool)> seen, (string, bool) key)
    {
        var isNew = !seen.Contains(key);
        seen.Add(key);
        return isNew;
    }

    private JsonObject Rule(string type) => new()
    {
        ["id"] = $"r{_ids++}",
        ["when"] = Many(0, 2, i => Condition(counts: type != "*", streak: type != "*" && i == 0)),
        ["award"] = Award(),
        ["stacks"] = Happens(3),
    };

    private JsonObject Award() => _chance.Next(4) switch
    {
        0 => new() { ["kind"] = "fixed", ["points"] = Any(1, 5, 10) },
        1 => new() { ["kind"] = "per_unit", ["points"] = Any(1, 10), ["units"] = Any(1, 7, 60), ["rounding"] = Any("down", "up", "half_up") },
        2 => new() { ["kind"] = "basis_points", ["basisPoints"] = Any(1, 150, 10_000, 25_000), ["rounding"] = Any("down", "up", "half_up") },
        _ => new()
        {
            ["kind"] = "brackets",
            ["units"] = Any(1, 10),
            ["brackets"] = new JsonArray(
                new JsonObject { ["from"] = 0, ["points"] = Any(0, 1) },
                new JsonObject { ["from"] = Any(1, 30), ["points"] = Any(1, 2) },
                new JsonObject { ["from"] = Any(60, 100), ["points"] = Any(0, 3) }),
        },
    };

    private JsonObject Condition(bool counts, bool streak) => _chance.Next(_hasTiers ? -2 : 0, counts ? streak ? 10 : 9 : 7) switch
    {
        < 0 => new() { ["kind"] = "tier", ["in"] = new JsonArray([.. Tiers.Where(_ => Happens(2)).DefaultIfEmpty("gold").Select(tier => (JsonNode)tier)]) },
        0 => new() { ["kind"] = "quantity", ["min"] = Any(1, 30), ["max"] = Any(30, 100) },
        1 => new() { ["kind"] = "number", ["attribute"] = "amount", ["min"] = Any(-1, 0, 10) },
        2 => new() { ["kind"] = "word", ["attribute"] = Any("venue", "amount"), ["in"] = new JsonArray(Any(Words)) },
        3 => new() { ["kind"] = "present", ["attribute"] = Any("venue", "amount", "nothing") },
        4 => new() { ["kind"] = "tag", ["in"] = new JsonArray(Any(Tags)) },
        5 => new() { ["kind"] = "during", ["days"] = new JsonArray([.. Days.Where(_ => _chance.Next(2) == 0).DefaultIfEmpty("monday").Select(day => (JsonNode)day)]), ["from"] = Any("00:00", "08:30"), ["until"] = Any("12:00", "24:00") },
        6 => Dates("dates"),
        7 => new() { ["kind"] = "first_time" },
        8 => new() { ["kind"] = "nth", ["number"] = Any(1, 2, 3), ["per"] = Any("local_day", "iso_week", "month", "lifetime") },
        _ => new() { ["kind"] = "streak", ["length"] = Any(2, 2, 3), ["per"] = Any("local_day", "local_day", "iso_week") },
    };

    private JsonObject Dates(string? kind)
    {
        var from = _first.PlusDays(_chance.Next(60));
        var dates = new JsonObject { ["from"] = Text(from), ["through"] = Text(from.PlusDays(_chance.Next(30))) };
        if (kind is not null)
        {
            dates["kind"] = kind;
        }

        return dates;
    }

    private JsonObject Cap(bool shared, bool lifetime = true)
    {
        var per = lifetime ? Any("local_day", "iso_week", "month", "lifetime", "event") : Any("local_day", "iso_week", "month", "event");
        var cap = new JsonObject { ["per"] = per, ["onReversal"] = Any("keep", "restore"), ["onExcess"] = Any("clip", "clip", "refuse") };
        cap[per == "event" || Happens(2) ? "points" : "times"] = Any(1, 2, 10, 50);
        if (shared)
        {
            cap["id"] = $"c{_ids++}";
            if (Happens(2))
            {
                cap["activities"] = new JsonArray("service");
            }
        }

        return cap;
    }

    private JsonObject Campaign()
    {
        var campaign = Dates(kind: null);
        campaign["id"] = $"k{_ids++}";
        campaign["when"] = Many(0, 1, _ => Condition(counts: false, streak: false));
        campaign["effect"] = Happens(2)
            ? new JsonObject { ["kind"] = "multiply", ["basisPoints"] = Any(10_001, 15_000, 20_000), ["rounding"] = Any("down", "up", "half_up") }
            : new JsonObject { ["kind"] = "bonus", ["points"] = Any(1, 7) };
        campaign["stacks"] = Happens(2);
        if (Happens(3))
        {
            campaign["activities"] = new JsonArray("service");
        }

        if (Happens(3))
        {
            campaign["pointsMax"] = Any(1, 10);
        }

        if (Happens(3))
        {
            campaign["timesMax"] = Any(1, 2);
        }

        if (Happens(3))
        {
            campaign["budget"] = new JsonObject { [Any("points", "awards")] = Any(1, 3, 12) };
        }

        return campaign;
    }

    private JsonArray Many(int min, int max, Func<int, JsonObject> make) =>
        new([.. Enumerable.Range(0, _chance.Next(min, max + 1)).Select(i => (JsonNode)make(i))]);

    private static string Text(LocalDate date) => date.ToString("uuuu-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
