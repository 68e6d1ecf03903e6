using Ledger.Grains.Journal;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Ledger.Grains.Stores.Sqlite;

/// <summary>The redemptions of merchants in the one file of an embedded ledger. The journal's appends write them.</summary>
/// <param name="store">The open store.</param>
public sealed class SqliteRedemptions(SqliteStore store) : IRedemptions
{
    private const string Columns = "stream, sequence, at, at_nanos AS atNanos, merchant, status";

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredRedemption>> List(RedemptionQuestion question, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(question);
        var (begin, until) = (Moment.Of(question.Begin.At), Moment.Of(question.Until ?? Instant.MaxValue));
        return store.List<Row, StoredRedemption>(
            ListSql(question.IsOpenOnly),
            new
            {
                Community = question.Community.Value,
                Merchant = question.Merchant.Value,
                Statuses = string.Join(' ', question.Statuses.Select(RedemptionText.Of).Prepend("").Append("")),
                begin.Seconds,
                begin.Nanos,
                question.Begin.Stream,
                question.Begin.Sequence,
                UntilSeconds = until.Seconds,
                UntilNanos = until.Nanos,
                question.RowsMax,
            },
            row => row.Read(question.Community),
            cancellation);
    }

    /// <summary>The list; whether all that is wanted is open decides which index it lies in.</summary>
    internal static string ListSql(bool isOpenOnly) =>
        $"""
        SELECT {Columns} FROM redemption
        WHERE community = @Community AND merchant = @Merchant AND {(isOpenOnly ? RedemptionText.IsOpen : "TRUE")} AND instr(@Statuses, ' ' || status || ' ')
            AND (at, at_nanos, stream, sequence) > (@Seconds, @Nanos, @Stream, @Sequence) AND (at, at_nanos) < (@UntilSeconds, @UntilNanos)
        ORDER BY at, at_nanos, stream, sequence LIMIT @RowsMax
        """;

    /// <summary>Gives every redemption of a community.</summary>
    internal static long ReadAll(SqliteConnection connection, CommunityId community, Action<StoredRedemption> each, CancellationToken cancellation) =>
        connection.Each<Row>($"SELECT {Columns} FROM redemption WHERE community = @Value", community, row => each(row.Read(community)), cancellation);

    private sealed class Row
    {
        public required string Stream { get; init; }

        public long Sequence { get; init; }

        public long At { get; init; }

        public long AtNanos { get; init; }

        public required string Merchant { get; init; }

        public required string Status { get; init; }

        public StoredRedemption Read(CommunityId community) =>
            new(new(community, Stream), Sequence, new Moment(At, AtNanos).Instant, new(Merchant), RedemptionText.Read(Status));
    }
}
