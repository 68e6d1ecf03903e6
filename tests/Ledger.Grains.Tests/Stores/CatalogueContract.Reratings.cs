using Ledger.Grains.Stores;
using NodaTime;
using static Ledger.Grains.Tests.Journal.Sample;

namespace Ledger.Grains.Tests.Stores;

public abstract partial class CatalogueContract
{
    private IReratings Reratings => (IReratings)Catalogue;

    [Fact]
    public async Task A_rerating_is_kept_whole_and_listed_without_its_programme()
    {
        var first = Rerating("q1") with { From = Instant.MinValue, Until = s_now.PlusNanoseconds(-1), Reason = "错误的系数", Programme = """{ "activities": [] }""" };
        var older = Rerating("q2") with { ProposedAt = s_now - Duration.FromNanoseconds(1) };

        Assert.True(await Reratings.AddRerating(first, Stop));
        Assert.True(await Reratings.AddRerating(older, Stop));
        Assert.False(await Reratings.AddRerating(first with { Reason = "another" }, Stop));

        Assert.Equal(first, await Reratings.FindRerating(Garden, "q1", Stop));
        Assert.Null(await Reratings.FindRerating(Harbour, "q1", Stop));
        Assert.Equal([older with { Programme = null }, first with { Programme = null }], await Reratings.ListReratings(Garden, null, 10, Stop));
        Assert.Empty(await Reratings.ListReratings(Harbour, null, 10, Stop));
        Assert.Empty(await Reratings.ListApprovedReratings(Stop));
    }

    [Fact]
    public async Task A_proposal_is_decided_once_and_an_approved_one_is_done_once()
    {
        await Reratings.AddRerating(Rerating("q1"), Stop);
        await Reratings.AddRerating(Rerating("q2"), Stop);
        var (later, last) = (s_now + Duration.FromHours(1), s_now + Duration.FromHours(2));

        Assert.False(await Reratings.FinishRerating(Garden, "q1", 0, last, Stop));
        Assert.True(await Reratings.DecideRerating(Garden, "q2", ReratingStatus.Rejected, "boss", later, Stop));
        Assert.True(await Reratings.DecideRerating(Garden, "q1", ReratingStatus.Approved, "boss", later, Stop));
        Assert.False(await Reratings.DecideRerating(Garden, "q1", ReratingStatus.Rejected, "late", last, Stop));
        Assert.False(await Reratings.DecideRerating(Garden, "q2", ReratingStatus.Approved, "late", last, Stop));
        Assert.False(await Reratings.DecideRerating(Garden, "q9", ReratingStatus.Approved, "boss", later, Stop));

        var approved = Rerating("q1") with { Status = ReratingStatus.Approved, DecidedBy = "boss", DecidedAt = later };
        Assert.Equal(approved, await Reratings.FindRerating(Garden, "q1", Stop));
        Assert.Equal([approved with { Programme = null }], await Reratings.ListApprovedReratings(Stop));

        Assert.True(await Reratings.FinishRerating(Garden, "q1", 3, last, Stop));
        Assert.False(await Reratings.FinishRerating(Garden, "q1", 4, last, Stop));
        Assert.False(await Reratings.FinishRerating(Garden, "q2", 0, last, Stop));
        Assert.Equal(approved with { Status = ReratingStatus.Done, Refused = 3, DoneAt = last }, await Reratings.FindRerating(Garden, "q1", Stop));
        Assert.Empty(await Reratings.ListApprovedReratings(Stop));
    }

    [Fact]
    public async Task No_instant_is_in_two_approved_periods_however_many_are_approved_at_once()
    {
        var day = Duration.FromDays(1);
        for (var i = 0; i < 8; i++)
        {
            // Each shares a nanosecond with the next one.
            await Reratings.AddRerating(Rerating($"q{i}") with { From = s_now + (day * i), Until = (s_now + (day * (i + 1))).PlusNanoseconds(1) }, Stop);
        }

        await AtOnce(8, i => Approve($"q{i}"));

        var approved = (await Reratings.ListApprovedReratings(Stop)).OrderBy(rerating => rerating.From).ToList();
        Assert.InRange(approved.Count, 3, 4);
        Assert.All(approved.Zip(approved.Skip(1)), pair => Assert.True(pair.First.Until <= pair.Second.From));

        await Reratings.AddRerating(Rerating("touching") with { From = approved[0].Until, Until = approved[0].Until.PlusNanoseconds(1) }, Stop);
        await Reratings.AddRerating(Rerating("sharing") with { From = approved[0].Until.PlusNanoseconds(-1), Until = approved[0].Until }, Stop);
        await Reratings.AddRerating(Rerating("elsewhere") with { Community = Harbour, From = approved[0].From, Until = approved[0].Until }, Stop);
        await Reratings.FinishRerating(Garden, approved[0].Id, 0, s_now, Stop);
        Assert.False(await Approve("sharing"));
        Assert.True(await Reratings.DecideRerating(Harbour, "elsewhere", ReratingStatus.Approved, "boss", s_now, Stop));
        Assert.True(await Approve("touching"));

        Task<bool> Approve(string id) => Reratings.DecideRerating(Garden, id, ReratingStatus.Approved, "boss", s_now, Stop);
    }

