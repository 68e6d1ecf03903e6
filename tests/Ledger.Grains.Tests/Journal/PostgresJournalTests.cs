using Ledger.Grains.Budgets;
using Ledger.Grains.Journal;
using Ledger.Grains.Journal.Postgres;
using Ledger.Grains.Stores.Postgres;
using Ledger.Grains.Tests.Stores;
using Ledger.PrivatePostgres;

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

    protected override async ValueTask Close()
    {
        await ((PostgresJournal)Journal).DisposeAsync();
        _store.Dispose();
        await _database.DisposeAsync();
    }
}
