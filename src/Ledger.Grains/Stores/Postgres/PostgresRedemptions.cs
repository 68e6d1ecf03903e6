using Ledger.Grains.Journal;
using Ledger.Grains.Journal.Postgres;
using NodaTime;
using Npgsql;

namespace Ledger.Grains.Stores.Postgres;

/// <summary>The redemptions of merchants in PostgreSQL. The journal's appends write them.</summary>
/// <param name="store">The open store.</param>
public sealed class PostgresRedemptions(PostgresStore store) : IRedemptions, IAsyncDisposable
{
    private const string Columns = "stream, sequence, at, at_nanos, merchant, status";

    private readonly PostgresReads _reads = new(store);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredRedemption>> List(RedemptionQuestion question, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(question);
        var (begin, until) = (StoredTime.Of(question.Begin.At), StoredTime.Of(question.Until ?? Instant.MaxValue));
        return await _reads.List(
            ListSql(question.IsOpenOnly),
            row => Read(question.Community, row),
            cancellation,
            question.Community.Value,
            question.Merchant.Value,
            question.Statuses.Select(RedemptionText.Of).ToArray(),
            begin.Micros,
            begin.Nanos,
            question.Begin.Stream,
            question.Begin.Sequence,
            until.Micros,
            until.Nanos,
            question.RowsMax);
    }

    /// <summary>The list; whether all that is wanted is open decides which index it lies in.</summary>
    internal static string ListSql(bool isOpenOnly) =>
        $"""
        SELECT {Columns} FROM redemption
        WHERE community = $1 AND merchant = $2 AND {(isOpenOnly ? RedemptionText.IsOpen : "TRUE")} AND status = ANY ($3)
            AND (at, at_nanos, stream, sequence) > ($4, $5, $6, $7) AND (at, at_nanos) < ($8, $9)
        ORDER BY at, at_nanos, stream, sequence LIMIT $10
        """;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _reads.DisposeAsync();

    /// <summary>Gives every redemption of a community.</summary>
    internal static Task<long> ReadAll(NpgsqlConnection connection, CommunityId community, Action<StoredRedemption> each, CancellationToken cancellation) =>
        PostgresReads.Each(connection, $"SELECT {Columns} FROM redemption WHERE community = $1", community, row => each(Read(community, row)), cancellation);

    private static StoredRedemption Read(CommunityId community, NpgsqlDataReader row) => new(
        new(community, row.GetString(0)),
        row.GetInt64(1),
        new StoredTime(row.GetFieldValue<Instant>(2), row.GetInt16(3)).Instant,
        new(row.GetString(4)),
        RedemptionText.Read(row.GetString(5)));
}