    [Fact]
    public async Task What_failed_is_ended_and_its_period_is_free_again()
    {
        var last = s_now + Duration.FromHours(2);
        await Reratings.AddRerating(Rerating("q1"), Stop);
        await Reratings.AddRerating(Rerating("q2"), Stop);
        Assert.False(await Reratings.FailRerating(Garden, "q1", "rerating_changed", last, Stop));
        await Reratings.DecideRerating(Garden, "q1", ReratingStatus.Approved, "boss", s_now, Stop);
        Assert.False(await Reratings.DecideRerating(Garden, "q2", ReratingStatus.Approved, "boss", s_now, Stop));

        Assert.True(await Reratings.FailRerating(Garden, "q1", "rerating_changed", last, Stop));

        Assert.False(await Reratings.FailRerating(Garden, "q1", "programme_invalid", last, Stop));
        Assert.False(await Reratings.FinishRerating(Garden, "q1", 0, last, Stop));
        Assert.Equal(
            Rerating("q1") with { Status = ReratingStatus.Failed, DecidedBy = "boss", DecidedAt = s_now, DoneAt = last, Failure = "rerating_changed" },
            await Reratings.FindRerating(Garden, "q1", Stop));
        Assert.Empty(await Reratings.ListApprovedReratings(Stop));
        Assert.True(await Reratings.DecideRerating(Garden, "q2", ReratingStatus.Approved, "boss", s_now, Stop));
    }

    [Fact]
    public async Task Work_that_failed_may_be_done_again()
    {
        var done = 0;
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => Reratings.WorkAlone(Garden, "q1", () => throw new InvalidOperationException(), Stop));

        Assert.True(await Reratings.WorkAlone(Garden, "q1", () => Task.FromResult(++done), Stop));
        Assert.Equal(1, done);
    }

    [Fact]
    public async Task A_list_is_read_in_parts_that_miss_nothing_and_repeat_nothing()
    {
        foreach (var (id, later) in new[] { ("q5", 1), ("q3", 0), ("Q4", 0), ("q2", -1), ("q1", 2_000) })
        {
            Assert.True(await Reratings.AddRerating(Rerating(id) with { ProposedAt = s_now.PlusNanoseconds(later) }, Stop));
        }

        for (var countMax = 1; countMax <= 6; countMax++)
        {
            var (read, after) = (new List<string>(), (ReratingPlace?)null);
            while (await Reratings.ListReratings(Garden, after, countMax, Stop) is [.., var last] part)
            {
                Assert.InRange(part.Count, 1, countMax);
                read.AddRange(part.Select(rerating => rerating.Id));
                after = new(last.ProposedAt, last.Id);
            }

            Assert.Equal(["q2", "Q4", "q3", "q5", "q1"], read);
        }
    }

    [Fact]
    public async Task Ten_proposals_of_a_community_may_wait()
    {
        var added = await AtOnce(Ledger.Grains.Stores.Rerating.ProposedMax + 6, i => Reratings.AddRerating(Rerating($"q{i}"), Stop));

        Assert.Equal(Ledger.Grains.Stores.Rerating.ProposedMax, added.Count(done => done));
        Assert.True(await Reratings.AddRerating(Rerating("q0") with { Community = Harbour }, Stop));
        await Reratings.DecideRerating(
            Garden, $"q{Enumerable.Range(0, added.Length).First(i => added[i])}", ReratingStatus.Rejected, "boss", s_now, Stop);
        Assert.True(await Reratings.AddRerating(Rerating("again"), Stop));
    }

    private static Rerating Rerating(string id) => new()
    {
        Community = Garden,
        Id = id,
        Programme = "{}",
        From = s_now - Duration.FromDays(30),
        Until = s_now - Duration.FromDays(1),
        Reason = "a wrong rate",
        Residents = 3,
        Given = new(100),
        Taken = new(7),
        Digest = "00ff",
        ProposedBy = "writer",
        ProposedAt = s_now,
    };
}
