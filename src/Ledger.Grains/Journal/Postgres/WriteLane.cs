using Ledger.Budgets;
using Ledger.Grains.Stores.Postgres;
using Ledger.Transactions;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Grains.Journal.Postgres;

/// <summary>A connection that writes the journal, with its number among the writers and its totals.</summary>
internal sealed class WriteLane : IDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly BatchColumns _columns = new();
    private readonly ProvenHeads _heads;
    private readonly int _writer;

    /// <summary>Connects.</summary>
    /// <param name="store">The store.</param>
    /// <param name="heads">What is known to be there; shared with the other lanes of this process.</param>
    /// <exception cref="NpgsqlException">There is no connection; nothing was written.</exception>
    public WriteLane(PostgresStore store, ProvenHeads heads)
    {
        _heads = heads;
        _connection = store.Writer.OpenConnection();
        try
        {
            Totals = new(LoadTotals);
            _writer = TakeNumber();
        }
        catch (Exception)
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>The totals of all writers together, as they were when this lane first wrote to a community, and what it added since.</summary>
    public AccountTotals Totals { get; }

    /// <summary>The process of the server that serves this connection; for tests that break it.</summary>
    public int ServerProcess => _connection.ProcessID;

    /// <summary>Writes sets and commits, all or none, in one round trip.</summary>
    /// <exception cref="PostgresException">The server refused: nothing is committed.</exception>
    /// <exception cref="NpgsqlException">The connection broke: nobody knows.</exception>
    public void Write(IEnumerable<PendingAppend> sets)
    {
        _columns.Clear();
        foreach (var pending in sets)
        {
            _columns.Add(pending, _heads.Prove(pending.Set));
        }

        foreach (var (community, account, points) in Totals.Deltas)
        {
            _columns.AddTotal(community, account, _writer, points);
        }

        using var batch = _connection.CreateBatch();
        _columns.AddTo(batch);
        batch.ExecuteNonQuery();
    }

    /// <summary>What the journal has of these commands, by the hash of their keys, and the last sequence of each stream, in the order asked.</summary>
    public (Dictionary<KeyHash, JournalRow> Known, long[] Heads) Look(IReadOnlyList<PendingAppend> sets)
    {
        using var batch = _connection.CreateBatch();
        batch.BatchCommands.Add(new(RowReader.Select + " WHERE j.key_hash = ANY($1)")
        {
            Parameters = { Array<Guid>(sets.SelectMany(pending => pending.KeyHashes, (_, hash) => KeyHashUuid.Of(hash)), NpgsqlDbType.Uuid) },
        });
        batch.BatchCommands.Add(new(
            """
            SELECT coalesce((SELECT sequence FROM journal j WHERE j.community = r.community COLLATE "C" AND j.stream = r.stream COLLATE "C"
                ORDER BY sequence DESC LIMIT 1), 0)
            FROM unnest($1, $2) WITH ORDINALITY r (community, stream, place) ORDER BY place
            """)
        {
            Parameters =
            {
                Array<string>(sets.Select(pending => pending.Set.Stream.Community.Value), NpgsqlDbType.Text),
                Array<string>(sets.Select(pending => pending.Set.Stream.Name), NpgsqlDbType.Text),
            },
        });
        using var reader = batch.ExecuteReader();
        var rows = new RowReader(reader);
        var known = new Dictionary<KeyHash, JournalRow>();
        while (reader.Read())
        {
            var row = rows.Read();
            known.Add(row.Key.HashIn(row.Stream.Community), row);
        }

        reader.NextResult();
        var heads = new List<long>(sets.Count);
        while (reader.Read())
        {
            heads.Add(reader.GetInt64(0));
        }

        return (known, [.. heads]);
    }

    /// <summary>What references of these sets stand for already.</summary>
    public List<StoredReference> LookForReferences(IReadOnlyList<PendingAppend> sets)
    {
        var taken = new List<StoredReference>();
        StoredReference[] wanted = [.. sets.SelectMany(pending => pending.Set.References)];
        if (wanted.Length == 0)
        {
            return taken;
        }

        using var command = new NpgsqlCommand(
            """
            SELECT r.community, r.scope, r.reference, r.stream, r.sequence
            FROM unnest($1, $2, $3) w (community, scope, reference) JOIN reference r
                ON r.community = w.community COLLATE "C" AND r.scope = w.scope COLLATE "C" AND r.reference = w.reference COLLATE "C"
            """,
            _connection)
        {
            Parameters =
            {
                Array<string>(wanted.Select(reference => reference.Stream.Community.Value), NpgsqlDbType.Text),
                Array<string>(wanted.Select(reference => reference.Scope), NpgsqlDbType.Text),
                Array<string>(wanted.Select(reference => reference.Reference), NpgsqlDbType.Text),
            },
        };
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            taken.Add(new(reader.GetString(1), reader.GetString(2), new(new(reader.GetString(0)), reader.GetString(3)), reader.GetInt64(4)));
        }

        return taken;
    }

    /// <summary>A lease of a budget; null when it has ended.</summary>
    public BudgetLease? LoadLease(long lease)
    {
        using var command = new NpgsqlCommand(
            "SELECT granted_points, granted_awards, used_points, used_awards FROM budget_lease WHERE lease = $1", _connection)
        {
            Parameters = { new() { Value = lease } },
        };
        using var reader = command.ExecuteReader();
        return reader.Read()
            ? new(lease, new(reader.GetInt64(0), reader.GetInt64(1)), new(reader.GetInt64(2), reader.GetInt64(3)))
            : null;
    }

    public void Dispose() => _connection.Dispose();

    private static NpgsqlParameter<T[]> Array<T>(IEnumerable<T> values, NpgsqlDbType type) =>
        new() { TypedValue = [.. values], NpgsqlDbType = NpgsqlDbType.Array | type };

    /// <summary>The lowest number that no other connection has; the server takes it back when this connection ends, however it ends.</summary>
    private int TakeNumber()
    {
        using var command = new NpgsqlCommand(
            $"SELECT n FROM generate_series(1, 100000) n WHERE pg_try_advisory_lock({PostgresStore.LockClass}, n) LIMIT 1", _connection);
        var number = (int)command.ExecuteScalar()!;
        // A ledger must not lose what it acknowledged; whoever set this for the database did not mean us.
        using var durable = new NpgsqlCommand(
            "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'", _connection);
        durable.ExecuteNonQuery();
        return number;
    }

    private Dictionary<string, long> LoadTotals(CommunityId community)
    {
        using var command = new NpgsqlCommand("SELECT account, sum(points)::bigint FROM account_total WHERE community = $1 GROUP BY account", _connection)
        {
            Parameters = { new() { Value = community.Value } },
        };
        using var reader = command.ExecuteReader();
        var totals = new Dictionary<string, long>();
        while (reader.Read())
        {
            totals.Add(reader.GetString(0), reader.GetInt64(1));
        }

        return totals;
    }
}
