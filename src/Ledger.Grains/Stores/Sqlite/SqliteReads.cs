using Dapper;
using Ledger.Grains.Journal;
using Microsoft.Data.Sqlite;

namespace Ledger.Grains.Stores.Sqlite;

/// <summary>Asks for what lies beside the journal, and says in our words when the file does not answer.</summary>
internal static class SqliteReads
{
    /// <summary>The rows of an answer, each read by <paramref name="read"/>.</summary>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    public static async Task<IReadOnlyList<T>> List<TRow, T>(
        this SqliteStore store, string sql, object parameters, Func<TRow, T> read, CancellationToken cancellation)
    {
        try
        {
            await using var connection = store.Readers.Open();
            return [.. (await connection.QueryAsync<TRow>(new CommandDefinition(sql, parameters, cancellationToken: cancellation))).Select(read)];
        }
        catch (Exception failure) when (failure is SqliteException or ObjectDisposedException)
        {
            throw JournalRefusals.Unavailable(failure.Message);
        }
    }

    /// <summary>Gives each row of a community, one at a time; how many there were.</summary>
    public static long Each<TRow>(this SqliteConnection connection, string sql, CommunityId community, Action<TRow> each, CancellationToken cancellation)
    {
        var rows = 0L;
        foreach (var row in connection.Query<TRow>(sql, new { community.Value }, buffered: false))
        {
            cancellation.ThrowIfCancellationRequested();
            each(row);
            rows++;
        }

        return rows;
    }
}
