using System.Text.RegularExpressions;
using Ledger.Programmes;
using Ledger.Rules;
using Ledger.Tests.Wallets;
using Ledger.Wallets;

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
            var whole = new[] { "\"campaigns\"", "\"id\": \"sport\"", "\"expiryWarnings\"", "\"holding\"" }.Any(part => text.Contains(part, StringComparison.Ordinal))
                ? $$"""{ "activities": [ { "type": "*", "award": { "kind": "fixed", "points": 1 } } ], {{text}} }"""
                : $$"""{ "activities": [ { "type": "a", "award": { "kind": "fixed", "points": 1 }, {{text}} } ] }""";
            Assert.Empty(ProgrammeReader.Read(whole).Problems);
        }

        foreach (Match cell in Condition().Matches(Page))
        {
            var kind = cell.Groups[1].Value;
            var part = kind is "quantity" or "number" or "word" or "present" or "tag" or "during" or "dates" or "first_time" or "nth" or "streak"
                ? $$"""{ "id": "r", "when": [ {{cell.Value}} ], "award": { "kind": "fixed", "points": 1 } }"""
                : kind is "fixed" or "per_unit" or "basis_points" or "brackets" ? $$"""{ "id": "r", "award": {{cell.Value}} }""" : null;
            if (part is not null)
            {
                Assert.Empty(ProgrammeReader.Read($$"""{ "activities": [ { "type": "a", "rules": [ {{part}} ] } ] }""").Problems);
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
