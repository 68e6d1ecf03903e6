using Ledger.Fault.Tests.Clients;
using Ledger.Fault.Tests.History;
using Ledger.Fault.Tests.Processes;
using Ledger.Grains.Stores;

namespace Ledger.Fault.Tests.Scenarios;

/// <summary>One service with one file.</summary>
[Collection(nameof(OneAfterTheOther))]
public sealed class EmbeddedTests : IDisposable
{
    private const int Kills = 4;

    private readonly string _folder = Directory.CreateTempSubdirectory("ledger-embedded-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public Task A_service_that_is_killed_again_and_again_loses_and_doubles_nothing() => Under("embedded", _folder, async (silo, load, chance) =>
    {
        for (var kill = 0; kill < Kills; kill++)
        {
            await load.More(chance.Next(20, 300));
            await silo.Kill();
            await silo.StartReady();
        }

        await load.More(50);
    });

    [Fact]
    public async Task A_full_disk_is_waited_for_with_nothing_half_done()
    {
        using var disk = SmallDisk.TryMount(_folder);
        Assert.SkipWhen(disk is null, "Only who may mount a small file system can fill it.");
        await Under("full", disk.Folder, async (_, load, _) =>
        {
            await load.More(100);
            disk.Fill();
            await ClusterFaults.NothingIsDecided(load);
            disk.MakeRoom();
            await load.More(100);
        });
    }

    [Fact]
    public Task A_file_that_may_not_grow_is_waited_for_with_nothing_half_done() => Under("limited", _folder, async (silo, load, _) =>
    {
        await load.More(100);
        silo.LimitFiles("1");
        await ClusterFaults.NothingIsDecided(load);
        silo.LimitFiles("unlimited");
        await load.More(100);
    });

    private static async Task Under(string scenario, string folder, Func<Silo, Load, Random, Task> faults)
    {
        var seed = Seed.Of(scenario);
        var store = new StoreAddress(StoreAddress.Sqlite, $"Data Source={Path.Combine(folder, "ledger.db")}");
        var (tenant, record) = (await Tenant.Add(store, scenario), new ClientRecord());

        // Writing too much is to be an error, not the end of the process.
        await using var silo = new Silo(new() { Name = scenario, Store = store.Kind, Connection = store.Connection, Before = "trap '' XFSZ" });
        await silo.StartReady();
        try
        {
            await using (var load = Load.Start(tenant, record, seed, firstClient: 0, silo.Address))
            {
                await faults(silo, load, new Random(seed));
                await load.Stop();
            }

            await HistoryCheck.Holds(tenant, record, scenario, silo.Address);
        }
        catch (Exception)
        {
            Seed.Tell(silo.Said);
            throw;
        }

        Assert.Equal(0, await silo.Terminate());
    }
}
