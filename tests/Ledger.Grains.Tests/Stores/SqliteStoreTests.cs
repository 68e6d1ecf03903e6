using System.Diagnostics;
using Ledger.Grains.Journal;
using Ledger.Grains.Journal.Sqlite;
using Ledger.Grains.Stores;
using Ledger.Grains.Stores.Sqlite;
using Microsoft.Data.Sqlite;
using static Ledger.Grains.Tests.Journal.Sample;

namespace Ledger.Grains.Tests.Stores;

public sealed class SqliteStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_second_writer_is_refused_and_told_which_process_holds_the_store()
    {
        using var holder = SqliteStore.Open(_folder.Store, "serve");

        var refusal = Refused(() => SqliteStore.Open(_folder.Store, "import"));

        Assert.Equal(StoreRefusals.Locked, refusal.Code);
        Assert.Equal(Environment.ProcessId, refusal.HolderProcessId);
        Assert.Contains("serve", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_to_a_store_is_the_same_store()
    {
        using var holder = SqliteStore.Open(_folder.Store, "serve");
        File.CreateSymbolicLink(_folder.File("link.db"), _folder.Store);

        Assert.Equal(StoreRefusals.Locked, Refused(() => SqliteStore.Open(_folder.File("link.db"), "import")).Code);
    }

    [Fact]
    public void A_lock_file_that_a_dead_process_left_behind_blocks_nobody()
    {
        File.WriteAllText(_folder.Store + ".lock", "4194304 serve\n");

        SqliteStore.Open(_folder.Store, "serve").Dispose();
        SqliteStore.Open(_folder.Store, "serve").Dispose();
    }

    [Fact]
    public void Another_process_is_kept_out_and_keeps_out_until_it_dies()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "flock(1) is a Linux program.");
        var lockFile = _folder.Store + ".lock";
        using (SqliteStore.Open(_folder.Store, "serve"))
        using (var late = Process.Start(new ProcessStartInfo("flock", ["--nonblock", lockFile, "true"]))!)
        {
            late.WaitForExit();
            Assert.NotEqual(0, late.ExitCode);
        }

        var command = new ProcessStartInfo("flock", ["--no-fork", lockFile, "sh", "-c", "echo held; exec sleep 600"]) { RedirectStandardOutput = true };
        using var holder = Process.Start(command)!;
        Assert.Equal("held", holder.StandardOutput.ReadLine());
        Assert.Equal(StoreRefusals.Locked, Refused(() => SqliteStore.Open(_folder.Store, "serve")).Code);

        holder.Kill();
        holder.WaitForExit();
        SqliteStore.Open(_folder.Store, "serve").Dispose();
    }

    [Fact]
    public void A_store_can_be_opened_again_after_it_was_closed_and_leaves_no_log_behind()
    {
        using (var store = SqliteStore.Open(_folder.Store, "serve"))
        {
            Execute(store.Snapshots.ConnectionString, "SELECT 1");
            using var connection = store.Snapshots.OpenConnection();
        }

        Assert.False(File.Exists(_folder.Store + "-wal"));
        using var again = SqliteStore.Open(_folder.Store, "serve");
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named()
    {
        var refusal = Refused(() => SqliteStore.Open(_folder.File("nowhere/ledger.db"), "serve"));

        Assert.Equal(StoreRefusals.DirectoryMissing, refusal.Code);
        Assert.Contains("nowhere", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_in_place_of_the_file_is_no_store()
    {
        Directory.CreateDirectory(_folder.Store);

        Assert.Equal(StoreRefusals.NotADatabase, Refused(() => SqliteStore.Open(_folder.Store, "serve")).Code);
    }

    [Fact]
    public void A_read_only_file_is_refused()
    {
        SqliteStore.Open(_folder.Store, "serve").Dispose();
        File.SetAttributes(_folder.Store, FileAttributes.ReadOnly);

        Assert.Equal(StoreRefusals.NotWritable, Refused(() => SqliteStore.Open(_folder.Store, "serve")).Code);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_and_left_as_it_is()
    {
        var text = string.Concat(Enumerable.Repeat("event_id,resident,type\n", 500));
        File.WriteAllText(_folder.Store, text);

        Assert.Equal(StoreRefusals.NotADatabase, Refused(() => SqliteStore.Open(_folder.Store, "serve")).Code);
        Assert.Equal(StoreRefusals.NotADatabase, Refused(() => SqliteStore.OpenReadOnly(_folder.Store)).Code);
        Assert.Equal(text, File.ReadAllText(_folder.Store));
    }

    [Fact]
    public void A_database_of_another_program_is_refused_and_left_as_it_is()
    {
        Execute($"Data Source={_folder.Store};Pooling=False", "CREATE TABLE photos (id INTEGER)");
        var before = File.ReadAllBytes(_folder.Store);

        Assert.Equal(StoreRefusals.Foreign, Refused(() => SqliteStore.Open(_folder.Store, "serve")).Code);
        Assert.Equal(before, File.ReadAllBytes(_folder.Store));
    }

    [Fact]
    public void A_store_of_a_newer_version_is_refused_for_writing_and_reading()
    {
        SqliteStore.Open(_folder.Store, "serve").Dispose();
        Execute(
            $"Data Source={_folder.Store};Pooling=False",
            "INSERT INTO SchemaVersions (ScriptName, Applied) VALUES ('9999_from_the_future.sql', '2099-01-01')");

        foreach (var open in new Func<SqliteStore>[] { () => SqliteStore.Open(_folder.Store, "serve"), () => SqliteStore.OpenReadOnly(_folder.Store) })
        {
            var refusal = Refused(open);
            Assert.Equal(StoreRefusals.NewerSchema, refusal.Code);
            Assert.Contains("9999_from_the_future.sql", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_store_of_an_older_version_is_not_opened_for_reading_only()
    {
        SqliteStore.Open(_folder.Store, "serve").Dispose();
        Execute($"Data Source={_folder.Store};Pooling=False", "DELETE FROM SchemaVersions WHERE ScriptName LIKE '0003%'");

        Assert.Equal(StoreRefusals.OlderSchema, Refused(() => SqliteStore.OpenReadOnly(_folder.Store)).Code);
    }

    [Fact]
    public void Reading_only_makes_no_file()
    {
        Assert.Equal(StoreRefusals.FileMissing, Refused(() => SqliteStore.OpenReadOnly(_folder.Store)).Code);
        Assert.False(File.Exists(_folder.Store));
    }

    [Fact]
    public void A_refused_opening_gives_the_lock_back()
    {
        File.WriteAllText(_folder.Store, new string('x', 5_000));
        Refused(() => SqliteStore.Open(_folder.Store, "serve"));
        File.Delete(_folder.Store);

        SqliteStore.Open(_folder.Store, "serve").Dispose();
    }

    [Fact]
    public async Task Reading_beside_a_writer_sees_one_moment_from_its_first_question_on()
    {
        var stop = TestContext.Current.CancellationToken;
        using var store = SqliteStore.Open(_folder.Store, "serve");
        await using var journal = new SqliteJournal(store);
        await journal.Append(Set(Wallet("ana"), 1, 700));

        using var beside = SqliteStore.OpenReadOnly(_folder.Store);
        await using var reading = new SqliteJournal(beside);
        Assert.Equal(7_000, (await reading.ReadTotals(Garden, stop))["available"]);
        await journal.Append(Set(Wallet("ana"), 701, 1));
        await journal.Append(Set(Wallet("bo"), 1, 1));

        Assert.Equal(7_000, (await reading.ReadTotals(Garden, stop))["available"]);
        Assert.Equal(700, await reading.ReadAll(Garden, stop).CountAsync(stop));
        Assert.Equal(700, (await reading.ReadBackwards(Wallet("ana"), long.MaxValue, 1, stop))[0].Sequence);
        Assert.Empty(await reading.ReadBackwards(Wallet("bo"), long.MaxValue, 1, stop));
    }

    [Fact]
    public async Task A_store_that_is_read_only_takes_nothing_in()
    {
        SqliteStore.Open(_folder.Store, "serve").Dispose();
        using var store = SqliteStore.OpenReadOnly(_folder.Store);
        await using var journal = new SqliteJournal(store);

        await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.Append(Set(Wallet("ana"), 1, 1)));
        await Assert.ThrowsAsync<JournalUnavailableException>(
            () => journal.EraseNote(Wallet("ana"), 1, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Every_connection_waits_for_a_lock_and_the_writers_survive_a_power_cut()
    {
        using var store = SqliteStore.Open(_folder.Store, "serve");
        using var writer = store.Writer.Open();
        using var snapshots = (SqliteConnection)store.Snapshots.OpenConnection();
        using var reader = store.Readers.Open();

        Assert.Equal("wal", Value(writer, "PRAGMA journal_mode"));
        Assert.Equal(2L, Value(writer, "PRAGMA synchronous"));
        Assert.Equal(4_096L, Value(writer, "PRAGMA wal_autocheckpoint"));
        Assert.All([writer, snapshots, reader], connection => Assert.Equal(5_000L, Value(connection, "PRAGMA busy_timeout")));
        Assert.Equal(1L, Value(reader, "PRAGMA query_only"));
    }

    private static StoreRefusedException Refused(Func<SqliteStore> open) => Assert.Throws<StoreRefusedException>(() => open());

    private static object? Value(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of these tests.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    private static void Execute(string connectionString, string sql)
    {
        using var connection = new SqliteConnection(connectionString);
        connection.Open();
        Value(connection, sql);
    }
}
