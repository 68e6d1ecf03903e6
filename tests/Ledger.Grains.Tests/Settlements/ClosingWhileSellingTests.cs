using Ledger.Grains.Clocks;
using Ledger.Grains.Communities;
using Ledger.Grains.Journal;
using Ledger.Grains.Journal.Postgres;
using Ledger.Grains.Settlements;
using Ledger.Grains.Stores;
using Ledger.Grains.Stores.Postgres;
using Ledger.Grains.Tests.Hosting;
using Ledger.Grains.Tests.Stores;
using Ledger.Grains.Verification;
using Ledger.Merchants;
using Ledger.PrivatePostgres;
using Ledger.Settlements;
using Ledger.Transactions;
using NodaTime;
using NodaTime.Testing;
using static Ledger.Grains.Tests.Journal.Sample;

namespace Ledger.Grains.Tests.Settlements;

/// <summary>Days are closed by two operators while two silos sell: whatever the interleaving, statements and open days are the account.</summary>
public sealed class ClosingWhileSellingTests(SharedPostgres shared)
{
    private const int SalesPerWallet = 80;
    private const int Days = 10;

    private static readonly LocalDate First = new(2026, 3, 5);
    private static readonly MerchantId TeaHouse = new("tea-house");

    [Fact]
    public async Task Statements_and_open_days_are_the_account_whatever_comes_in_between()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var database = await LedgerDatabase.Create(shared);
        await using var one = new Silo(database);
        await using var other = new Silo(database);
        var selling = new[] { one, other }.SelectMany((silo, s) => Enumerable.Range(0, 6).Select(w => Task.Run(() => silo.Sell($"w{s}{w}"), stop))).ToArray();
        for (var day = First; day < First.PlusDays(Days); day = day.PlusDays(1))
        {
            var closing = new[] { one, other }.Select(silo => silo.Book.CloseAll(Garden, day, stop)).ToArray();
            var closed = (await Task.WhenAll(closing)).SelectMany(answer => answer.Closed).ToList();
            Assert.True(closed.Count <= 1);
        }

        await Task.WhenAll(selling);
        await one.Book.CloseAll(Garden, First.PlusDays(Days), stop);

        var statements = new List<Statement>();
        foreach (var day in (await other.Book.DaysOf(Garden, TeaHouse, stop)).Reverse())
        {
            statements.Add((await other.Book.Find(Garden, TeaHouse, day, stop))!);
        }

        const long All = 2 * 6 * SalesPerWallet;
        Assert.Equal(All, statements.Sum(statement => statement.Closed.Net.Points.Value));
        Assert.Equal(All, statements[^1].Closed.After!.Owed.Points.Value);
        Assert.Equal(All, (await one.Journal.ReadTotals(Garden, stop))["merchant/tea-house"]);
        Assert.Equal(statements.Select(statement => statement.Day).Distinct(), statements.Select(statement => statement.Day).Order());
        foreach (var statement in statements)
        {
            var sums = await one.Movements.Sum(Garden, [new(TeaHouse, statement.Day.PlusDays(-1))], statement.Day, stop);
            Assert.Equal(statement.Closed.Captured.Points.Value, sums.Sum(sum => sum.Captured.Value));
        }

        var report = await new JournalVerifier(one.Journal, one.Journal).Verify(Garden, null, stop);
        Assert.Equal(0, report.Differences[VerificationCheck.Settlements]);
    }

    [Fact]
    public async Task Two_who_pay_one_statement_at_once_pay_it_once()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var database = await LedgerDatabase.Create(shared);
        await using var one = new Silo(database);
        await using var other = new Silo(database);
        await one.Sell("w");
        Assert.IsType<SettlementResult.Done>(await Do(one, new CloseStatement(First), "close"));

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => Task.Run(() => Do(i % 2 == 0 ? one : other, new PayStatement(First, $"bank-{i}"), $"pay-{i}"), stop)));

        Assert.Single(answers.OfType<SettlementResult.Done>());
        Assert.All(answers.OfType<SettlementResult.Refused>(), refused => Assert.Equal(StatementObjection.AlreadyPaid, refused.Refusal.Objection));
        var totals = await one.Journal.ReadTotals(Garden, stop);
        Assert.Equal((0, SalesPerWallet), (totals["merchant/tea-house"], totals["settled/tea-house"]));

        Task<SettlementResult> Do(Silo silo, SettlementCommand command, string key) =>
            silo.Book.Do(Garden, TeaHouse, command, CommandKey.Client("operator", key), null, stop);
    }

    private sealed class Silo : IAsyncDisposable
    {
        private readonly PostgresStore _store;

        public Silo(LedgerDatabase database)
        {
            _store = database.Open();
            (Journal, Movements) = (new(_store), new(_store));
            Book = new(
                Journal,
                Movements,
                new RegisteredMerchants(new InMemoryCatalogue(), TimeProvider.System),
                new FixedProgrammes(),
                new FakeClock(Instant.FromUtc(2027, 1, 1, 0, 0)),
                new NoOtherClock());
        }

        public PostgresJournal Journal { get; }

        public PostgresMovements Movements { get; }

        public SettlementBook Book { get; }

        public async Task Sell(string wallet)
        {
            var stream = Wallet(wallet);
            for (var i = 1; i <= SalesPerWallet; i++)
            {
                // All of them on the first day: most are late.
                var moved = new StoredMovement(stream, i, Morning, new(MovementKind.Spend, TeaHouse, new(1), First, null, null, null, null));
                Assert.IsType<AppendResult.Committed>(await Journal.Append(Set(Row(stream, i, null, Spend(1, new(1)))) with { Movements = [moved] }));
            }
        }

        public async ValueTask DisposeAsync()
        {
            await Journal.DisposeAsync();
            await Movements.DisposeAsync();
            _store.Dispose();
        }
    }
}
