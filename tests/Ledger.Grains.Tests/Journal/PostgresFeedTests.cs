using System.Globalization;
using Ledger.Grains.Journal;
using Ledger.Grains.Journal.Postgres;
using Ledger.Grains.Stores.Postgres;
using Ledger.Grains.Tests.Stores;
using Ledger.PrivatePostgres;
using Npgsql;
using static Ledger.Grains.Tests.Journal.Sample;

namespace Ledger.Grains.Tests.Journal;

/// <summary>The feed while several writers commit at once and out of order.</summary>
public sealed class PostgresFeedTests(SharedPostgres shared) : IAsyncLifetime
{
    private readonly List<PostgresStore> _stores = [];
    private readonly List<PostgresJournal> _journals = [];
    private LedgerDatabase _database = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await LedgerDatabase.Create(shared);

    public async ValueTask DisposeAsync()
    {
        foreach (var (journal, store) in _journals.Zip(_stores))
        {
            await journal.DisposeAsync();
            store.Dispose();
        }

        await _database.DisposeAsync();
    }

    [Fact]
    public async Task It_gives_every_row_once_and_in_order_from_wherever_it_is_read()
    {
        var journal = Open();
        await FeedContract.Holds(journal, journal);
    }

    [Fact]
    public async Task What_commits_before_an_older_transaction_ends_is_shown_after_it_and_not_before()
    {
        var journal = Open();
        await journal.Append(Set(Wallet("first"), 1, 1));
        var first = Assert.Single(await FeedContract.Follow(journal, Garden, 1, 10));

        await using var slow = await Begin();
        await WriteSlowly(slow, "slow");
        Assert.IsType<AppendResult.Committed>(await journal.Append(Set(Wallet("fast"), 1, 1)));
        Assert.Empty(await journal.ReadFeed(Garden, first.Position, 10, Stop));
        await Execute(slow, "COMMIT");

        var later = await FeedContract.Follow(journal, Garden, 2, 10, first.Position);
        Assert.Equal([Wallet("slow"), Wallet("fast")], later.Select(fed => fed.Row.Stream));
    }

    [Fact]
    public async Task A_transaction_that_is_rolled_back_holds_the_feed_up_no_longer()
    {
        var journal = Open();
        await journal.Append(Set(Wallet("template"), 1, 1));
        await using var slow = await Begin();
        await WriteSlowly(slow, "slow");
        await journal.Append(Set(Wallet("fast"), 1, 1));
        await Execute(slow, "ROLLBACK");

        Assert.Equal([Wallet("template"), Wallet("fast")], (await FeedContract.Follow(journal, Garden, 2, 10)).Select(fed => fed.Row.Stream));
    }

    [Fact]
    public async Task Nothing_is_skipped_or_repeated_while_several_silos_and_slow_transactions_commit()
    {
        const int Silos = 3, WalletsPerSilo = 8, RowsPerWallet = 25, SlowRows = 20;
        var journals = Enumerable.Range(0, Silos).Select(_ => Open()).ToArray();
        await journals[0].Append(Set(Wallet("template"), 1, 1));
        var writing = journals.SelectMany((journal, silo) => Enumerable.Range(0, WalletsPerSilo).Select(wallet => Task.Run(
            async () =>
            {
                for (var sequence = 1; sequence <= RowsPerWallet; sequence++)
                {
                    Assert.IsType<AppendResult.Committed>(await journal.Append(Set(Wallet($"w-{silo}-{wallet}"), sequence, 1)));
                }
            },
            Stop))).ToList();
        writing.Add(Task.Run(
            async () =>
            {
                // Each holds its place while the others commit past it: the next one begins before the last one ends.
                NpgsqlConnection? held = null;
                for (var i = 0; i < SlowRows; i++)
                {
                    var next = await Begin();
                    await WriteSlowly(next, string.Create(CultureInfo.InvariantCulture, $"slow-{i}"));
                    await Finish(held);
                    held = next;
                }

                await Finish(held);
            },
            Stop));

        var read = await FeedContract.Follow(journals[^1], Garden, (Silos * WalletsPerSilo * RowsPerWallet) + SlowRows + 1, 7);
        await Task.WhenAll(writing);

        Assert.Empty(await journals[0].ReadFeed(Garden, read[^1].Position, 10, Stop));
        await FeedContract.Complete(read, journals[0], Garden);
    }

    [Fact]
    public async Task After_a_dump_was_restored_where_transactions_are_numbered_lower_new_rows_still_come_last()
    {
        var journal = Open();
        await journal.Append(Set(Wallet("ana"), 1, 3));
        await journal.Append(Set(Row(Wallet("bo", Harbour), 1)));
        await using (var connection = await Begin())
        {
            // As the rows are when they come from a cluster that has lived longer.
            await Execute(connection, "UPDATE journal SET commit_id = commit_id + 1000000000; COMMIT");
        }

        var again = Open();
        await again.Append(Set(Wallet("zoe"), 1, 1));
        var read = await FeedContract.Follow(again, Garden, 4, 2);

        Assert.Equal([Wallet("ana"), Wallet("ana"), Wallet("ana"), Wallet("zoe")], read.Select(fed => fed.Row.Stream));
        Assert.Single(await FeedContract.Follow(again, Harbour, 1, 2));
    }

    private static async Task Finish(NpgsqlConnection? held)
    {
        if (held is not null)
        {
            await Execute(held, "COMMIT");
            await held.DisposeAsync();
        }
    }

    /// <summary>Writes a row as a writer would, in a transaction that stays open.</summary>
    private static Task WriteSlowly(NpgsqlConnection connection, string resident) => Execute(
        connection,
        $"""
         INSERT INTO journal (community, stream, sequence, source, command_id, key_hash, fingerprint, recorded_at, recorded_nanos,
             effective_at, effective_nanos, outcome, events, programme, available, pending, held, debt, hash, postings, commit_id)
         VALUES ('garden', 'resident/{resident}', 1, 'test', '{resident}', gen_random_uuid(), sha256('x'), now(), 0, now(), 0, 'accepted', '[]', 1,
             0, 0, 0, 0, sha256('y'), 0, pg_current_xact_id()::text::bigint)
         """);

    private static async Task Execute(NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // Names of this class.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(Stop);
    }

    private async Task<NpgsqlConnection> Begin()
    {
        var connection = new NpgsqlConnection(_database.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(Stop);
        await Execute(connection, "BEGIN");
        return connection;
    }

    private PostgresJournal Open()
    {
        _stores.Add(_database.Open());
        _journals.Add(new(_stores[^1]));
        return _journals[^1];
    }
}
