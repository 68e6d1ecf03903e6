using System.Collections.Immutable;
using Ledger.Programmes;
using Ledger.Rules;
using Ledger.Tests.Wallets;
using Ledger.Wallets;

namespace Ledger.Tests.Rules;

public sealed class RuleTests
{
    [Theory]
    [InlineData("""{ "kind": "quantity", "min": 30, "max": 60 }""", "2024-01-10 12:00", 30, true)]
    [InlineData("""{ "kind": "quantity", "min": 30, "max": 60 }""", "2024-01-10 12:00", 61, false)]
    [InlineData("""{ "kind": "number", "attribute": "amount", "min": 3000 }""", "2024-01-10 12:00", 1, true)]
    [InlineData("""{ "kind": "number", "attribute": "amount", "min": 3001 }""", "2024-01-10 12:00", 1, false)]
    [InlineData("""{ "kind": "number", "attribute": "venue" }""", "2024-01-10 12:00", 1, false)]
    [InlineData("""{ "kind": "number", "attribute": "nothing" }""", "2024-01-10 12:00", 1, false)]
    [InlineData("""{ "kind": "word", "attribute": "venue", "in": ["pool", "hall-1"] }""", "2024-01-10 12:00", 1, true)]
    [InlineData("""{ "kind": "word", "attribute": "venue", "in": ["Hall-1"] }""", "2024-01-10 12:00", 1, false)]
    [InlineData("""{ "kind": "present", "attribute": "venue" }""", "2024-01-10 12:00", 1, true)]
    [InlineData("""{ "kind": "present", "attribute": "nothing" }""", "2024-01-10 12:00", 1, false)]
    [InlineData("""{ "kind": "tag", "in": ["senior"] }""", "2024-01-10 12:00", 1, true)]
    [InlineData("""{ "kind": "tag", "in": ["junior"] }""", "2024-01-10 12:00", 1, false)]
    [InlineData("""{ "kind": "during", "days": ["saturday"] }""", "2024-01-12 23:59:59", 1, false)]
    [InlineData("""{ "kind": "during", "days": ["saturday"] }""", "2024-01-13 00:00", 1, true)]
    [InlineData("""{ "kind": "during", "days": ["saturday"] }""", "2024-01-13 23:59:59", 1, true)]
    [InlineData("""{ "kind": "during", "from": "08:30", "until": "12:00" }""", "2024-01-10 08:30", 1, true)]
    [InlineData("""{ "kind": "during", "from": "08:30", "until": "12:00" }""", "2024-01-10 12:00", 1, false)]
    [InlineData("""{ "kind": "during", "from": "08:30", "until": "24:00" }""", "2024-01-10 23:59:59", 1, true)]
    [InlineData("""{ "kind": "dates", "from": "2024-01-10", "through": "2024-01-10" }""", "2024-01-10 23:59:59", 1, true)]
    [InlineData("""{ "kind": "dates", "from": "2024-01-10", "through": "2024-01-10" }""", "2024-01-11 00:00", 1, false)]
    public void A_condition_holds_or_not(string condition, string at, long quantity, bool holds)
    {
        var story = Rules($$"""{ "id": "r", "when": [ {{condition}} ], "award": { "kind": "fixed", "points": 5 } }""").On(at);

        Earn(story, "e", quantity);

        Assert.Equal(holds ? 5 : 0, story.Available);
        var told = Assert.Single(Told(story));
        Assert.Equal(holds ? RuleFate.Counted : RuleFate.NotMatched, told.Fate);
    }

    [Fact]
    public void The_first_time_is_the_first_ever()
    {
        var story = Rules("""{ "id": "welcome", "when": [ { "kind": "first_time" } ], "award": { "kind": "fixed", "points": 50 } }""");

        Earn(story, "e1");
        Earn(story.On("2026-01-10 12:00"), "e2");

        Assert.Equal(50, story.State.Lifetime.Earned.Value);
    }

