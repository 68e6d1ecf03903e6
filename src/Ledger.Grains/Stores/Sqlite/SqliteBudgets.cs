using Dapper;
using Ledger.Budgets;
using Ledger.Grains.Budgets;
using Ledger.Grains.Journal;
using Microsoft.Data.Sqlite;

namespace Ledger.Grains.Stores.Sqlite;

/// <summary>Leases in the one file of an embedded ledger. Nobody else can have any: what an earlier process left open is ended first.</summary>
/// <param name="store">The open store.</param>
public sealed class SqliteBudgets(SqliteStore store) : IBudgets
{
    private bool _earlierEnded;

    /// <inheritdoc/>
    public Task<TakenLease> Take(LeaseRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Write(
            connection =>
            {
                EndEarlier(connection);
                var of = new { Community = request.Community.Value, request.Campaign };
                connection.Execute("INSERT INTO budget VALUES (@Community, @Campaign, 0, 0) ON CONFLICT DO NOTHING", of);
                var book = Books(connection, request.Community)[request.Campaign];
                var (after, taken) = book.Take(request.Lease, otherwise: 0, request.Limit, request.Need);
                if (taken.Added == BudgetAmount.Zero)
                {
                    return taken;
                }

                var granted = after.Leases.First(lease => lease.Id == taken.Lease).Granted;
                return taken with
                {
                    Lease = connection.ExecuteScalar<long>(
                        taken.Lease == 0
                            ? """
                              INSERT INTO budget_lease (community, campaign, granted_points, granted_awards)
                              VALUES (@Community, @Campaign, @Points, @Awards) RETURNING lease
                              """
                            : "UPDATE budget_lease SET granted_points = @Points, granted_awards = @Awards WHERE lease = @Lease RETURNING lease",
                        new { of.Community, of.Campaign, taken.Lease, granted.Points, granted.Awards }),
                };
            },
            cancellation);
    }

    /// <inheritdoc/>
    public Task Renew(IReadOnlyCollection<long> leases, CancellationToken cancellation = default) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task End(CommunityId community, string campaign, long lease, CancellationToken cancellation = default) => Write(
        connection => EndLeases(connection, "lease = @lease", new { lease }), cancellation);

    /// <summary>The books of a community.</summary>
    internal static Dictionary<string, BudgetBook> Books(SqliteConnection connection, CommunityId community)
    {
        using var command = connection.CreateCommand();
        command.CommandText = BudgetRows.Select;
        command.Parameters.AddWithValue("$1", community.Value);
        using var reader = command.ExecuteReader();
        var rows = new List<BudgetRow>();
        while (reader.Read())
        {
            rows.Add(BudgetRows.Read(reader));
        }

        return BudgetRows.ToBooks(rows);
    }

    private void EndEarlier(SqliteConnection connection)
    {
        if (!_earlierEnded)
        {
            EndLeases(connection, "true", null);
            _earlierEnded = true;
        }
    }

    private static int EndLeases(SqliteConnection connection, string which, object? parameters)
    {
        connection.Execute(
            $"""
            UPDATE budget SET ended_points = ended_points + l.points, ended_awards = ended_awards + l.awards
            FROM (
                SELECT community, campaign, sum(used_points) AS points, sum(used_awards) AS awards
                FROM budget_lease WHERE {which} GROUP BY community, campaign) l
            WHERE budget.community = l.community AND budget.campaign = l.campaign
            """,
            parameters);
        return connection.Execute($"DELETE FROM budget_lease WHERE {which}", parameters);
    }

    private async Task<T> Write<T>(Func<SqliteConnection, T> write, CancellationToken cancellation)
    {
        if (store.IsReadOnly)
        {
            throw JournalRefusals.ReadOnly();
        }

        try
        {
            using var turn = await store.Gate.Enter(cancellation);
            await using var connection = store.Writer.Open();
            await using var transaction = connection.BeginTransaction();
            var written = write(connection);
            await transaction.CommitAsync(cancellation);
            return written;
        }
        catch (Exception failure) when (failure is SqliteException or ObjectDisposedException)
        {
            _earlierEnded = false;
            throw JournalRefusals.NotWritten(failure.Message);
        }
    }
}
