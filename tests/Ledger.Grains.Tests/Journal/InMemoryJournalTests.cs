using Ledger.Grains.Budgets;
using Ledger.Grains.Journal;

namespace Ledger.Grains.Tests.Journal;

public sealed class InMemoryJournalTests : JournalContract
{
    protected override IJournal Open() => new InMemoryJournal();

    protected override IBudgets OpenBudgets() => (InMemoryJournal)Journal;

    protected override IMovements OpenMovements() => (InMemoryJournal)Journal;

    protected override IRedemptions OpenRedemptions() => (InMemoryJournal)Journal;

    protected override ValueTask Close() => ValueTask.CompletedTask;
}