    [Fact]
    public void The_third_of_a_week_is_the_third_from_Monday_to_Sunday()
    {
        var story = Rules("""{ "id": "third", "when": [ { "kind": "nth", "number": 3, "per": "iso_week" } ], "award": { "kind": "fixed", "points": 30 } }""");

        Earn(story.On("2024-12-29 23:00"), "sunday");
        Earn(story.On("2024-12-30 00:00"), "monday");
        Earn(story.On("2024-12-31 12:00"), "tuesday");
        Assert.Equal(0, story.Available);
        Earn(story.On("2025-01-05 23:59"), "next sunday");
        Assert.Equal(30, story.Available);
        Earn(story.On("2025-01-05 23:59"), "fourth");
        Assert.Equal(30, story.Available);
    }

    [Fact]
    public void A_streak_pays_once_for_each_run_and_no_day_counts_twice()
    {
        var story = Rules("""{ "id": "three", "when": [ { "kind": "streak", "length": 3, "per": "local_day" } ], "award": { "kind": "fixed", "points": 10 } }""");
        long[] after = [0, 0, 10, 10, 10, 20, 20];
        for (var day = 0; day < after.Length; day++)
        {
            Earn(story.On($"2024-01-{10 + day} 12:00"), $"noon {day}");
            Earn(story.On($"2024-01-{10 + day} 18:00"), $"evening {day}");
            Assert.Equal(after[day], story.Available);
        }

        Earn(story.On("2024-01-18 12:00"), "after a gap");
        Assert.Equal(20, story.Available);
        Earn(story.On("2024-01-18 13:00"), "the gap, late", occurred: "2024-01-17 12:00");
        Assert.Equal(20, story.Available);
    }

    [Fact]
    public void The_best_of_the_rules_counts_and_those_that_stack_come_on_top()
    {
        var story = Rules("""
            { "id": "small", "award": { "kind": "fixed", "points": 3 } },
            { "id": "large", "award": { "kind": "per_unit", "points": 1 } },
            { "id": "extra", "award": { "kind": "fixed", "points": 2 }, "stacks": true },
            { "id": "more", "award": { "kind": "fixed", "points": 4 }, "stacks": true }
            """);

        Earn(story, "e", 10);

        Assert.Equal(16, story.Available);
        Assert.Equal(
            [("rule/small", RuleFate.Outdone, 3), ("rule/large", RuleFate.Counted, 10), ("rule/extra", RuleFate.Counted, 2), ("rule/more", RuleFate.Counted, 4)],
            Told(story).Select(outcome => (outcome.Name, outcome.Fate, outcome.Points.Value)));
    }

    [Fact]
    public void Rules_that_ask_the_same_first_are_told_in_the_order_of_the_programme()
    {
        var story = Rules("""
            { "id": "a", "when": [ { "kind": "tag", "in": ["senior", "pupil"] } ], "award": { "kind": "fixed", "points": 1 }, "stacks": true },
            { "id": "b", "award": { "kind": "fixed", "points": 2 }, "stacks": true },
            { "id": "c", "when": [ { "kind": "tag", "in": ["senior", "pupil"] }, { "kind": "quantity", "min": 2 } ], "award": { "kind": "fixed", "points": 4 }, "stacks": true },
            { "id": "d", "when": [ { "kind": "tag", "in": ["senior", "pupil"] } ], "award": { "kind": "fixed", "points": 8 }, "stacks": true },
            { "id": "e", "when": [ { "kind": "tag", "in": ["pupil"] } ], "award": { "kind": "fixed", "points": 16 }, "stacks": true }
            """);
        var asking = story.Programmes.Find(1)!.Programme.RuleFor(Story.Service)!.Rules.Select(rule => rule.When.FirstOrDefault()).ToList();

        Earn(story, "e");

        Assert.Equal(["rule/a", "rule/b", "rule/d"], story.Last<PointsEarned>().Reason!.Grants!.Value.Select(grant => grant.By));
        Assert.Equal((true, false), (asking[0]!.Equals(asking[2]), asking[0]!.Equals(asking[4])));
        Assert.Equal(asking[0]!.GetHashCode(), asking[2]!.GetHashCode());
    }

    [Theory]
    [InlineData(240, 40)]
    [InlineData(245, 41)]
    [InlineData(300, 55)]
    public void Brackets_give_each_part_its_own_rate_and_round_once(long minutes, long points)
    {
        var story = Rules("""
            { "id": "r", "award": { "kind": "brackets", "units": 60, "rounding": "down",
              "brackets": [ { "from": 0, "points": 10 }, { "from": 240, "points": 15 } ] } }
            """);

        Earn(story, "e", minutes);

        Assert.Equal(points, story.Available);
    }

