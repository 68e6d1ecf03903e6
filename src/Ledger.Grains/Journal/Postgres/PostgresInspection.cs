using System.Globalization;
using Ledger.Transactions;
using Npgsql;

namespace Ledger.Grains.Journal.Postgres;

/// <summary>Looks at the tables themselves: what a reader of rows would never be led to.</summary>
internal static class PostgresInspection
{
    private const int ProblemsPerKind = 20;

    /// <summary>What is wrong, in words.</summary>
    public static async Task<IReadOnlyList<string>> Problems(NpgsqlConnection connection, CommunityId community, CancellationToken cancellation) =>
        [.. await StrayPostings(connection, community, cancellation), .. await MisledKeys(connection, community, cancellation)];

    private static async Task<List<string>> StrayPostings(NpgsqlConnection connection, CommunityId community, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT f.stream, f.sequence, f.ordinal
            FROM further_posting f LEFT JOIN journal j ON j.community = f.community AND j.stream = f.stream AND j.sequence = f.sequence
            WHERE f.community = $1 AND (j.sequence IS NULL OR f.ordinal >= j.postings)
            LIMIT $2
            """,
            connection)
        {
            Parameters = { new() { Value = community.Value }, new() { Value = ProblemsPerKind } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var problems = new List<string>();
        while (await reader.ReadAsync(cancellation))
        {
            problems.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"posting {reader.GetInt32(2)} of {reader.GetString(0)} #{reader.GetInt64(1)} belongs to no transaction"));
        }

        return problems;
    }

    private static async Task<List<string>> MisledKeys(NpgsqlConnection connection, CommunityId community, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "SELECT stream, sequence, source, command_id, key_hash FROM journal WHERE community = $1", connection)
        {
            Parameters = { new() { Value = community.Value } },
            CommandTimeout = 0,
        };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var problems = new List<string>();
        while (problems.Count < ProblemsPerKind && await reader.ReadAsync(cancellation))
        {
            var key = new CommandKey(reader.GetString(2), reader.GetString(3));
            if (KeyHashUuid.Of(key.HashIn(community)) != reader.GetGuid(4))
            {
                problems.Add(string.Create(
                    CultureInfo.InvariantCulture, $"the index of commands does not lead to {reader.GetString(0)} #{reader.GetInt64(1)}"));
            }
        }

        return problems;
    }
}
