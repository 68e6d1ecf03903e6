using System.Data.Common;
using Ledger.Grains.Journal;
using Ledger.Grains.Stores;
using Ledger.Grains.Tests.Hosting;
using Ledger.Grains.Tests.Stores;
using Ledger.Grains.Tests.Wallets;
using Ledger.Grains.Verification;
using Ledger.PrivatePostgres;
using Ledger.Rewards;
using Ledger.Wallets;
using Microsoft.Data.Sqlite;
using NodaTime;
using Npgsql;

namespace Ledger.Grains.Tests.Stocks;

/// <summary>A ledger from before merchants had lists of redemptions gets them from its journal when it is opened.</summary>
public sealed class OlderRedemptionsTests(SharedPostgres shared)
{
    private const string Older = "DROP TABLE redemption;";

    [Fact]
    public async Task In_one_file()
    {
        using var directory = new TemporaryDirectory();
        var address = new StoreAddress(StoreAddress.Sqlite, $"Data Source={Path.Combine(directory.Path, "ledger.db")}");
        await GetsItsRedemptions(address, directory.Path, null, () => Run(
            new SqliteConnection($"{address.Connection};Pooling=False"), Older + "DELETE FROM SchemaVersions WHERE ScriptName LIKE '%redemptions%'"));
    }

    [Fact]
    public async Task On_PostgreSQL()
    {
        await using var database = await LedgerDatabase.Create(shared);
        await GetsItsRedemptions(new(StoreAddress.Postgres, database.ConnectionString), "", database.ConnectionString, () => Run(
            new NpgsqlConnection(database.ConnectionString), Older + "DELETE FROM schemaversions WHERE scriptname LIKE '%redemptions%'"));
    }

    private static async Task GetsItsRedemptions(StoreAddress address, string directory, string? database, Func<Task> makeOlder)
    {
        await using (var host = await LedgerHost.Start(directory, Instant.FromUtc(2026, 3, 1, 4, 0), database))
        {
            await StockedStore.Fill(host);
            await host.Wallet("anna").Record(Commands.Envelope("anna", "ready", new FulfilRedemption(StockedStore.IdOf("sold"), RedemptionStep.Ready)));
            await host.Wallet("anna").Record(Commands.Envelope("anna", "another", new RedeemReward(StockedStore.Visit, 1, StockedStore.IdOf("another"))));
            await host.Wallet("anna").Record(Commands.Envelope("anna", "paid", new FulfilRedemption(StockedStore.IdOf("another"), RedemptionStep.Pay)));
            host.Clock.AdvanceDays(3);
            await host.Wallet("anna").ApplyDue(null);
            await host.Wallet("anna").Record(Commands.Envelope("anna", "again", new RedeemReward(StockedStore.Visit, 1, StockedStore.IdOf("again"))));
        }

        var before = await All(address);
        await makeOlder();
        await using (OpenLedger.ForWriting(address, "test"))
        {
        }

        Assert.Equal(before.ToHashSet(), (await All(address)).ToHashSet());
        Assert.Equal(
            [RedemptionStatus.AwaitsPayment, RedemptionStatus.Placed, RedemptionStatus.Ready, RedemptionStatus.Cancelled, RedemptionStatus.TimedOut],
            before.Select(redemption => redemption.Status).Order());
    }

    private static async Task<List<StoredRedemption>> All(StoreAddress address)
    {
        var all = new List<StoredRedemption>();
        await using var ledger = OpenLedger.ForReading(address);
        await ledger.Inspection.ReadRedemptions(LedgerHost.Community, all.Add, TestContext.Current.CancellationToken);
        var report = await new JournalVerifier(ledger.Journal, ledger.Inspection).Verify(LedgerHost.Community, null, TestContext.Current.CancellationToken);
        Assert.Equal(0, report.Differences[VerificationCheck.Redemptions]);
        return all;
    }

    private static async Task Run(DbConnection connection, string sql)
    {
        await using (connection)
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this class.
            command.CommandText = sql;
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }
}
