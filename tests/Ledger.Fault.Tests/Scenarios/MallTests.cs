using System.Globalization;
using Ledger.Fault.Tests.Clients;
using Ledger.Fault.Tests.History;
using Ledger.Fault.Tests.Processes;
using Ledger.Fault.Tests.Waiting;
using Ledger.Grains.Stores;
using Ledger.Stocks;
using NodaTime;

namespace Ledger.Fault.Tests.Scenarios;

/// <summary>A crowd after one limited reward, neighbours who exchange gifts, and services that are killed in the middle of it.</summary>
[Collection(nameof(OneAfterTheOther))]
public sealed class MallTests(Cluster cluster) : IDisposable
{
    private const int Buyers = 120;
    private const int Kills = 3;
    private const int PutEachTime = 100;

    private const string Programme =
        """{ "activities": [ { "type": "service", "award": { "kind": "per_unit", "points": 1 } } ], "gifts": {} }""";

    private static readonly string s_tea = string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        { "kind": "goods", "category": "shops", "merchant": "tea-house", "names": { "en": "Tea" }, "price": { "points": {{MallDraw.Price}} },
          "handover": "delivery", "limited": true }
        """);

    // All of them ask at once, and again after this long.
    private static readonly TimeSpan s_think = TimeSpan.FromSeconds(1);

    // When somebody looks what became of what was left.
    private static readonly TimeSpan s_later = Stock.LookAfter.ToTimeSpan() + TimeSpan.FromMinutes(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("ledger-mall-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Silos_that_are_killed_again_and_again_sell_what_there_is_and_lose_no_gift()
    {
        await cluster.Prepare("mall");
        var store = new StoreAddress(StoreAddress.Postgres, await cluster.Postgres.CreateDatabase());
        await Under("mall", store, () => Cluster.SetClock(store, s_later), "mall-east", "mall-west");
    }

    [Fact]
    public Task A_service_with_one_file_that_is_killed_again_and_again_sells_what_there_is_and_loses_no_gift() =>
        Under("mall-file", new(StoreAddress.Sqlite, $"Data Source={Path.Combine(_folder, "ledger.db")}"), () => Task.CompletedTask, "mall-file");

    private static async Task Under(string scenario, StoreAddress store, Func<Task> setClockOfStore, params string[] names)
    {
        var seed = Seed.Of(scenario);
        var (tenant, record) = (await Open(store, scenario), new ClientRecord());
        var silos = names.Select(name => SiloOn(store, name)).ToList();
        try
        {
            await Task.WhenAll(silos.Select(silo => silo.StartReady()));
            await Rush(tenant, record, seed, silos);

            // Nobody comes back for what was left, until long after.
            await setClockOfStore();
            silos.ForEach(silo => silo.ShiftClock(s_later));
            await Task.WhenAll(silos.Select(silo => silo.StartReady()));
            await MallCheck.Holds(tenant, record, scenario, [.. silos.Select(silo => silo.Address)]);
        }
        catch (Exception)
        {
            silos.ForEach(silo => Seed.Tell(silo.Said));
            throw;
        }
        finally
        {
            await Task.WhenAll(silos.Select(silo => silo.DisposeAsync().AsTask()));
        }
    }

    /// <summary>Ends with every silo killed in the middle of it.</summary>
    private static async Task Rush(Tenant tenant, ClientRecord record, int seed, List<Silo> silos)
    {
        var chance = new Random(seed);
        using var shop = new LedgerClient(tenant, record);
        await using var load = Load.Start(
            tenant, record, Enumerable.Range(0, Buyers).Select(client => new MallDraw(tenant, record, seed, client)), s_think, [.. silos.Select(silo => silo.Address)]);
        await load.More(Buyers);
        for (var kill = 0; kill < Kills; kill++)
        {
            await Put(shop, record, $"put-{kill}", silos[0]);
            await load.More(chance.Next(20, 2 * Buyers));
            var killed = silos[kill % silos.Count];
            await killed.Kill();
            if (silos.Count > 1)
            {
                await load.More(50);
            }

            await killed.StartReady();
        }

        await Put(shop, record, "put-last", silos[0]);
        await load.More(chance.Next(20, Buyers));
        await Task.WhenAll(silos.Select(silo => silo.Kill()));
        await load.Stop();
    }

    private static async Task Put(LedgerClient shop, ClientRecord record, string id, Silo silo)
    {
        var put = MallDraw.Put(id, PutEachTime);
        record.Add(put);
        await Patience.Until("the stock is filled up", () => shop.Send(put, silo.Address), () => silo.Said);
    }

    private static async Task<Tenant> Open(StoreAddress store, string scenario)
    {
        var tenant = await Tenant.Add(store, scenario, Programme);
        await using var ledger = OpenLedger.ForWriting(store, "test");
        await ((IRewards)ledger.Catalogue).AddReward(new(tenant.Id, MallDraw.Wanted, 1, s_tea, false, "test", SystemClock.Instance.GetCurrentInstant()));
        return tenant;
    }

    private static Silo SiloOn(StoreAddress store, string name) => new(new()
    {
        Name = name,
        Store = store.Kind,
        Connection = store.Connection,
        Variables = new Dictionary<string, string> { ["Ledger__SweepEvery"] = "00:00:01" },
    });
}
