using Ledger.Grains.Journal;
using Ledger.Grains.Journal.Postgres;
using Ledger.Grains.Stores;
using Ledger.Grains.Stores.Postgres;
using Ledger.PrivatePostgres;
using Npgsql;
using static Ledger.Grains.Tests.Journal.Sample;

namespace Ledger.Grains.Tests.Stores;

public sealed class PostgresStoreTests(SharedPostgres shared)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Several_silos_that_open_an_empty_database_at_once_all_find_it_ready()
    {
        var connection = await (await shared.Server).CreateDatabase();

        var stores = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => PostgresStore.Open(connection), Stop)));

        for (var i = 0; i < stores.Length; i++)
        {
            await using var journal = new PostgresJournal(stores[i]);
            Assert.IsType<AppendResult.Committed>(await journal.Append(Set(Wallet($"r{i}"), 1, 1)));
        }

        Assert.Equal(0L, Run(connection, "SELECT count(*) - count(DISTINCT scriptname) FROM schemaversions"));
        PostgresStore.OpenReadOnly(connection).Dispose();
        Array.ForEach(stores, store => store.Dispose());
    }

    [Fact]
    public async Task What_stands_in_the_way_is_named_by_a_code_and_without_the_password()
    {
        var server = await shared.Server;
        var sound = await server.CreateDatabase();
        PostgresStore.Open(sound).Dispose();

        Assert.Equal(StoreRefusals.AccessDenied, Refused(With(sound, named => named.Password = "guess-me")).Code);
        Assert.Equal(StoreRefusals.DatabaseMissing, Refused(With(sound, named => named.Database = "nowhere")).Code);
        Assert.Equal(StoreRefusals.Unreachable, Refused(With(sound, named => named.Port = 1)).Code);
        Assert.Equal(StoreRefusals.Unreachable, Refused(With(sound, named => named.Host = "no-such-host.invalid")).Code);
        Assert.Equal(StoreRefusals.ConnectionInvalid, Refused("Hots=127.0.0.1").Code);
        Assert.Equal(StoreRefusals.ConnectionInvalid, Refused("Database=ledger").Code);
        Assert.Contains("127.0.0.1", Refused(With(sound, named => named.Database = "nowhere")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused_and_left_as_it_is()
    {
        var connection = await (await shared.Server).CreateDatabase();
        PostgresStore.Open(connection).Dispose();
        Run(connection, "INSERT INTO schemaversions (scriptname, applied) VALUES ('9999_future.sql', now())");

        var refusal = Refused(connection);

        Assert.Equal(StoreRefusals.NewerSchema, refusal.Code);
        Assert.Contains("9999_future.sql", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(StoreRefusals.NewerSchema, Assert.Throws<StoreRefusedException>(() => PostgresStore.OpenReadOnly(connection)).Code);
    }

    [Fact]
    public async Task A_database_of_another_program_is_refused_and_left_as_it_is()
    {
        var connection = await (await shared.Server).CreateDatabase();
        Run(connection, "CREATE TABLE theirs (x int)");

        Assert.Equal(StoreRefusals.Foreign, Refused(connection).Code);
        Assert.Equal(1L, Run(connection, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"));
    }

    [Fact]
    public async Task A_database_that_lacks_a_migration_is_brought_up_to_date_and_is_not_opened_for_reading_before()
    {
        var connection = await (await shared.Server).CreateDatabase();
        Assert.Equal(StoreRefusals.OlderSchema, Assert.Throws<StoreRefusedException>(() => PostgresStore.OpenReadOnly(connection)).Code);
        PostgresStore.Open(connection).Dispose();
        Run(connection, "DELETE FROM schemaversions WHERE scriptname LIKE '0003%'; DROP TABLE orleansquery, grain_state");
        Assert.Equal(StoreRefusals.OlderSchema, Assert.Throws<StoreRefusedException>(() => PostgresStore.OpenReadOnly(connection)).Code);

        PostgresStore.Open(connection).Dispose();
        PostgresStore.OpenReadOnly(connection).Dispose();
    }

    [Fact]
    public async Task A_database_that_does_not_keep_UTF8_is_refused()
    {
        var server = await shared.Server;
        Run(server.ConnectionString(), "CREATE DATABASE ascii ENCODING 'SQL_ASCII' TEMPLATE template0");

        Assert.Equal(StoreRefusals.Unsuitable, Refused(server.ConnectionString("ascii")).Code);
    }

    [Fact]
    public async Task A_database_that_takes_no_writes_is_refused_when_it_must_be_migrated()
    {
        var connection = await (await shared.Server).CreateDatabase();

        Assert.Equal(StoreRefusals.NotWritable, Refused(connection + ";Options=-c default_transaction_read_only=on").Code);
    }

    [Fact]
    public async Task The_settings_that_keep_a_batch_from_waiting_for_ever_are_those_of_the_journal_alone()
    {
        var connection = await (await shared.Server).CreateDatabase();
        using var store = PostgresStore.Open(connection + ";Options=-c geqo=off");

        Assert.Equal("2s", Show(store.Writer, "lock_timeout"));
        Assert.Equal("5s", Show(store.Writer, "idle_in_transaction_session_timeout"));
        Assert.Equal("10s", Show(store.Writer, "statement_timeout"));
        Assert.Equal("off", Show(store.Writer, "geqo"));
        Assert.Equal("0", Show(store.Readers, "lock_timeout"));
    }

    private static object? Show(NpgsqlDataSource source, string setting)
    {
#pragma warning disable CA2100 // Constants of this class.
        using var command = source.CreateCommand("SHOW " + setting);
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    private static string With(string connectionString, Action<NpgsqlConnectionStringBuilder> change)
    {
        var named = new NpgsqlConnectionStringBuilder(connectionString);
        change(named);
        return named.ToString();
    }

    private static StoreRefusedException Refused(string connectionString)
    {
        var refusal = Assert.Throws<StoreRefusedException>(() => PostgresStore.Open(connectionString));
        Assert.DoesNotContain("guess-me", refusal.Message, StringComparison.Ordinal);
        return refusal;
    }

    private static object? Run(string connectionString, string sql)
    {
        using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        connection.Open();
#pragma warning disable CA2100 // Constants of this class.
        using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }
}
