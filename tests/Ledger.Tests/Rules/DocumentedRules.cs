using System.Text.RegularExpressions;
using Ledger.Programmes;
using Ledger.Rules;
using Ledger.Tests.Wallets;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Rules;

/// <summary>What docs/rules.md and its example promise.</summary>
public sealed partial class DocumentedRules
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Roots.Project, "docs", "rules.md"));

    [Fact]
    public void Every_piece_of_a_programme_on_the_page_is_one()
    {
        foreach (var text in Blocks().Select(block => block.Groups[1].Value).Where(text => text.TrimStart().StartsWith('"')))
        {
            var whole = new[] { "\"campaigns\"", "\"tiers\"", "\"id\": \"sport\"", "\"expiryWarnings\"", "\"holding\"" }.Any(member => text.Contains(member, StringComparison.Ordinal))
                ? $$"""{ "activities": [ { "type": "*", "award": { "kind": "fixed", "points": 1 } } ], {{text}} }"""
                : $$"""{ "activities": [ { "type": "a", "award": { "kind": "fixed", "points": 1 }, {{text}} } ] }""";
            Assert.Empty(ProgrammeReader.Read(whole).Problems);
        }

        foreach (Match cell in Condition().Matches(Page))
        {
            var kind = cell.Groups[1].Value;
            var part = kind is "quantity" or "number" or "word" or "present" or "tag" or "tier" or "during" or "dates" or "first_time" or "nth" or "streak"
                ? $$"""{ "id": "r", "when": [ {{cell.Value}} ], "award": { "kind": "fixed", "points": 1 } }"""
                : kind is "fixed" or "per_unit" or "basis_points" or "brackets" ? $$"""{ "id": "r", "award": {{cell.Value}} }""" : null;
            if (part is not null)
            {
                Assert.Empty(Tiered(part, """{ "kind": "lifetime" }""").Problems);
            }
            else if (kind is "rolling_months" or "calendar_year" or "lifetime")
            {
                Assert.Empty(Tiered("""{ "id": "r", "award": { "kind": "fixed", "points": 1 } }""", cell.Value).Problems);
            }
        }
    }

    [Fact]
    public void Ninety_minutes_in_the_evening_for_the_first_time_are_seventy_two_points()
    {
        var activity = Blocks().Select(block => block.Groups[1].Value).Single(text => text.Contains("\"welcome\"", StringComparison.Ordinal));
        var story = StoryOf($$"""{ "activities": [ {{activity}} ] }""").On("2024-01-10 21:00");

        Story.Accepted(story.Do("e", new EarnPoints(new("charity-service"), 90, story.Now)));

        Assert.Equal(72, story.Available);
    }

    [Fact]
    public void The_purchases_of_the_example_earn_what_the_page_says()
    {
        var story = StoryOf(File.ReadAllText(Path.Combine(Roots.Project, "docs", "examples", "purchases.json")));

        Buy("yuan", 12_050, "tea-house");
        Assert.Equal(14, story.Available);
        Buy("elsewhere", 12_050, "market");
        Assert.Equal(26, story.Available);
        story.On("2024-01-16 10:00");
        Buy("tuesday", 1_000, "bakery", "senior");
        Assert.Equal(30, story.Available);
        for (var i = 4; i < 10; i++)
        {
            Buy($"p{i}", 999, "market");
        }

        Assert.Equal(30, story.Available);
        Buy("the tenth", 999, "market");
        Assert.Equal(50, story.Available);
        story.On("2027-05-01 10:00");
        Buy("doubled", 100_000, "tea-house");
        Assert.Equal((380L, 100L), (story.Last<PointsEarned>().Computed.Value, story.Last<PointsEarned>().Credited.Value));

        void Buy(string name, long fen, string shop, params string[] tags) => Story.Accepted(story.Do(
            name, new EarnPoints(new("purchase"), fen, story.Now, ActivityDetails.Of([new("shop", AttributeValue.Of(shop))], tags))));
    }

    [Fact]
    public void The_walks_of_the_example_earn_once_a_day_and_more_for_a_whole_week()
    {
        var story = StoryOf(File.ReadAllText(Path.Combine(Roots.Project, "docs", "examples", "purchases.json")));
        for (var day = 8; day <= 14; day++)
        {
            story.On($"2024-01-{day:00} 07:00");
            Story.Accepted(story.Do($"walk {day}", new EarnPoints(new("morning-walk"), 1, story.Now)));
            Assert.IsType<Refusal.CapExceeded>(Story.Refused(story.Do($"again {day}", new EarnPoints(new("morning-walk"), 1, story.Now))));
        }

        Assert.Equal(17, story.Available);
    }

    /// <summary>
    /// 2027 of one resident. Purchases are given in yuan; at the market one point for ten. Silver from 500 points of the year on gives a tenth
    /// more, Gold from 1500 on a quarter, both rounded down; no purchase brings more than 100.
    /// </summary>
    [Fact]
    public void A_year_of_purchases_leads_up_to_gold_through_a_double_weekend_and_down_again_after_the_grace()
    {
        var story = StoryOf(File.ReadAllText(Path.Combine(Roots.Project, "docs", "examples", "purchases.json")));

        // 5 × 99 = 495: five points short of Silver.
        for (var day = 1; day <= 5; day++)
        {
            Buy($"2027-03-0{day} 10:00", 990, computed: 99, credited: 99);
        }

        Assert.Equal((null, 495L), (Tier(), Counted()));

        // 495 + 10 = 505. What reaches a tier is not yet multiplied by it.
        Buy("2027-03-06 10:00", 100, computed: 10, credited: 10);
        Assert.Equal(("silver", 505L), (Tier(), Counted()));

        // 30 and a tenth of it.
        Buy("2027-03-07 10:00", 300, computed: 33, credited: 33);
        Assert.Equal([new("rule/base", new(30)), new Grant("tier/silver", new(3))], story.Last<PointsEarned>().Reason!.Grants!.Value);

        // A till reports late what was bought on 5 March at eight in the evening: there was no tier then. 538 + 50 = 588.
        Buy("2027-03-08 10:00", 500, computed: 50, credited: 50, occurred: "2027-03-05 20:00");
        Assert.Equal(588, Counted());

        // Double weekend: 20 by rule, 2 by tier, and the campaign adds 20, for a factor counts on what rules gave. 630.
        Buy("2027-05-01 10:00", 200, computed: 42, credited: 42);

        // At the tea house 10 for the first hundred yuan and 60 for three hundred more; 7 by tier; the campaign adds 70. 147, cut to 100: of
        // the campaign 23 are paid. 730.
        Buy("2027-05-02 10:00", 400, computed: 147, credited: 100, shop: "tea-house");
        Assert.Equal(20 + 23, story.State.CapBuckets.Of(new("campaign/double-weekend", CapPeriod.Campaign, new(1, 1, 1))).Used.Value);

        // Seven times 100 + 10, cut to 100: 1430. "70 points to Gold".
        for (var day = 1; day <= 7; day++)
        {
            Buy($"2027-06-0{day} 10:00", 1000, computed: 110, credited: 100);
        }

        Assert.Equal(("silver", 70L), (Tier(), 1500 - Counted()));

        // 60 + 6 = 66: 1496. 4 and nothing, for a tenth of four is less than one: 1500 is Gold.
        Buy("2027-06-08 10:00", 600, computed: 66, credited: 66);
        Assert.Equal("silver", Tier());
        Buy("2027-06-09 10:00", 40, computed: 4, credited: 4, name: "the fortieth");
        Assert.Equal(("gold", 1500L), (Tier(), Counted()));
        Assert.Equal(Story.Local("2028-01-31 00:00"), story.State.Tiers!.Until);

        // Returned, it is as if it had not been bought: 1496. 10 + 1 bring Gold back: 1507.
        Story.Accepted(story.On("2027-10-03 10:00").Reverse("returned", "the fortieth"));
        Assert.Equal(("silver", 1496L), (Tier(), Counted()));
        Buy("2027-10-04 10:00", 100, computed: 11, credited: 11);
        Assert.Equal(("gold", 1507L), (Tier(), Counted()));

        // 40 + 10 in the last second of the year, and the same in the first one of the next, which begins to count anew.
        Buy("2027-12-31 23:59:59", 400, computed: 50, credited: 50);
        Assert.Equal(1557, Counted());
        Buy("2028-01-01 00:00:00", 400, computed: 50, credited: 50);
        Assert.Equal(("gold", 50L), (Tier(), Counted()));

        // Thirty days of grace end with 30 January: 8 + 2, then 20 + 2. Nobody who was Silver once falls lower.
        Buy("2028-01-30 23:59:59", 80, computed: 10, credited: 10);
        Buy("2028-01-31 00:00:00", 200, computed: 22, credited: 22);
        Assert.Equal([typeof(TierChanged), typeof(PointsEarned)], story.Journal[^1].Events.Select(e => e.GetType()));
        Assert.Equal(("silver", null as Instant?), (Tier(), story.State.Tiers!.Until));

        // What was bought under Gold counts as bought under Gold, also when it comes late: 20 + 5.
        Buy("2028-02-02 10:00", 200, computed: 25, credited: 25, occurred: "2028-01-30 12:00");

        // What was earned in the first half of 2027 expired with the year: 11 + 50 are left of it, and 50 + 10 + 22 + 25 of 2028.
        Assert.Equal((168L, 107L), (story.Available, Counted()));

        void Buy(string on, long yuan, long computed, long credited, string shop = "market", string? occurred = null, string? name = null)
        {
            var details = ActivityDetails.Of([new("shop", AttributeValue.Of(shop))], []);
            var at = Story.Local(occurred ?? on);
            Story.Accepted(story.On(on).Do(name ?? $"{on} {yuan}", new EarnPoints(new("purchase"), yuan * 100, at, details)));
            Assert.Equal((computed, credited), (story.Last<PointsEarned>().Computed.Value, story.Last<PointsEarned>().Credited.Value));
        }

        string? Tier() => story.State.Tiers?.Tier;
        long Counted() => Tiering.Counted(story.Programmes.Versions[0].Programme, story.State, story.Now).Value;
    }

    private static ProgrammeReading Tiered(string rule, string basis) => ProgrammeReader.Read($$"""
        { "activities": [ { "type": "a", "rules": [ { "id": "any", "award": { "kind": "fixed", "points": 1 } }, {{rule}} ] } ],
          "tiers": { "basis": {{basis}}, "levels": [ { "id": "silver", "from": 1 }, { "id": "gold", "from": 2 } ] } }
        """);

    private static Story StoryOf(string json)
    {
        var reading = ProgrammeReader.Read(json);
        Assert.Empty(reading.Problems);
        return new(reading.Programme);
    }

    private static MatchCollection Blocks() => Block().Matches(Page);

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("(?<=\\| `)\\{ \"kind\": \"(\\w+)\".*?\\}(?=` \\|)")]
    private static partial Regex Condition();
}
