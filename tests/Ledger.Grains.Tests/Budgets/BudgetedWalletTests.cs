using System.Globalization;
using Ledger.Budgets;
using Ledger.Grains.Budgets;
using Ledger.Grains.Journal;
using Ledger.Grains.Tests.Hosting;
using Ledger.Grains.Tests.Journal;
using Ledger.Grains.Verification;
using Ledger.Grains.Wallets;
using Ledger.Wallets;
using Microsoft.Extensions.DependencyInjection;
using static Ledger.Grains.Tests.Wallets.Commands;

namespace Ledger.Grains.Tests.Budgets;

/// <summary>Wallets under a campaign with a budget, on a real file.</summary>
public sealed class BudgetedWalletTests : IAsyncLifetime
{
    private const string Spring = "campaign/spring";

    private readonly TemporaryDirectory _directory = new();
    private LedgerHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await LedgerHost.Start(_directory.Path);
        Publish(points: 100);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Residents_who_earn_at_once_get_a_budget_to_its_last_point_and_no_more()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Earned($"r{i % 20}", $"e{i}", 3)));

        Assert.Equal(100, results.Sum(earned => earned.Credited.Value - 3));
        Assert.Equal(new(100, 34), (await Book()).Used);
        Assert.All(results.Where(earned => earned.Credited.Value < 6), earned => Assert.Equal(new Points(3), earned.Budgets!.Value[0].Offered));
        await Sound();
    }

    [Fact]
    public async Task A_whole_year_of_one_wallet_is_one_set_and_one_draw()
    {
        var envelopes = Enumerable.Range(0, 50).Select(i => Earn("r1", $"e{i}", 3, _host.Clock.GetCurrentInstant())).ToArray();

        var results = await _host.Wallet("r1").SendMany([.. envelopes]);

        Assert.Equal(250, results.Cast<CommandResult.Recorded>().Sum(of => EarnedIn(of).Credited.Value));
        Assert.Equal(new(100, 34), (await Book()).Used);
        await Sound();
    }

    [Fact]
    public async Task An_award_whose_lease_ended_under_it_is_decided_again_with_another_lease()
    {
        await Earned("r1", "e1", 3);
        var lease = Assert.Single((await Book()).Leases).Id;
        await _host.Services.GetRequiredService<IBudgets>().End(LedgerHost.Community, Spring, lease, TestContext.Current.CancellationToken);
        var appends = _host.Journal.Appends;

        Assert.Equal(new Points(6), (await Earned("r2", "e2", 3)).Credited);

        Assert.Equal(appends + 2, _host.Journal.Appends);
        Assert.NotEqual(lease, Assert.Single((await Book()).Leases).Id);
        await Sound();
    }

    [Fact]
    public async Task What_an_append_that_failed_had_set_aside_is_drawn_by_the_next()
    {
        _host.Journal.FailNext(Fault.Unavailable);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => Earned("r1", "e1", 90));

        Assert.Equal(new Points(200), (await Earned("r2", "e2", 100)).Credited);
        await Sound();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_nobody_knows_whether_something_was_drawn_the_end_of_the_lease_tells(bool committed)
    {
        _host.Journal.FailNext(committed ? Fault.UnknownCommitted : Fault.UnknownNotCommitted);
        await Assert.ThrowsAsync<JournalOutcomeUnknownException>(() => Earned("r1", "e1", 90));
        Assert.Equal(new Points(110), (await Earned("r2", "e2", 100)).Credited);

        var desk = _host.Services.GetRequiredService<BudgetDesk>();
        await desk.Renew();
        await desk.Renew();

        Assert.Equal(new Points(committed ? 100 : 190), (await Earned("r3", "e3", 100)).Credited);
        Assert.Equal(100, (await Book()).Used.Points);
        await Sound();
    }

    [Fact]
    public async Task A_simulation_sees_what_is_left_and_draws_nothing()
    {
        await Earned("r1", "e1", 90);
        var before = await Book();

        var simulated = Assert.IsType<CommandResult.Simulated>(await _host.Wallet("r2").Simulate(Earn("r2", "e2", 30, _host.Clock.GetCurrentInstant()), null));

        Assert.Equal([new BudgetDraw(Spring, new(10), new(30), new(10))], Assert.IsType<PointsEarned>(simulated.Transaction.Events[^1]).Budgets!.Value);
        Assert.Equal((before.Used, before.Leased), ((await Book()).Used, (await Book()).Leased));
        Assert.Equal(new Points(40), (await Earned("r2", "e2", 30)).Credited);
    }

    [Fact]
    public async Task A_later_version_goes_on_counting_with_its_own_total()
    {
        await Earned("r1", "e1", 30);
        Publish(points: 40);
        Assert.Equal(new Points(40), (await Earned("r1", "e2", 30)).Credited);
        Publish(points: 60);
        Assert.Equal(new Points(50), (await Earned("r1", "e3", 30)).Credited);
        Publish(points: 20);
        Assert.Equal(new Points(30), (await Earned("r1", "e4", 30)).Credited);
        Assert.Equal(60, (await Book()).Used.Points);
        await Sound();
    }

    [Fact]
    public async Task Where_one_budget_is_empty_another_campaign_counts_and_draws_from_its_own()
    {
        _host.Programmes.Published = FixedProgrammes.Only(
            """
            { "activities": [ { "type": "service", "award": { "kind": "per_unit", "points": 1 } } ],
              "campaigns": [
                { "id": "spring", "from": "2020-01-01", "through": "2030-01-01", "effect": { "kind": "bonus", "points": 50 }, "budget": { "points": 60 } },
                { "id": "may", "from": "2020-01-01", "through": "2030-01-01", "effect": { "kind": "bonus", "points": 7 }, "budget": { "awards": 1 } } ] }
            """);

        // Fifty, then the last ten, then the other campaign's seven, then nothing.
        foreach (var (id, credited) in new[] { ("e1", 51), ("e2", 11), ("e3", 8), ("e4", 1) })
        {
            Assert.Equal(new Points(credited), (await Earned("r1", id, 1)).Credited);
        }

        Assert.Equal(new(60, 2), (await Book()).Used);
        await Sound();
    }

    [Fact]
    public async Task After_a_restart_a_budget_goes_on_where_it_was()
    {
        await Earned("r1", "e1", 90);
        await _host.DisposeAsync();
        _host = await LedgerHost.Start(_directory.Path);
        Publish(points: 100);

        Assert.Equal(new Points(40), (await Earned("r1", "e2", 30)).Credited);
        await Sound();
    }

    [Fact]
    public async Task A_budget_that_counts_otherwise_than_its_awards_is_found()
    {
        await Earned("r1", "e1", 30);
        await Earned("r1", "e2", 3);
        var other = Sample.Set(Sample.Row(Sample.Wallet("other", LedgerHost.Community), 1));
        Assert.IsType<AppendResult.Committed>(await _host.Journal.Append(other with { Draws = [new((await Book()).Leases[0].Id, new(1, 1))] }));

        var report = await new JournalVerifier(_host.Journal, null).Verify(LedgerHost.Community, null, TestContext.Current.CancellationToken);

        Assert.Equal(1, report.Differences[VerificationCheck.Budgets]);
        Assert.Contains(
            report.Findings, finding => finding.Words == "the budget of campaign/spring counts 34 points in 3 awards, its awards drew 33 in 2");
    }

    private static PointsEarned EarnedIn(CommandResult.Recorded recorded) => recorded.Transaction.Events.OfType<PointsEarned>().Single();

    private void Publish(long points) => _host.Programmes.Published = FixedProgrammes.Only(string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        { "activities": [ { "type": "service", "award": { "kind": "per_unit", "points": 1 } } ],
          "campaigns": [ { "id": "spring", "from": "2020-01-01", "through": "2030-01-01",
            "effect": { "kind": "multiply", "basisPoints": 20000 }, "budget": { "points": {{points}} } } ] }
        """));

    private async Task<PointsEarned> Earned(string resident, string id, long quantity) =>
        EarnedIn(await _host.Wallet(resident).Record(Earn(resident, id, quantity, _host.Clock.GetCurrentInstant())));

    private async Task<BudgetBook> Book() =>
        (await _host.Journal.ReadBudgets(LedgerHost.Community, TestContext.Current.CancellationToken))[Spring];

    private async Task Sound()
    {
        var report = await new JournalVerifier(_host.Journal, null).Verify(LedgerHost.Community, null, TestContext.Current.CancellationToken);
        Assert.True(report.IsSound, string.Join('\n', report.Findings));
    }
}
