using Dapper;
using Ledger.Grains.Budgets;
using Ledger.Grains.Journal;
using Ledger.Grains.Journal.Sqlite;
using Ledger.Grains.Stores.Sqlite;
using Ledger.Grains.Tests.Stores;

namespace Ledger.Grains.Tests.Journal;

public sealed class SqliteJournalTests : JournalContract
{
    private readonly TemporaryFolder _folder = new();
    private SqliteStore? _store;

    protected override IJournal Open()
    {
        _store = SqliteStore.Open(_folder.Store, "test");
        return new SqliteJournal(_store);
    }

    protected override IBudgets OpenBudgets() => new SqliteBudgets(_store!);

    protected override IMovements OpenMovements() => new SqliteMovements(_store!);

    protected override IRedemptions OpenRedemptions() => new SqliteRedemptions(_store!);

    [Fact]
    public void A_page_of_a_day_reads_no_more_than_it_gives()
    {
        using var connection = _store!.Readers.Open();

        var plan = connection.Query<PlanRow>(
            "EXPLAIN QUERY PLAN " + SqliteMovements.ListSql,
            new { Community = "", Merchant = "", Day = "", Terminal = "", Cashier = "", seconds = 0, nanos = 0, Stream = "", Sequence = 0, RowsMax = 1 });

        Assert.Equal(
            ["SEARCH movement USING PRIMARY KEY (community=? AND merchant=? AND day=? AND (at,at_nanos,stream,sequence)>(?,?,?,?))"],
            plan.Select(row => row.Detail));
    }

    [Fact]
    public void A_page_of_what_is_open_lies_in_an_index_of_what_is_open()
    {
        using var connection = _store!.Readers.Open();
        var nothing = new { Community = "", Merchant = "", Statuses = "", Seconds = 0, Nanos = 0, Stream = "", Sequence = 0, UntilSeconds = 0, UntilNanos = 0, RowsMax = 1 };

        foreach (var (isOpenOnly, index) in new[] { (true, "redemption_open"), (false, "redemption_of_merchant") })
        {
            var plan = connection.Query<PlanRow>("EXPLAIN QUERY PLAN " + SqliteRedemptions.ListSql(isOpenOnly), nothing);
            Assert.StartsWith($"SEARCH redemption USING INDEX {index} (community=? AND merchant=? AND (at,at_nanos", Assert.Single(plan).Detail, StringComparison.Ordinal);
        }
    }

    protected override async ValueTask Close()
    {
        await ((SqliteJournal)Journal).DisposeAsync();
        _store!.Dispose();
        _folder.Dispose();
    }

    private sealed class PlanRow
    {
        public required string Detail { get; init; }
    }
}
