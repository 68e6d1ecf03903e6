using Ledger.Budgets;
using Ledger.Grains.Budgets;
using Ledger.Grains.Journal;
using Npgsql;

namespace Ledger.Grains.Stores.Postgres;

/// <summary>Leases in PostgreSQL, for every silo on it. What lapsed is judged by the database's clock.</summary>
/// <param name="store">The open store.</param>
public sealed class PostgresBudgets(PostgresStore store) : IBudgets
{
    // Whoever grants or ends waits here for the one before: then what is granted stands still.
    private const string LockSql = "SELECT 1 FROM budget WHERE community = $1 AND campaign = $2 FOR UPDATE";

    // A silo that freezes with the lock must not keep the others from theirs.
    private const string LetGoSql = "SET LOCAL idle_in_transaction_session_timeout = '2s'";

    private const string EndLapsedSql =
        $"WITH gone AS ({DeleteSql} AND lease <> $3 AND renewed_at <= clock_timestamp() - make_interval(secs => $4) {UsedSql}) {AddSql}";

    private const string EndSql = $"WITH gone AS ({DeleteSql} AND lease = $3 {UsedSql}) {AddSql}";

    private const string DeleteSql = "DELETE FROM budget_lease WHERE community = $1 AND campaign = $2";

    private const string UsedSql = "RETURNING used_points, used_awards";

    private const string AddSql =
        """
        UPDATE budget SET
            ended_points = ended_points + (SELECT coalesce(sum(used_points), 0)::bigint FROM gone),
            ended_awards = ended_awards + (SELECT coalesce(sum(used_awards), 0)::bigint FROM gone)
        WHERE community = $1 AND campaign = $2 AND EXISTS (SELECT 1 FROM gone)
        """;

    /// <inheritdoc/>
    public Task<TakenLease> Take(LeaseRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Write(
            async connection =>
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellation);
                var book = await Lock(connection, request, cancellation);
                var (after, taken) = book.Take(request.Lease, otherwise: 0, request.Limit, request.Need);
                if (taken.Added != BudgetAmount.Zero)
                {
                    var lease = after.Leases.First(open => open.Id == taken.Lease);
                    taken = taken with { Lease = await Grant(connection, request, lease, cancellation) };
                }

                await transaction.CommitAsync(cancellation);
                return taken;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public Task Renew(IReadOnlyCollection<long> leases, CancellationToken cancellation = default) => Write(
        connection => Run(
            connection,
            cancellation,
            Command("UPDATE budget_lease SET renewed_at = clock_timestamp() WHERE lease = ANY($1)", leases.ToArray())),
        cancellation);

    /// <inheritdoc/>
    public Task End(CommunityId community, string campaign, long lease, CancellationToken cancellation = default) => Write(
        connection => Run(
            connection,
            cancellation,
            Command(LockSql, community.Value, campaign),
            Command(EndSql, community.Value, campaign, lease)),
        cancellation);

    /// <summary>Locks a budget, ends what lapsed, and reads what is granted.</summary>
    private static async Task<BudgetBook> Lock(NpgsqlConnection connection, LeaseRequest request, CancellationToken cancellation)
    {
        var (community, campaign) = (request.Community.Value, request.Campaign);
        await using var batch = Batch(
            connection,
            Command(LetGoSql),
            Command("INSERT INTO budget (community, campaign, ended_points, ended_awards) VALUES ($1, $2, 0, 0) ON CONFLICT DO NOTHING", community, campaign),
            Command(LockSql, community, campaign),
            Command(EndLapsedSql, community, campaign, request.Lease, request.LapseAfter.TotalSeconds),
            Command(BudgetRows.Select + " AND b.campaign = $2", community, campaign));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);

        // The lock answers with a row of its own.
        await reader.NextResultAsync(cancellation);
        var rows = new List<BudgetRow>();
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(BudgetRows.Read(reader));
        }

        return BudgetRows.ToBooks(rows)[campaign];
    }

    private static async Task<long> Grant(NpgsqlConnection connection, LeaseRequest request, BudgetLease lease, CancellationToken cancellation)
    {
        await using var batch = Batch(connection, lease.Id == 0
            ? Command(
                "INSERT INTO budget_lease (community, campaign, granted_points, granted_awards) VALUES ($1, $2, $3, $4) RETURNING lease",
                request.Community.Value,
                request.Campaign,
                lease.Granted.Points,
                lease.Granted.Awards)
            : Command(
                "UPDATE budget_lease SET granted_points = $2, granted_awards = $3, renewed_at = clock_timestamp() WHERE lease = $1 RETURNING lease",
                lease.Id,
                lease.Granted.Points,
                lease.Granted.Awards));
        return (long)(await batch.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task<int> Run(NpgsqlConnection connection, CancellationToken cancellation, params NpgsqlBatchCommand[] commands)
    {
        await using var batch = Batch(connection, commands);
        return await batch.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlBatch Batch(NpgsqlConnection connection, params NpgsqlBatchCommand[] commands)
    {
        var batch = connection.CreateBatch();
        foreach (var command in commands)
        {
            batch.BatchCommands.Add(command);
        }

        return batch;
    }

    private static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<object> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new() { Value = parameter });
        }

        return command;
    }

    private async Task<T> Write<T>(Func<NpgsqlConnection, Task<T>> write, CancellationToken cancellation)
    {
        if (store.IsReadOnly)
        {
            throw JournalRefusals.ReadOnly();
        }

        try
        {
            await using var connection = await store.Occasional.OpenConnectionAsync(cancellation);
            return await write(connection);
        }
        catch (PostgresException refused)
        {
            throw JournalRefusals.NotWritten(refused.MessageText);
        }
        catch (Exception failure) when (failure is NpgsqlException or ObjectDisposedException or TimeoutException)
        {
            // The other connections of the pool may have died with this one.
            store.Occasional.Clear();
            throw JournalRefusals.NotWritten(failure.Message);
        }
    }
}