    [Theory]
    [InlineData(false, false, 20)]
    [InlineData(true, true, 25)]
    [InlineData(true, false, 25)]
    public void Of_campaigns_the_best_counts_and_those_that_stack_come_on_top(bool doublingStacks, bool bonusStacks, long points)
    {
        var story = Told($$"""
            { "activities": [ { "type": "service", "award": { "kind": "fixed", "points": 10 } } ],
              "campaigns": [
                { "id": "double", "from": "2024-01-10", "through": "2024-01-10", "effect": { "kind": "multiply", "basisPoints": 20000 }, "stacks": {{(doublingStacks ? "true" : "false")}} },
                { "id": "five", "from": "2024-01-10", "through": "2024-01-11", "effect": { "kind": "bonus", "points": 5 }, "stacks": {{(bonusStacks ? "true" : "false")}} } ] }
            """);

        Earn(story, "e");

        Assert.Equal(points, story.Available);
        Earn(story.On("2024-01-11 00:00"), "the day after");
        Assert.Equal(points + 15, story.Available);
    }

    [Fact]
    public void A_campaign_gives_one_resident_so_much_and_no_more()
    {
        var story = Told("""
            { "activities": [ { "type": "service", "award": { "kind": "fixed", "points": 10 } } ],
              "campaigns": [ { "id": "double", "from": "2024-01-10", "through": "2024-01-20", "effect": { "kind": "multiply", "basisPoints": 20000 }, "pointsMax": 15 } ] }
            """);

        Earn(story, "e1");
        Earn(story, "e2");
        Earn(story, "e3");

        Assert.Equal([20L, 15, 10], story.Journal.Select(t => t.Events.OfType<PointsEarned>().Single().Credited.Value));
    }

    [Fact]
    public void A_campaign_that_has_nothing_left_to_give_makes_way_for_another()
    {
        var story = Told("""
            { "activities": [ { "type": "service", "award": { "kind": "fixed", "points": 10 } } ],
              "campaigns": [
                { "id": "triple", "from": "2024-01-10", "through": "2024-01-20", "effect": { "kind": "multiply", "basisPoints": 30000 }, "pointsMax": 20 },
                { "id": "double", "from": "2024-01-10", "through": "2024-01-20", "effect": { "kind": "multiply", "basisPoints": 20000 } } ] }
            """);

        Earn(story, "e1");
        Earn(story, "e2");

        Assert.Equal([30L, 20], story.Journal.Select(t => t.Events.OfType<PointsEarned>().Single().Credited.Value));
    }

    [Fact]
    public void A_campaign_whose_dates_change_goes_on_counting_what_a_resident_had_from_it()
    {
        var story = Told(Dated("2024-01-10", "2024-01-12"));
        Earn(story, "e1");
        story.Programmes = new([.. story.Programmes.Versions, new(2, Story.Local("2024-01-11 00:00"), Programme(Dated("2024-01-11", "2024-12-31")))]);
        Earn(story.On("2024-11-20 12:00"), "other buckets come and go");
        Earn(story.On("2024-12-20 12:00"), "e2");

        Assert.Equal([20L, 15, 10], story.Journal.Select(t => t.Events.OfType<PointsEarned>().Single().Credited.Value));

        static string Dated(string from, string through) => $$"""
            { "activities": [ { "type": "service", "award": { "kind": "fixed", "points": 10 }, "caps": [ { "per": "month", "points": 100 } ] } ],
              "campaigns": [ { "id": "double", "from": "{{from}}", "through": "{{through}}", "effect": { "kind": "multiply", "basisPoints": 20000 }, "pointsMax": 15 } ] }
            """;
    }

    [Fact]
    public void A_cap_that_refuses_looks_at_what_the_other_caps_have_left()
    {
        var story = Told("""
            { "activities": [ { "type": "service", "award": { "kind": "per_unit", "points": 1 },
              "caps": [ { "per": "local_day", "points": 20, "onExcess": "refuse" }, { "per": "event", "points": 10 } ] } ] }
            """);

        Story.Accepted(story.Earn("e1", 100));
        Story.Accepted(story.Earn("e2", 100));
        var refusal = Assert.IsType<Refusal.CapExceeded>(Story.Refused(story.Earn("e3", 100)));

        Assert.Equal((20L, 20L, 10L), (refusal.Limit, refusal.Used, refusal.Requested.Value));
    }

