using System.Globalization;
using Ledger.Budgets;
using Ledger.Fault.Tests.Clients;
using Ledger.Fault.Tests.Processes;
using Ledger.Fault.Tests.Waiting;
using Ledger.Grains.Stores;
using Ledger.Grains.Verification;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Fault.Tests.Scenarios;

/// <summary>A campaign with a budget on two real silos, while one of them is lost in the middle.</summary>
[Collection(nameof(OneAfterTheOther))]
public sealed class BudgetTests(Cluster cluster)
{
    private const int Callers = 256;
    private const int Residents = 1_000;
    private const long PointsTotal = 40_000;
    private const long AwardsTotal = 3_000;
    private const string Double = "campaign/double";
    private const string Early = "campaign/early";

    private static readonly string s_programme = string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        { "activities": [ { "type": "walk", "award": { "kind": "per_unit", "points": 1 } } ],
          "campaigns": [
            { "id": "double", "from": "2020-01-01", "through": "2099-12-31", "effect": { "kind": "multiply", "basisPoints": 20000 },
              "budget": { "points": {{PointsTotal}} }, "stacks": true },
            { "id": "early", "from": "2020-01-01", "through": "2099-12-31", "effect": { "kind": "bonus", "points": 3 },
              "budget": { "awards": {{AwardsTotal}} }, "stacks": true } ] }
        """);

    private volatile bool _enough;
    private volatile Silo? _lost;

    [Fact]
    public Task A_budget_is_never_exceeded_and_not_stranded_when_a_silo_is_killed_under_256_callers() =>
        Under("budget-killed", async (east, _) =>
        {
            _lost = east;
            await east.Kill();
            return () => Task.CompletedTask;
        });

    [Fact]
    public Task A_silo_that_stood_still_and_wakes_up_spends_nothing_of_a_lease_that_others_have_drawn() =>
        Under("budget-frozen", async (east, _) =>
        {
            east.Freeze();
            _lost = east;
            await Task.CompletedTask;
            return async () =>
            {
                east.Thaw();
                await east.Ended();
            };
        });

    private async Task Under(string scenario, Func<Silo, Silo, Task<Func<Task>>> lose)
    {
        var seed = Seed.Of(scenario);
        await cluster.Prepare(scenario);
        var store = new StoreAddress(StoreAddress.Postgres, await cluster.Postgres.CreateDatabase());
        var tenant = await Tenant.Add(store, scenario, s_programme);
        await using var east = SiloOn(store, "budget-east");
        await using var west = SiloOn(store, "budget-west");
        await Task.WhenAll(east.StartReady(), west.StartReady());
        var record = new ClientRecord();
        using var reader = new LedgerClient(tenant, new());
        try
        {
            var callers = Enumerable.Range(0, Callers).Select(caller => Call(tenant, record, new(HashCode.Combine(seed, caller)), caller, [east, west])).ToList();
            await Drawn(reader, west, PointsTotal * new Random(seed).Next(20, 60) / 100, "the budget is drawn from by both silos");
            var recover = await lose(east, west);
            await Drawn(reader, west, PointsTotal - (PointsTotal / 100), "at most a hundredth of the budget is left");
            await recover();
            await Patience.Until("the first awards of all are counted", async () => await Used(reader, west, "early", "awards") >= AwardsTotal - (AwardsTotal / 100));
            _enough = true;
            await Task.WhenAll(callers);
        }
        catch (Exception)
        {
            _enough = true;
            Seed.Tell(east.Said + west.Said);
            throw;
        }

        Assert.Empty(record.Wrongs);
        await west.Terminate();
        await Holds(tenant, record);
    }

    /// <summary>Sends one event after the other, each until it is acknowledged, to any silo that is not known to be lost.</summary>
    private async Task Call(Tenant tenant, ClientRecord record, Random chance, int caller, Silo[] silos)
    {
        using var client = new LedgerClient(tenant, record);
        for (var made = 0; !_enough; made++)
        {
            var sent = Walk(chance, $"{caller}-{made}");
            record.Add(sent);
            while (!await client.Send(sent, silos.Where(silo => silo != _lost).ElementAt(chance.Next(_lost is null ? 2 : 1)).Address) && !_enough)
            {
            }
        }
    }

    private static SentCommand Walk(Random chance, string id)
    {
        var quantity = chance.Next(1, 20);
        return new()
        {
            Id = id,
            Resident = string.Create(CultureInfo.InvariantCulture, $"r-{chance.Next(Residents)}"),
            Command = new EarnPoints(ActivityType.Parse("walk"), quantity, Instant.FromUnixTimeSeconds(SystemClock.Instance.GetCurrentInstant().ToUnixTimeSeconds())),
            EventType = "activity-completed",
            Data = new() { ["activity"] = "walk", ["quantity"] = quantity },
        };
    }

    private static async Task Drawn(LedgerClient reader, Silo silo, long points, string what) =>
        Seed.Tell($"{what}: {(await Patience.Until(what, async () => await Used(reader, silo, "double", "points") >= points, () => silo.Said)).TotalSeconds:0.0} s");

    private static async Task<long> Used(LedgerClient reader, Silo silo, string campaign, string unit) =>
        (await reader.Read("/v1/budgets", silo.Address))?["data"]!.AsArray()
            .Single(budget => budget!["campaign"]!.GetValue<string>() == campaign)![unit]!["used"]!.GetValue<long>() ?? 0;

    /// <summary>What the budgets say, what the journal says, and what clients were told agree, and nothing passes the totals.</summary>
    private static async Task Holds(Tenant tenant, ClientRecord record)
    {
        await using var ledger = OpenLedger.ForReading(tenant.Store);
        var report = await new JournalVerifier(ledger.Journal, ledger.Inspection).Verify(tenant.Id);
        Assert.True(report.IsSound, string.Join('\n', report.Findings));

        var books = await ledger.Journal.ReadBudgets(tenant.Id);
        var (twice, first) = (books[Double].Used, books[Early].Used);
        Seed.Tell($"{twice} of {PointsTotal} points, {first} of {AwardsTotal} awards, {record.Sent.Count} events, failures: {string.Join(", ", record.Failures)}");
        Assert.InRange(twice.Points, PointsTotal - (PointsTotal / 100), PointsTotal);
        Assert.InRange(first.Awards, AwardsTotal - (AwardsTotal / 100), AwardsTotal);
        Assert.Equal(first.Awards * 3, first.Points);
        Assert.Equal(BudgetAmount.Zero, new BudgetAmount(books[Double].Leased.Points, books[Early].Leased.Awards));
    }

    private static Silo SiloOn(StoreAddress store, string name) => new(new()
    {
        Name = name,
        Store = store.Kind,
        Connection = store.Connection,
        Variables = new Dictionary<string, string> { ["Ledger__BudgetLeaseFor"] = "00:00:03" },
    });
}
