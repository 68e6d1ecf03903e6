using Ledger.Grains.Journal;
using Ledger.Grains.Journal.Sqlite;
using Ledger.Grains.Stores.Sqlite;
using Ledger.Grains.Tests.Stores;
using Microsoft.Data.Sqlite;
using static Ledger.Grains.Tests.Journal.Sample;

namespace Ledger.Grains.Tests.Journal;

/// <summary>What becomes of the journal in one file when something breaks around a commit.</summary>
public sealed class SqliteFaultTests : IAsyncLifetime
{
    private static readonly StreamId s_ana = Wallet("ana");

    private readonly TemporaryFolder _folder = new();
    private readonly CommitHooks _hooks = new();
    private SqliteStore _store = null!;
    private SqliteJournal _journal = null!;
    private SqliteConnection? _writer;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _hooks.Connected = connection => _writer = connection;
        Open();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await Close();
        _folder.Dispose();
    }

    [Fact]
    public async Task Everything_that_was_committed_is_there_after_opening_again_and_goes_on()
    {
        await Committed(Set(s_ana, 1, 3) with { NextDue = Morning, NextDueChanged = true, Notes = [new(2, Bytes(16, 1), "why")] });
        var before = Texts(await Rows());
        await Close();

        Open();

        Assert.Equal(before, Texts(await Rows()));
        Assert.Equal([s_ana], (await _journal.ReadDue(Morning, 1, cancellation: Stop)).Select(due => due.Stream));
        Assert.Equal("why", (await _journal.ReadNote(s_ana, 2, Stop))?.Text);
        Assert.IsType<AppendResult.Fenced>(await _journal.Append(Set(Row(s_ana, 3, "other"))));
        await Committed(Set(s_ana, 4, 1));
        Assert.Equal(40, (await _journal.ReadTotals(Garden, Stop))["available"]);
    }

    [Fact]
    public async Task What_breaks_before_the_commit_leaves_nothing_and_the_next_batch_is_written()
    {
        await Committed(Set(s_ana, 1, 1));
        _hooks.BeforeCommit = () => throw new IOException("the cable");
        await Assert.ThrowsAsync<JournalUnavailableException>(() => _journal.Append(Set(s_ana, 2, 5)));
        _hooks.BeforeCommit = null;

        Assert.Single(await Rows());
        await Committed(Set(s_ana, 2, 1));
        Assert.Equal(20, (await _journal.ReadTotals(Garden, Stop))["available"]);
    }

    [Fact]
    public async Task What_breaks_after_the_commit_is_an_unknown_outcome_that_the_journal_decides()
    {
        _hooks.AfterCommit = () => throw new IOException("the cable");
        await Assert.ThrowsAsync<JournalOutcomeUnknownException>(() => _journal.Append(Set(s_ana, 1, 2)));
        _hooks.AfterCommit = null;

        Assert.Equal(2, (await Rows()).Count);
        Assert.IsType<AppendResult.Seen>(await _journal.Append(Set(s_ana, 1, 2)));
        await Committed(Set(s_ana, 3, 1));
        Assert.Equal(30, (await _journal.ReadTotals(Garden, Stop))["available"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_copy_of_the_disk_taken_around_a_commit_holds_it_whole_or_not_at_all(bool committed)
    {
        await Committed(Set(s_ana, 1, 3) with { Notes = [new(2, Bytes(16, 1), "why")] });
        if (committed)
        {
            _hooks.AfterCommit = Copy;
        }
        else
        {
            _hooks.BeforeCommit = Copy;
        }

        await Committed(Set(s_ana, 4, 600) with { Erases = Morning });

        using var store = SqliteStore.Open(_folder.File("copy.db"), "test");
        await using var journal = new SqliteJournal(store);
        var rows = await journal.ReadAll(Garden, Stop).ToListAsync(Stop);
        Assert.Equal(committed ? 603 : 3, rows.Count);
        Assert.Equal(committed, await journal.ReadNote(s_ana, 2, Stop) is null);
        Assert.Equal(rows.Count * 10, (await journal.ReadTotals(Garden, Stop))["available"]);

        void Copy()
        {
            File.Copy(_folder.Store, _folder.File("copy.db"));
            File.Copy(_folder.Store + "-wal", _folder.File("copy.db-wal"));
        }
    }

    [Fact]
    public async Task A_full_disk_refuses_the_batch_and_the_journal_goes_on_when_there_is_room_again()
    {
        await Committed(Set(s_ana, 1, 10));
        Pragma("max_page_count = 1"); // SQLite takes it as "no larger than it is".
        var full = Set(s_ana, 11, 500);

        await Assert.ThrowsAsync<JournalUnavailableException>(() => _journal.Append(full));
        Assert.Equal(10, (await Rows()).Count);
        Assert.Equal(100, (await _journal.ReadTotals(Garden, Stop))["available"]);

        Pragma("max_page_count = 1000000");
        await Committed(full);
        Assert.Equal(5_100, (await _journal.ReadTotals(Garden, Stop))["available"]);
    }

    [Fact]
    public async Task A_foreign_lock_refuses_the_batch_and_the_journal_goes_on_when_it_is_gone()
    {
        await Committed(Set(s_ana, 1, 1));
        Pragma("busy_timeout = 1");
        using (var foreign = _store.Writer.Open())
        using (foreign.BeginTransaction())
        {
            await Assert.ThrowsAsync<JournalUnavailableException>(() => _journal.Append(Set(s_ana, 2, 1)));
        }

        await Committed(Set(s_ana, 2, 1));
    }

    [Fact]
    public async Task A_statement_that_broke_off_inside_a_transaction_does_not_poison_the_connection()
    {
        await Committed(Set(s_ana, 1, 1));
        // As if something had left the writer's own connection inside a transaction.
        Execute("BEGIN");

        await Assert.ThrowsAsync<JournalUnavailableException>(() => _journal.Append(Set(s_ana, 2, 1)));

        await Committed(Set(s_ana, 2, 1));
    }

    [Fact]
    public async Task A_writer_that_lost_its_connection_makes_a_new_one()
    {
        await Committed(Set(s_ana, 1, 1));
        _hooks.BeforeCommit = () => _writer!.Close();

        await Assert.ThrowsAsync<JournalOutcomeUnknownException>(() => _journal.Append(Set(s_ana, 2, 1)));
        _hooks.BeforeCommit = null;

        var last = (await Rows()).Count;
        Assert.InRange(last, 1, 2);
        await Committed(Set(s_ana, last + 1, 1));
        Assert.Equal((last + 1) * 10, (await _journal.ReadTotals(Garden, Stop))["available"]);
    }

    [Fact]
    public async Task Other_writers_of_the_file_go_between_two_batches()
    {
        var catalogue = new SqliteCatalogue(_store);
        var appends = Enumerable.Range(0, 200).Select(i => _journal.Append(Set(Wallet($"r{i}"), 1, 20)));
        var additions = Enumerable.Range(0, 20).Select(i => catalogue.AddCommunity(new(new($"c{i}"), "name", Morning), Stop));

        Assert.All(await Task.WhenAll(appends), result => Assert.IsType<AppendResult.Committed>(result));
        Assert.All(await Task.WhenAll(additions), Assert.True);
    }

    [Fact]
    public async Task Reading_does_not_wait_for_the_writer()
    {
        await Committed(Set(s_ana, 1, 3));
        var writing = new TaskCompletionSource();
        using var go = new ManualResetEventSlim();
        _hooks.BeforeCommit = () =>
        {
            writing.SetResult();
            go.Wait(Stop);
        };
        var append = _journal.Append(Set(s_ana, 4, 1));
        await writing.Task;

        Assert.Equal(3, (await Rows()).Count);
        Assert.Null(await _journal.Find(Garden, Row(s_ana, 4).Key, Stop));

        go.Set();
        Assert.IsType<AppendResult.Committed>(await append);
        Assert.Equal(4, (await Rows()).Count);
    }

    [Fact]
    public async Task A_hash_that_leads_to_another_command_is_not_taken_for_the_command()
    {
        await Committed(Set(Row(s_ana, 1, "mine")));
        var stranger = Row(s_ana, 2, "stranger");
        Execute($"UPDATE journal SET key_hash = x'{Convert.ToHexString(stranger.Key.HashIn(Garden).ToBytes())}'");

        Assert.Null(await _journal.Find(Garden, stranger.Key, Stop));
        Assert.Empty(await _journal.FindKnown(Garden, [stranger.Key], Stop));
        var failure = await Assert.ThrowsAsync<JournalException>(() => _journal.Append(Set(stranger)));
        Assert.Contains("share one hash", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_view_shows_every_posting_alike_wherever_it_lies()
    {
        await Committed(Set(
            Row(s_ana, 1, null, Award(50, new(1)), Award(60, new(1, 1)), Award(70)), Row(s_ana, 2), Row(s_ana, 3, null, Spend(20, new(1)))));

        using var connection = _store.Readers.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT group_concat(sequence || '.' || ordinal || ' ' || from_account || ' ' || to_account || ' ' || points || ' '
                || ifnull(lot, '-') || ' ' || ifnull(lot_ordinal, '-'), '; ' ORDER BY sequence, ordinal) FROM posting
            """;

        Assert.Equal(
            "1.0 issuance/charity-service available 50 1 0; 1.1 issuance/charity-service available 60 1 1; "
            + "1.2 issuance/charity-service available 70 - -; 3.0 available merchant/tea-house 20 1 0",
            command.ExecuteScalar());
    }

    [Fact]
    public async Task A_closed_journal_answers_no_questions()
    {
        await _journal.DisposeAsync();

        await Assert.ThrowsAsync<JournalUnavailableException>(() => _journal.Append(Set(s_ana, 1, 1)));
        await Assert.ThrowsAsync<JournalUnavailableException>(() => _journal.Find(Garden, new("a", "b"), Stop));
        await Assert.ThrowsAsync<JournalUnavailableException>(async () => await Rows());
        await Assert.ThrowsAsync<JournalUnavailableException>(() => _journal.EraseNote(s_ana, 1, Stop));
        Open();
    }

    private void Open()
    {
        _store?.Dispose();
        _store = SqliteStore.Open(_folder.Store, "test");
        _journal = new(_store, new(), _hooks);
    }

    private async Task Close()
    {
        await _journal.DisposeAsync();
        _store.Dispose();
    }

    private void Pragma(string pragma) => Execute("PRAGMA " + pragma);

    private void Execute(string sql)
    {
        using var statement = new Statement(_writer!, sql);
        statement.Run();
    }

    private async Task Committed(AppendSet set) => Assert.IsType<AppendResult.Committed>(await _journal.Append(set));

    private async Task<List<JournalRow>> Rows() => await _journal.Read(s_ana, 1, Stop).ToListAsync(Stop);
}
