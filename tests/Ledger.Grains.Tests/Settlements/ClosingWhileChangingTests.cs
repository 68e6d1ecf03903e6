using Ledger.Grains.Clocks;
using Ledger.Grains.Communities;
using Ledger.Grains.Journal;
using Ledger.Grains.Settlements;
using Ledger.Grains.Stores;
using Ledger.Grains.Tests.Hosting;
using Ledger.Merchants;
using Ledger.Settlements;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;
using NodaTime.Testing;
using static Ledger.Grains.Tests.Journal.Sample;

namespace Ledger.Grains.Tests.Settlements;

/// <summary>While a day is closed for all merchants, somebody does something to an earlier statement of one of them.</summary>
public sealed class ClosingWhileChangingTests
{
    private static readonly LocalDate First = new(2026, 3, 5);
    private static readonly MerchantId TeaHouse = new("tea-house");

    [Fact]
    public async Task A_day_is_closed_also_where_a_statement_was_disputed_at_the_same_moment()
    {
        var stop = TestContext.Current.CancellationToken;
        var journal = new InMemoryJournal();
        await using var slow = new FaultyJournal(journal);
        var (book, other) = (Book(slow, journal), Book(journal, journal));
        await Sell(journal, 1, First);
        Assert.Single((await book.CloseAll(Garden, First, stop)).Closed);
        await Sell(journal, 2, First.PlusDays(1));

        var gate = slow.Hold();
        var closing = book.CloseAll(Garden, First.PlusDays(1), stop);
        Assert.Equal(2, slow.Appends);
        Assert.IsType<SettlementResult.Done>(
            await other.Do(Garden, TeaHouse, new DisputeStatement(First), CommandKey.Client("tea-house", "d"), new Note("少了一笔", new byte[16]), stop));
        gate.SetResult();

        var (merchant, statements) = Assert.Single((await closing).Closed);
        Assert.Equal((TeaHouse, First.PlusDays(1)), (merchant, Assert.Single(statements).Day));
        Assert.Equal([First.PlusDays(1), First], await other.DaysOf(Garden, TeaHouse, stop));
        Assert.Equal(
            (StatementStatus.Disputed, StatementStatus.Closed),
            ((await other.Find(Garden, TeaHouse, First, stop))!.Status, (await other.Find(Garden, TeaHouse, First.PlusDays(1), stop))!.Status));
        Assert.Empty((await book.CloseAll(Garden, First.PlusDays(1), stop)).Closed);
    }

    private static SettlementBook Book(IJournal journal, InMemoryJournal movements) => new(
        journal,
        movements,
        new RegisteredMerchants(new InMemoryCatalogue(), TimeProvider.System),
        new FixedProgrammes(),
        new FakeClock(Instant.FromUtc(2027, 1, 1, 0, 0)),
        new NoOtherClock());

    private static async Task Sell(InMemoryJournal journal, long sequence, LocalDate day)
    {
        var stream = Wallet("ana");
        var moved = new StoredMovement(stream, sequence, Morning, new(MovementKind.Spend, TeaHouse, new(1), day, null, null, null, null));
        Assert.IsType<AppendResult.Committed>(await journal.Append(Set(Row(stream, sequence, null, Spend(1, new(1)))) with { Movements = [moved] }));
    }
}
