using Ledger.Grains.Journal;
using Ledger.Grains.Journal.Postgres;
using Ledger.Grains.Stores.Postgres;
using Ledger.Grains.Tests.Stores;
using Ledger.PrivatePostgres;
using Npgsql;
using static Ledger.Grains.Tests.Journal.Sample;

namespace Ledger.Grains.Tests.Journal;

/// <summary>What becomes of the journal in PostgreSQL when something breaks around a commit, or when several silos write.</summary>
public sealed class PostgresFaultTests(SharedPostgres shared) : IAsyncLifetime
{
    private static readonly StreamId s_ana = Wallet("ana");

    private readonly CommitHooks _hooks = new();
    private LedgerDatabase _database = null!;
    private Silo _silo = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await LedgerDatabase.Create(shared);
        _silo = new(_database, _hooks);
    }

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Everything_that_was_committed_is_there_after_opening_again_and_goes_on()
    {
        await Committed(Set(s_ana, 1, 3) with { NextDue = Morning, NextDueChanged = true, Notes = [new(2, Bytes(16, 1), "why")] });
        var before = Texts(await Rows(s_ana));

        await using var again = new Silo(_database);

        Assert.Equal(before, Texts(await again.Rows(s_ana)));
        Assert.Equal("why", (await again.Journal.ReadNote(s_ana, 2, Stop))?.Text);
        Assert.IsType<AppendResult.Fenced>(await again.Journal.Append(Set(Row(s_ana, 3, "other"))));
        Assert.IsType<AppendResult.Committed>(await again.Journal.Append(Set(s_ana, 4, 1)));
        Assert.Equal(40, (await _silo.Journal.ReadTotals(Garden, Stop))["available"]);
    }

    [Fact]
    public async Task A_lost_answer_is_found_in_the_journal_by_sending_the_same_rows_again()
    {
        _hooks.AfterCommit = () => throw new IOException("the cable");
        Assert.IsType<AppendResult.Committed>(await _silo.Journal.Append(Set(s_ana, 1, 2)));
        _hooks.AfterCommit = null;

        Assert.Equal(2, (await Rows(s_ana)).Count);
        Assert.IsType<AppendResult.Seen>(await _silo.Journal.Append(Set(s_ana, 1, 2)));
        await Committed(Set(s_ana, 3, 1));
        Assert.Equal(30, (await _silo.Journal.ReadTotals(Garden, Stop))["available"]);
    }

    [Fact]
    public async Task An_answer_that_is_lost_twice_is_an_unknown_outcome_that_the_journal_decides()
    {
        await Committed(Set(s_ana, 1, 1));
        _hooks.AfterCommit = () =>
        {
            _hooks.BeforeWrite = process => Run($"SELECT pg_terminate_backend({process}, 10000)");
            throw new IOException("the cable");
        };
        await Assert.ThrowsAsync<JournalOutcomeUnknownException>(() => _silo.Journal.Append(Set(s_ana, 2, 2)));
        (_hooks.AfterCommit, _hooks.BeforeWrite) = (null, null);

        Assert.Equal(3, (await Rows(s_ana)).Count);
        Assert.IsType<AppendResult.Seen>(await _silo.Journal.Append(Set(s_ana, 2, 2)));
        await Committed(Set(s_ana, 4, 1));
        Assert.Equal(40, (await _silo.Journal.ReadTotals(Garden, Stop))["available"]);
    }

    [Fact]
    public async Task A_row_that_another_silo_wrote_meanwhile_is_not_taken_for_ones_own()
    {
        await using var other = new Silo(_database);
        await Committed(Set(s_ana, 1, 1));
        _hooks.BeforeWrite = process =>
        {
            _hooks.BeforeWrite = null;
            Assert.IsType<AppendResult.Committed>(other.Journal.Append(Set(Row(s_ana, 2, "theirs"))).GetAwaiter().GetResult());
            Run($"SELECT pg_terminate_backend({process}, 10000)");
        };
        Assert.IsType<AppendResult.Fenced>(await _silo.Journal.Append(Set(Row(s_ana, 2, "ours"))));
        Assert.Equal(2, (await Rows(s_ana)).Count);
    }

    [Fact]
    public async Task A_connection_that_the_server_ended_costs_no_batch()
    {
        await Committed(Set(s_ana, 1, 1));
        _hooks.BeforeWrite = process =>
        {
            _hooks.BeforeWrite = null;
            Run($"SELECT pg_terminate_backend({process}, 10000)");
        };
        await Committed(Set(s_ana, 2, 1));

        // Also where it is only asked for the totals of a community that it did not know.
        Run($"SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()");
        await Committed(Set(Wallet("r-1", CommunityId.Parse("meadow")), 1, 1));
        Assert.Equal(20, (await _silo.Journal.ReadTotals(Garden, Stop))["available"]);
    }

    [Fact]
    public async Task A_reference_that_this_process_wrote_is_known_without_asking_until_the_connection_is_lost()
    {
        await using var other = new Silo(_database);
        var set = Set(s_ana, 1, 1).Named("sale-1");
        await Committed(set);
        Assert.Equal(set.References[0], await Stands(other));

        // As on a copy that lacks the last commits.
        Run("DELETE FROM reference");
        Assert.Equal(set.References[0], await Stands(_silo));
        Assert.Null(await Stands(other));

        _hooks.BeforeWrite = process =>
        {
            _hooks.BeforeWrite = null;
            Run($"SELECT pg_terminate_backend({process}, 10000)");
        };
        await Committed(Set(s_ana, 2, 1));
        Assert.Null(await Stands(_silo));

        static Task<StoredReference?> Stands(Silo silo) => silo.Journal.FindReference(Garden, "merchant/tea-house", "sale-1", Stop);
    }

    [Fact]
    public async Task A_database_that_takes_no_writes_refuses_the_batch_and_the_journal_goes_on_when_it_does_again()
    {
        await Committed(Set(s_ana, 1, 1));
        var name = new NpgsqlConnectionStringBuilder(_database.ConnectionString).Database;
        Run($"ALTER DATABASE {name} SET default_transaction_read_only = on");
        _hooks.BeforeWrite = process => Run($"SELECT pg_terminate_backend({process}, 10000)");
        await Assert.ThrowsAnyAsync<JournalException>(() => _silo.Journal.Append(Set(s_ana, 2, 1)));
        _hooks.BeforeWrite = null;

        await Assert.ThrowsAsync<JournalUnavailableException>(() => _silo.Journal.Append(Set(s_ana, 2, 1)));
        Assert.Single(await Rows(s_ana));

        Run($"ALTER DATABASE {name} RESET default_transaction_read_only", ";Options=-c default_transaction_read_only=off");
        _hooks.BeforeWrite = process =>
        {
            _hooks.BeforeWrite = null;
            Run($"SELECT pg_terminate_backend({process}, 10000)");
        };
        await Committed(Set(s_ana, 2, 1));
    }

    [Fact]
    public async Task A_server_that_crashed_and_came_back_has_every_row_that_was_acknowledged_and_none_that_was_refused()
    {
        await using var server = await PostgresServer.Start(new() { Durable = true });
        var connection = await server.CreateDatabase();
        await using var silo = new Silo(connection);
        var results = new List<(StreamId Stream, Task<AppendResult> Answer)>();
        var written = 0;
        silo.Hooks.AfterCommit = () => written++;
        for (var i = 0; i < 400; i++)
        {
            var stream = Wallet($"r{i}");
            results.Add((stream, silo.Journal.Append(Set(stream, 1, 2))));
            if (i == 200)
            {
                await results[0].Answer;
                server.Stop(ServerStop.Immediate);
            }
        }

        await Task.WhenAll(results.Select(result => Outcome(result.Answer)));
        Assert.True(written > 0);
        server.StartAgain();

        foreach (var (stream, answer) in results)
        {
            var rows = (await silo.Rows(stream)).Count;
            var expected = await Outcome(answer) switch
            {
                AppendResult.Committed => rows == 2,
                JournalUnavailableException => rows == 0,
                JournalOutcomeUnknownException => rows is 0 or 2,
                var other => throw new InvalidOperationException(other.ToString()),
            };
            Assert.True(expected, $"{stream} has {rows} rows after {await Outcome(answer)}");
            Assert.IsType<AppendResult>(await silo.Journal.Append(Set(stream, rows + 1, 1)), exactMatch: false);
        }

        var all = await silo.Journal.ReadAll(Garden, Stop).ToListAsync(Stop);
        Assert.Equal(all.Count * 10, (await silo.Journal.ReadTotals(Garden, Stop))["available"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_sequence_that_another_transaction_is_about_to_take_is_waited_for_and_then_decided(bool commits)
    {
        await Committed(Set(s_ana, 1, 1));
        await using var other = new NpgsqlConnection(_database.ConnectionString + ";Pooling=false");
        await other.OpenAsync(Stop);
        await Execute(
            other,
            """
            BEGIN;
            CREATE TEMPORARY TABLE copy ON COMMIT DROP AS SELECT * FROM journal;
            UPDATE copy SET sequence = 2, key_hash = gen_random_uuid(), command_id = 'theirs';
            INSERT INTO journal SELECT * FROM copy;
            """);

        var ours = _silo.Journal.Append(Set(Row(s_ana, 2, "ours", Award(10))));
        var innocent = _silo.Journal.Append(Set(Wallet("bo"), 1, 1));
        await AwaitBlocked();
        await Execute(other, commits ? "COMMIT" : "ROLLBACK");

        Assert.IsType(commits ? typeof(AppendResult.Fenced) : typeof(AppendResult.Committed), await ours);
        Assert.IsType<AppendResult.Committed>(await innocent);
        Assert.Equal(commits ? "theirs" : "ours", (await Rows(s_ana))[1].Key.Id);
    }

    [Fact]
    public async Task Of_two_silos_that_write_the_same_wallets_in_opposite_order_each_wallet_has_one_winner()
    {
        await using var other = new Silo(_database);
        const int Wallets = 60;
        for (var sequence = 1; sequence <= 5; sequence++)
        {
            var ours = Enumerable.Range(0, Wallets).Select(i => _silo.Journal.Append(Set(Row(Wallet($"r{i}"), sequence, $"ours-{i}-{sequence}", Award(1)))));
            var theirs = Enumerable.Range(0, Wallets).Reverse()
                .Select(i => other.Journal.Append(Set(Row(Wallet($"r{i}"), sequence, $"theirs-{i}-{sequence}", Award(1)))));
            var results = await Task.WhenAll([.. ours, .. theirs]);
            Assert.Equal(Wallets, results.OfType<AppendResult.Committed>().Count());
            Assert.Equal(Wallets, results.OfType<AppendResult.Fenced>().Count());
        }

        Assert.Equal(Wallets * 5, (await _silo.Journal.ReadTotals(Garden, Stop))["available"]);
    }

    [Fact]
    public async Task One_command_that_two_silos_write_for_different_wallets_is_written_once()
    {
        await using var other = new Silo(_database);
        const int Commands = 200;
        var sent = Enumerable.Range(0, Commands).SelectMany(i => new[]
        {
            _silo.Journal.Append(Set(Row(Wallet($"ours-{i}"), 1, $"command-{i}", Award(1)))),
            other.Journal.Append(Set(Row(Wallet($"theirs-{Commands - i}"), 1, $"command-{Commands - 1 - i}", Award(1)))),
        });

        var results = await Task.WhenAll(sent);

        Assert.Equal(Commands, results.OfType<AppendResult.Committed>().Count());
        Assert.Equal(Commands, results.OfType<AppendResult.Seen>().Count());
        Assert.Equal(Commands, (await _silo.Journal.ReadTotals(Garden, Stop))["available"]);
    }

    [Fact]
    public async Task Each_silo_keeps_totals_of_its_own_and_a_number_that_is_free_is_taken_again()
    {
        await Committed(Set(s_ana, 1, 1));
        await using (var other = new Silo(_database))
        {
            Assert.IsType<AppendResult.Committed>(await other.Journal.Append(Set(Wallet("bo"), 1, 1)));
        }

        await using (var third = new Silo(_database))
        {
            Assert.IsType<AppendResult.Committed>(await third.Journal.Append(Set(Wallet("zoe"), 1, 1)));
        }

        Assert.Equal("1:10 2:20", Run("SELECT string_agg(writer || ':' || points, ' ' ORDER BY writer) FROM account_total WHERE account = 'available'"));
        Assert.Equal(30, (await _silo.Journal.ReadTotals(Garden, Stop))["available"]);
    }

    [Fact]
    public async Task What_PostgreSQL_cannot_store_fails_alone()
    {
        var broken = _silo.Journal.Append(Set(s_ana, 1, 1) with { Notes = [new(1, Bytes(16, 1), "zero \0 byte")] });
        var sound = Enumerable.Range(0, 20).Select(i => _silo.Journal.Append(Set(Wallet($"r{i}"), 1, 1))).ToArray();

        var failure = await Assert.ThrowsAsync<JournalException>(() => broken);

        Assert.Contains("cannot keep", failure.Message, StringComparison.Ordinal);
        Assert.All(await Task.WhenAll(sound), result => Assert.IsType<AppendResult.Committed>(result));
        Assert.Empty(await Rows(s_ana));
        Assert.Equal(200, (await _silo.Journal.ReadTotals(Garden, Stop))["available"]);
    }

    [Fact]
    public async Task A_hash_that_leads_to_another_command_is_not_taken_for_the_command()
    {
        await Committed(Set(Row(s_ana, 1, "mine")));
        var stranger = Row(s_ana, 2, "stranger");
        Run($"UPDATE journal SET key_hash = '{Convert.ToHexString(stranger.Key.HashIn(Garden).ToBytes())}'");

        Assert.Null(await _silo.Journal.Find(Garden, stranger.Key, Stop));
        Assert.Empty(await _silo.Journal.FindKnown(Garden, [stranger.Key], Stop));
        await Assert.ThrowsAnyAsync<JournalException>(() => _silo.Journal.Append(Set(stranger)));
        Assert.Single(await Rows(s_ana));
    }

    [Fact]
    public async Task Reading_goes_on_after_every_connection_was_ended()
    {
        await Committed(Set(s_ana, 1, 3));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Rows(s_ana)));
        Run("SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");

        Assert.All(await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Rows(s_ana))), rows => Assert.Equal(3, rows.Count));
    }

    [Fact]
    public async Task A_store_that_is_open_for_reading_shows_one_moment_and_writes_nothing()
    {
        await Committed(Set(s_ana, 1, 3) with { Notes = [new(1, Bytes(16, 1), "why")] });
        using var store = PostgresStore.OpenReadOnly(_database.ConnectionString);
        await using var beside = new PostgresJournal(store);
        Assert.Equal(3, (await beside.Read(s_ana, 1, Stop).ToListAsync(Stop)).Count);

        await Committed(Set(s_ana, 4, 1));

        Assert.Equal(3, (await beside.ReadAll(Garden, Stop).ToListAsync(Stop)).Count);
        Assert.Equal(30, (await beside.ReadTotals(Garden, Stop))["available"]);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => beside.Append(Set(s_ana, 5, 1)));
        await Assert.ThrowsAsync<JournalUnavailableException>(() => beside.EraseNote(s_ana, 1, Stop));
    }

    [Fact]
    public async Task A_closed_journal_answers_no_questions()
    {
        await _silo.Journal.DisposeAsync();

        await Assert.ThrowsAsync<JournalUnavailableException>(() => _silo.Journal.Append(Set(s_ana, 1, 1)));
        await Assert.ThrowsAsync<JournalUnavailableException>(() => _silo.Journal.Find(Garden, new("a", "b"), Stop));
        await Assert.ThrowsAsync<JournalUnavailableException>(() => Rows(s_ana));
    }

    [Fact]
    public async Task What_does_not_lie_right_is_told_in_words()
    {
        await Committed(Set(Row(s_ana, 1, null, Award(1), Award(2))));
        Assert.Empty(await _silo.Journal.InspectStorage(Garden, Stop));

        Run("UPDATE journal SET key_hash = gen_random_uuid(); UPDATE further_posting SET ordinal = 7; SELECT 1");

        Assert.Equal(
            ["posting 7 of resident/ana #1 belongs to no transaction", "the index of commands does not lead to resident/ana #1"],
            await _silo.Journal.InspectStorage(Garden, Stop));
    }

    private static async Task<object> Outcome(Task<AppendResult> answer)
    {
        try
        {
            return await answer;
        }
        catch (JournalException failure)
        {
            return failure;
        }
    }

    private static async Task Execute(NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // Constants of this class.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(Stop);
    }

    /// <summary>Returns when some connection to the database waits for a lock.</summary>
    private async Task AwaitBlocked()
    {
        const string Waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        while (Run(Waiting) is 0L)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private object? Run(string sql, string options = "")
    {
        using var connection = new NpgsqlConnection(_database.ConnectionString + ";Pooling=false" + options);
        connection.Open();
#pragma warning disable CA2100 // Constants of this class.
        using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    private async Task Committed(AppendSet set) => Assert.IsType<AppendResult.Committed>(await _silo.Journal.Append(set));

    private Task<List<JournalRow>> Rows(StreamId stream) => _silo.Rows(stream);

    /// <summary>A process's view of the database: its own store and writer.</summary>
    private sealed class Silo : IAsyncDisposable
    {
        private readonly PostgresStore _store;

        public Silo(LedgerDatabase database, CommitHooks? hooks = null)
            : this(database.ConnectionString, hooks)
        {
        }

        public Silo(string connectionString, CommitHooks? hooks = null)
        {
            Hooks = hooks ?? new();
            _store = PostgresStore.Open(connectionString);
            Journal = new(_store, new(), Hooks);
        }

        public CommitHooks Hooks { get; }

        public PostgresJournal Journal { get; }

        public async Task<List<JournalRow>> Rows(StreamId stream) => await Journal.Read(stream, 1, Stop).ToListAsync(Stop);

        public async ValueTask DisposeAsync()
        {
            await Journal.DisposeAsync();
            _store.Dispose();
        }
    }
}
