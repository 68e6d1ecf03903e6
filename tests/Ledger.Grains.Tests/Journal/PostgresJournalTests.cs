using System.Text.Json.Nodes;
using Ledger.Grains.Budgets;
using Ledger.Grains.Journal;
using Ledger.Grains.Journal.Postgres;
using Ledger.Grains.Stores.Postgres;
using Ledger.Grains.Tests.Stores;
using Ledger.Merchants;
using Ledger.PrivatePostgres;
using Ledger.Rewards;
using NodaTime;
using static Ledger.Grains.Tests.Journal.Sample;

namespace Ledger.Grains.Tests.Journal;

public sealed class PostgresJournalTests(SharedPostgres shared) : JournalContract
{
    private LedgerDatabase _database = null!;
    private PostgresStore _store = null!;

    public override async ValueTask InitializeAsync()
    {
        _database = await LedgerDatabase.Create(shared);
        await base.InitializeAsync();
    }

    protected override IJournal Open()
    {
        _store = _database.Open();
        return new PostgresJournal(_store);
    }

    protected override IBudgets OpenBudgets() => new PostgresBudgets(_store);

    protected override IMovements OpenMovements() => new PostgresMovements(_store);

    protected override IRedemptions OpenRedemptions() => new PostgresRedemptions(_store);

    [Fact]
    public async Task A_page_of_a_day_reads_no_more_than_it_gives()
    {
        const int Sales = 400;
        const int PageMax = 50;
        var (stream, day) = (Wallet("ana"), new LocalDate(2026, 3, 5));
        var sales = Enumerable.Range(1, Sales).Select(i => new StoredMovement(
            stream, i, Morning + Duration.FromNanoseconds(1_000 * i), new(MovementKind.Spend, new("tea-house"), new(1), day, null, null, null, null)));
        Assert.IsType<AppendResult.Committed>(await Journal.Append(Set(stream, 1, Sales) with { Movements = [.. sales] }));

        await using var connection = await _store.Readers.OpenConnectionAsync(Stop);
        await using var command = PostgresReads.Command(
            connection,
            "EXPLAIN (ANALYZE, FORMAT JSON) " + PostgresMovements.ListSql,
            Garden.Value, "tea-house", day, "", "", StoredTime.Of(Morning + Duration.FromNanoseconds(1_000 * Sales / 2)).Micros, (short)0, "", 0L, PageMax);
        var list = JsonNode.Parse((string)(await command.ExecuteScalarAsync(Stop))!)![0]!["Plan"]!["Plans"]![0]!;

        Assert.Equal(("Index Scan", "movement_time", PageMax), ((string?)list["Node Type"], (string?)list["Index Name"], (int)list["Actual Rows"]!));

        // It begins at the place, and throws nothing away.
        Assert.Contains("ROW(at, at_nanos, stream, sequence) >", (string)list["Index Cond"]!, StringComparison.Ordinal);
        Assert.Null(list["Rows Removed by Filter"]);
    }

    [Fact]
    public async Task A_page_of_what_is_open_lies_in_an_index_of_what_is_open()
    {
        const int Made = 400;
        var stream = Wallet("ana");
        var redemptions = Enumerable.Range(1, Made).Select(i => new StoredRedemption(
            stream, i, Morning + Duration.FromNanoseconds(1_000 * i), new("tea-house"), i % 40 == 0 ? RedemptionStatus.Ready : RedemptionStatus.Delivered));
        Assert.IsType<AppendResult.Committed>(await Journal.Append(Set(stream, 1, Made) with { Redemptions = [.. redemptions] }));

        await using var connection = await _store.Readers.OpenConnectionAsync(Stop);
        foreach (var (isOpenOnly, status, index) in new[] { (true, "ready", "redemption_open"), (false, "delivered", "redemption_of_merchant") })
        {
            await using var command = PostgresReads.Command(
                connection,
                "EXPLAIN (FORMAT JSON) " + PostgresRedemptions.ListSql(isOpenOnly),
                Garden.Value, "tea-house", new[] { status }, StoredTime.Of(Morning).Micros, (short)0, "", 0L, StoredTime.Of(Morning + Duration.FromDays(1)).Micros, (short)0, 5);
            var list = JsonNode.Parse((string)(await command.ExecuteScalarAsync(Stop))!)![0]!["Plan"]!["Plans"]![0]!;
            Assert.Equal(("Index Scan", index), ((string?)list["Node Type"], (string?)list["Index Name"]));
        }
    }

    protected override async ValueTask Close()
    {
        await ((PostgresJournal)Journal).DisposeAsync();
        _store.Dispose();
        await _database.DisposeAsync();
    }
}
