using Ledger.Accounts;
using Ledger.Programmes;
using Ledger.Rules;
using Ledger.Tests.Wallets;
using Ledger.Wallets;

namespace Ledger.Tests.Programmes;

/// <summary>The volunteer scheme of the documentation, told from the first hour to the last point; every number is worked out by hand.</summary>
public sealed class VolunteersTests
{
    private static readonly ActivityType Service = ActivityType.Parse("charity-service");
    private static readonly ActivityType Talk = ActivityType.Parse("health-talk");

    private readonly Story _story = new(ProgrammeReader.Read(
        File.ReadAllText(Path.Combine(Roots.Project, "docs", "examples", "volunteers.json"))).Programme!);

    [Fact]
    public void A_volunteer_serves_is_approved_corrected_and_pays_with_what_was_approved()
    {
        // Two and a half hours at ten points an hour. Whoever entered them cannot approve them.
        Entered("monday", "2024-03-04 18:00", 150);
        Assert.Equal(new Balances(new(0), new(25), new(0), new(0)), _story.State.Balances);
        Assert.IsType<Refusal.ApprovalOwnEntry>(Story.Refused(_story.Approve("own", "monday", "coordinator-1")));
        Story.Accepted(_story.On("2024-03-05 09:00").Approve("a1", "monday", "coordinator-2"));
        Assert.Equal(25, _story.Available);

        // Four hours are 40 points; seven more would be 70, and the day leaves 40. Eleven hours are more than ten.
        Entered("morning", "2024-03-05 12:00", 240);
        Entered("afternoon", "2024-03-05 20:00", 420);
        Assert.Equal((70, 40), (Last.Computed.Value, Last.Credited.Value));
        Assert.Equal([new IntegritySignal.HoursPerDay(new(2024, 3, 5), 660, 600)], Last.Signals!.Value);

        // Rejected, the day has 40 points of room again, and the three hours that were really served overlap with nothing.
        Story.Accepted(_story.On("2024-03-06 08:00").Reject("no", "afternoon", "coordinator-2"));
        Entered("corrected", "2024-03-05 16:00", 180, at: "2024-03-06 08:30");
        Assert.Equal((40L, 30), (Last.Caps[0].Used, Last.Credited.Value));
        Assert.Null(Last.Signals);
        Story.Accepted(_story.Approve("a2", "morning", "coordinator-2"));
        Story.Accepted(_story.Approve("a3", "corrected", "coordinator-3"));
        Assert.Equal(new Balances(new(95), new(0), new(0), new(0)), _story.State.Balances);

        // A talk counts when nobody objected for three days, but not for its own organiser.
        Entered("own talk", "2024-03-06 20:00", 1, Talk, organiser: "r-1");
        Entered("talk", "2024-03-07 20:00", 1, Talk, organiser: "clinic");
        Assert.Equal(Story.Local("2024-03-10 00:00"), Last.Approval!.DueAt);
        _story.On("2024-03-10 00:00").ApplyDue("sunday");
        Assert.Equal(new Balances(new(100), new(5), new(0), new(0)), _story.State.Balances);

        // More than 500 points by hand need a second operator.
        Story.Accepted(_story.Do(_story.Envelope("correction", new AdjustPoints(new(600))) with { Client = "operator-1" }));
        Assert.Equal(100, _story.Available);
        Story.Accepted(_story.Approve("a4", "correction", "operator-2"));
        Story.Accepted(_story.Spend("tea", 90));
        Assert.Equal(610, _story.Available);

        // An hour that nobody decides is gone after fourteen days, and the talk of its own organiser after thirty.
        Entered("forgotten", "2024-03-20 10:00", 60);
        _story.On("2024-04-03 00:00").ApplyDue("april");
        Assert.Equal(new Balances(new(610), new(5), new(0), new(0)), _story.State.Balances);
        _story.On("2024-04-05 00:00").ApplyDue("later");
        Assert.Equal(new Balances(new(610), new(0), new(0), new(0)), _story.State.Balances);
        Assert.Empty(_story.State.Undecided);

        // 25 + 40 + 40 + 30 + 5 + 5 + 10 were awarded, of which 40 + 10 + 5 were not agreed to.
        Assert.Equal((155, 55), (_story.State.Lifetime.Earned.Value, _story.State.Lifetime.ClawedBack.Value));
    }

    private PointsEarned Last => _story.Last<PointsEarned>();

    private void Entered(string name, string until, long quantity, ActivityType? activity = null, string? organiser = null, string? at = null)
    {
        _story.On(at ?? until);
        var earn = new EarnPoints(activity ?? Service, quantity, Story.Local(until), null, new("coordinator-1", organiser));
        Story.Accepted(_story.Do(_story.Envelope(name, earn) with { Client = "volunteers-app" }));
    }
}