    [Fact]
    public void A_campaign_that_does_not_match_is_told_also_where_one_plain_rule_awards()
    {
        var story = Told("""
            { "activities": [ { "type": "service", "award": { "kind": "fixed", "points": 10 } } ],
              "campaigns": [ { "id": "shops", "from": "2024-01-10", "through": "2024-01-20", "when": [ { "kind": "present", "attribute": "shop" } ],
                "effect": { "kind": "bonus", "points": 5 } } ] }
            """);

        Story.Accepted(story.Earn("e", 1));

        Assert.Equal(("campaign/shops", RuleFate.NotMatched), Told(story).Select(outcome => (outcome.Name, outcome.Fate)).Single());
    }

    [Fact]
    public void A_shared_cap_counts_activities_together_and_names_itself()
    {
        var story = Told("""
            { "activities": [ { "type": "service", "award": { "kind": "fixed", "points": 10 } }, { "type": "class", "award": { "kind": "fixed", "points": 10 } } ],
              "caps": [ { "id": "together", "per": "iso_week", "points": 15 } ] }
            """);

        Story.Accepted(story.Earn("e1", 1));
        Story.Accepted(story.Earn("e2", 1, Story.Class));

        Assert.Equal(15, story.Available);
        Assert.Equal(("cap/together", 10L), story.Last<PointsEarned>().Caps.Select(cap => (cap.Scope, cap.Used)).Single());
    }

    [Fact]
    public void A_cap_that_refuses_takes_all_or_nothing()
    {
        var story = Told("""
            { "activities": [ { "type": "service", "award": { "kind": "fixed", "points": 10 },
              "caps": [ { "per": "local_day", "points": 15, "onExcess": "refuse" } ] } ] }
            """);

        Story.Accepted(story.Earn("e1", 1));
        var refusal = Assert.IsType<Refusal.CapExceeded>(Story.Refused(story.Earn("e2", 1)));

        Assert.Equal((15L, 10L, 10L), (refusal.Limit, refusal.Used, refusal.Requested.Value));
        Assert.Equal(10, story.Available);
    }

    [Fact]
    public void A_time_becomes_free_again_when_its_award_is_wholly_taken_back()
    {
        var story = Told("""
            { "activities": [ { "type": "service", "award": { "kind": "fixed", "points": 10 },
              "caps": [ { "per": "lifetime", "times": 1, "onReversal": "restore" } ] } ] }
            """);

        Story.Accepted(story.Earn("e1", 1));
        Story.Accepted(story.Reverse("r1", "e1", 4));
        Story.Accepted(story.Earn("e2", 1));
        Assert.Equal(6, story.Available);
        Story.Accepted(story.Reverse("r2", "e1"));
        Story.Accepted(story.Earn("e3", 1));
        Assert.Equal(10, story.Available);
    }

    [Fact]
    public void An_activity_with_attributes_that_no_rule_asks_for_earns_the_same()
    {
        var story = new Story();

        Earn(story, "e", 7);

        Assert.Equal(7, story.Available);
        Assert.Null(story.Last<PointsEarned>().Reason!.Grants);
    }

    private static Story Rules(string rules) => Told($$"""{ "activities": [ { "type": "service", "rules": [ {{rules}} ] } ] }""");

    private static Story Told(string programme) => new(Programme(programme));

    private static Programme Programme(string json)
    {
        var reading = ProgrammeReader.Read(json);
        Assert.Empty(reading.Problems);
        return reading.Programme!;
    }

    private static ImmutableArray<RuleOutcome> Told(Story story) => Retelling.Of(story.Programmes.Find(1)!.Programme, story.Last<PointsEarned>());

    private static void Earn(Story story, string name, long quantity = 1, string? occurred = null) => Story.Accepted(story.Do(
        name,
        new EarnPoints(
            Story.Service,
            quantity,
            occurred is null ? story.Now : Story.Local(occurred),
            ActivityDetails.Of([new("amount", AttributeValue.Of(3000)), new("venue", AttributeValue.Of("hall-1"))], ["senior"]))));
}
