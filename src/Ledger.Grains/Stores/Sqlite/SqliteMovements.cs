using System.Text.Json.Nodes;
using Dapper;
using Ledger.Grains.Journal;
using Ledger.Merchants;
using Microsoft.Data.Sqlite;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Grains.Stores.Sqlite;

/// <summary>The movements of merchants in the one file of an embedded ledger. The journal's appends write them.</summary>
/// <param name="store">The open store.</param>
public sealed class SqliteMovements(SqliteStore store) : IMovements
{
    /// <summary>A page of a day, as the table lies: nothing before it is read, and nothing is sorted. With a till or a cashier it reads on until it is full.</summary>
    internal const string ListSql =
        $"""
        SELECT {Columns} FROM movement
        WHERE community = @Community AND merchant = @Merchant AND day = @Day
            AND (@Terminal IS NULL OR terminal = @Terminal) AND (@Cashier IS NULL OR cashier = @Cashier)
            AND (at, at_nanos, stream, sequence) > (@seconds, @nanos, @Stream, @Sequence)
        ORDER BY at, at_nanos, stream, sequence LIMIT @RowsMax
        """;

    private const string Columns =
        "stream, sequence, kind, merchant, points, day, money, currency, reference, terminal, cashier, at, at_nanos AS atNanos";

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredMovement>> List(MovementQuestion question, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(question);
        var (seconds, nanos) = Moment.Of(question.After?.At ?? Instant.MinValue);
        return store.List<MovementRow, StoredMovement>(
            ListSql,
            new
            {
                Community = question.Community.Value,
                Merchant = question.Merchant.Value,
                Day = LocalDatePattern.Iso.Format(question.Day),
                question.Terminal,
                question.Cashier,
                seconds,
                nanos,
                Stream = question.After?.Stream ?? "",
                Sequence = question.After?.Sequence ?? 0,
                question.RowsMax,
            },
            row => row.Read(question.Community),
            cancellation);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<MovementSum>> Sum(
        CommunityId community, IReadOnlyCollection<DaysOfMerchant> merchants, LocalDate through, CancellationToken cancellation = default) =>
        // Merchant by merchant: CROSS JOIN keeps the order.
        store.List<SumRow, MovementSum>(
            """
            SELECT merchant, day, terminal, cashier, currency, sum(points > 0) AS sales, ifnull(sum(points) FILTER (WHERE points > 0), 0) AS captured,
                ifnull(sum(money) FILTER (WHERE points > 0), 0) AS moneyCaptured, sum(points < 0) AS refunds,
                ifnull(-sum(points) FILTER (WHERE points < 0), 0) AS refunded, ifnull(-sum(money) FILTER (WHERE points < 0), 0) AS moneyRefunded
            FROM json_each(@Merchants) CROSS JOIN movement
            WHERE community = @Community AND merchant = json_extract(value, '$[0]') AND day > json_extract(value, '$[1]') AND day <= @Through
            GROUP BY 1, 2, 3, 4, 5
            """,
            new
            {
                Community = community.Value,
                Merchants = new JsonArray(
                    [.. merchants.Select(days => new JsonArray(days.Merchant.Value, days.After is { } after ? LocalDatePattern.Iso.Format(after) : ""))])
                    .ToJsonString(),
                Through = LocalDatePattern.Iso.Format(through),
            },
            row => row.Read(),
            cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<BuyerSum>> SumBuyersAbove(MovementQuestion question, long salesMax, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(question);
        return store.List<BuyerRow, BuyerSum>(
            """
            SELECT stream, count(*) AS sales, sum(points) AS captured FROM movement
            WHERE community = @Community AND merchant = @Merchant AND day = @Day AND points > 0
            GROUP BY stream HAVING count(*) > @salesMax
            """,
            new { Community = question.Community.Value, Merchant = question.Merchant.Value, Day = LocalDatePattern.Iso.Format(question.Day), salesMax },
            row => new(new(question.Community, row.Stream), row.Sales, new(row.Captured)),
            cancellation);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ServedSum>> SumServed(
        MovementQuestion question, IReadOnlyCollection<Served> served, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(question);
        return store.List<ServedRow, ServedSum>(
            """
            SELECT cashier, stream, count(*) AS sales, sum(points) AS captured FROM movement
            WHERE community = @Community AND merchant = @Merchant AND day = @Day AND points > 0
                AND (cashier, stream) IN (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(@Served))
            GROUP BY cashier, stream
            """,
            new
            {
                Community = question.Community.Value,
                Merchant = question.Merchant.Value,
                Day = LocalDatePattern.Iso.Format(question.Day),
                Served = new JsonArray([.. served.Select(one => new JsonArray(one.Cashier, one.Stream.Name))]).ToJsonString(),
            },
            row => new(new(row.Cashier, new(question.Community, row.Stream)), row.Sales, new(row.Captured)),
            cancellation);
    }

    /// <inheritdoc/>
    public async Task CloseThrough(
        CommunityId community, IReadOnlyCollection<MerchantId> merchants, LocalDate day, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(merchants);
        if (store.IsReadOnly)
        {
            throw JournalRefusals.ReadOnly();
        }

        try
        {
            using var turn = await store.Gate.Enter(cancellation);
            await using var connection = store.Writer.Open();
            await using var transaction = connection.BeginTransaction();
            connection.Execute(
                """
                INSERT INTO closed_day VALUES (@Community, @Merchant, @Through)
                ON CONFLICT (community, merchant) DO UPDATE SET through = max(through, excluded.through)
                """,
                merchants.Select(merchant => new { Community = community.Value, Merchant = merchant.Value, Through = LocalDatePattern.Iso.Format(day) }),
                transaction);
            await transaction.CommitAsync(cancellation);
        }
        catch (Exception failure) when (failure is SqliteException or ObjectDisposedException)
        {
            throw JournalRefusals.Unavailable(failure.Message);
        }
    }

    /// <summary>Gives every movement of a community.</summary>
    internal static long ReadAll(SqliteConnection connection, CommunityId community, Action<StoredMovement> each, CancellationToken cancellation) =>
        connection.Each<MovementRow>($"SELECT {Columns} FROM movement WHERE community = @Value", community, row => each(row.Read(community)), cancellation);

    private sealed class BuyerRow
    {
        public required string Stream { get; init; }

        public long Sales { get; init; }

        public long Captured { get; init; }
    }

    private sealed class MovementRow
    {
        public required string Stream { get; init; }

        public long Sequence { get; init; }

        public required string Kind { get; init; }

        public required string Merchant { get; init; }

        public long Points { get; init; }

        public required string Day { get; init; }

        public long? Money { get; init; }

        public string? Currency { get; init; }

        public string? Reference { get; init; }

        public string? Terminal { get; init; }

        public string? Cashier { get; init; }

        public long At { get; init; }

        public long AtNanos { get; init; }

        public StoredMovement Read(CommunityId community) => new(
            new(community, Stream),
            Sequence,
            Instant.FromUnixTimeSeconds(At).PlusNanoseconds(AtNanos),
            new(
                MovementText.Read(Kind),
                new(Merchant),
                new(Points),
                LocalDatePattern.Iso.Parse(Day).Value,
                Money is { } money ? new Money(Currency!, money) : null,
                Reference,
                Terminal,
                Cashier));
    }

    private sealed class ServedRow
    {
        public required string Cashier { get; init; }

        public required string Stream { get; init; }

        public long Sales { get; init; }

        public long Captured { get; init; }
    }

    private sealed class SumRow
    {
        public required string Merchant { get; init; }

        public required string Day { get; init; }

        public string? Terminal { get; init; }

        public string? Cashier { get; init; }

        public string? Currency { get; init; }

        public long Sales { get; init; }

        public long Captured { get; init; }

        public long MoneyCaptured { get; init; }

        public long Refunds { get; init; }

        public long Refunded { get; init; }

        public long MoneyRefunded { get; init; }

        public MovementSum Read() => new(
            new(Merchant),
            LocalDatePattern.Iso.Parse(Day).Value,
            Terminal,
            Cashier,
            Currency,
            Sales,
            new(Captured),
            MoneyCaptured,
            Refunds,
            new(Refunded),
            MoneyRefunded);
    }
}
