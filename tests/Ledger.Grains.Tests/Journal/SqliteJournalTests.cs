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

    protected override async ValueTask Close()
    {
        await ((SqliteJournal)Journal).DisposeAsync();
        _store!.Dispose();
        _folder.Dispose();
    }
}
