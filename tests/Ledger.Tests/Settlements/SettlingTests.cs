using FsCheck;
using FsCheck.Fluent;
using Ledger.Accounts;
using Ledger.Settlements;
using Ledger.Tests.Laws;
using NodaTime;

namespace Ledger.Tests.Settlements;

/// <summary>What may happen to a statement, and that statements tie.</summary>
public sealed class SettlingTests
{
    private static readonly LocalDate Day = new(2026, 3, 1);
    private static readonly MerchantId TeaHouse = MerchantId.Parse("tea-house");

    // What happened | the command | what becomes of it
    private const string Table = """
                               | close   | AlreadyClosed
                               | dispute | disputed
                               | confirm | NotDisputed
                               | clear   | NotHeld
                               | pay     | paid
        dispute                | dispute | Disputed
        dispute                | pay     | Disputed
        dispute                | confirm | closed
        dispute, confirm       | pay     | paid
        dispute, confirm       | dispute | disputed
        dispute, confirm       | confirm | NotDisputed
        pay                    | pay     | AlreadyPaid
        pay                    | dispute | AlreadyPaid
        pay                    | confirm | AlreadyPaid
        pay                    | clear   | AlreadyPaid
        pay                    | close   | AlreadyClosed
        held                   | pay     | Held
        held                   | dispute | disputed
        held                   | clear   | closed
        held, clear            | clear   | NotHeld
        held, clear            | pay     | paid
        held, dispute          | clear   | disputed
        held, dispute          | pay     | Disputed
        held, dispute, confirm | pay     | Held
        """;

    public static TheoryData<string, string, string> Rows() =>
        [.. Table.Split('\n').Select(row => row.Split('|', StringSplitOptions.TrimEntries)).Select(cells => (cells[0], cells[1], cells[2]))];

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_statement_goes_from_state_to_state_or_says_why_not(string happened, string command, string expected)
    {
        var history = new History(happened.Contains("held", StringComparison.Ordinal));
        foreach (var earlier in happened.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(word => word != "held"))
        {
            Assert.Null(history.Do(CommandOf(earlier, Day)));
        }

        var objection = history.Do(CommandOf(command, Day));

        Assert.Equal(expected, objection?.ToString() ?? history.Of(Day).Status.ToString().ToLowerInvariant());
    }

    [Fact]
    public void What_was_refused_is_no_part_of_a_statement_and_changes_nothing()
    {
        var history = new History(held: false);
        var before = (history.Of(Day).Status, history.Standing);
        history.Add(new StatementRefused(Day, history.Standing, StatementObjection.NotDisputed, Instant.MinValue));
        history.Add(new StatementRefused(Day.PlusDays(1), history.Standing, StatementObjection.NotDue, Instant.MinValue));

        Assert.Equal(before, (history.Of(Day).Status, history.Standing));
        Assert.Equal([Day], Statement.From(history.Steps).Select(statement => statement.Day));
        Assert.All(history.Steps, step => Assert.Empty(SettlementPostings.Of(TeaHouse, step.Happened)));
    }

    [Fact]
    public void Openings_and_closings_follow_from_one_another_and_what_is_owed_is_what_was_closed_and_not_paid() => Law.Holds(Acts(), 300, acts =>
    {
        var history = new History(held: false);
        var owed = history.Of(Day).Closed.Net;
        var day = Day;
        foreach (var (act, captured, refunded) in acts)
        {
            if (act == 0)
            {
                day = day.PlusDays(1);
                var before = history.Standing.Owed;
                var closed = history.Close(day, captured, refunded, held: false);
                Assert.Equal((before, before + captured - refunded), (closed.Opening, closed.After!.Owed));
                owed += closed.Net;
            }
            else
            {
                var of = day.PlusDays(-(act % 5));
                if (of >= Day && history.Do(CommandOf(act % 3 == 0 ? "dispute" : act % 3 == 1 ? "confirm" : "pay", of)) is null
                    && history.Of(of).Payment is { } payment)
                {
                    owed -= payment.Net;
                }
            }

            Assert.Equal(owed, history.Standing.Owed);
        }

        // The double entry says the same.
        var account = Account.Merchant(TeaHouse);
        var paid = history.Steps.SelectMany(step => SettlementPostings.Of(TeaHouse, step.Happened))
            .Sum(posting => posting.From == account ? posting.Points.Value : -posting.Points.Value);
        Assert.Equal(history.Steps.Select(step => step.Happened).OfType<StatementPaid>().Sum(payment => payment.Net.Points.Value), paid);
        Assert.Equal(
            history.Standing.Owed.Points.Value,
            history.Steps.Select(step => step.Happened).OfType<StatementClosed>().Sum(closed => closed.Net.Points.Value) - paid);
    });

    private static Arbitrary<(int Act, Owed Captured, Owed Refunded)[]> Acts() => Arb.From((
        from act in Gen.Frequency((1, Gen.Constant(0)), (2, Gen.Choose(1, 100)))
        from captured in Amount()
        from refunded in Amount()
        select (act, captured, refunded)).ArrayOf());

    private static Gen<Owed> Amount() =>
        from points in Gen.Elements(0L, 1, 2, 99, Points.Max.Value)
        from currency in Gen.Elements<string?>(null, "CNY", "USD")
        from money in Gen.Elements(0L, 1, 250, 1_000_000_007)
        select Owed.Of(new(points), currency, money);

    private static SettlementCommand CommandOf(string word, LocalDate day) => word switch
    {
        "close" => new CloseStatement(day),
        "dispute" => new DisputeStatement(day),
        "confirm" => new ConfirmStatement(day),
        "clear" => new ClearStatement(day),
        _ => new PayStatement(day, "bank-1"),
    };

    private sealed class History
    {
        public History(bool held) => Close(Day, Owed.Of(new(50), "CNY", 300), Owed.Of(new(8), "CNY", 50), held);

        public List<StatementStep> Steps { get; } = [];

        public Standing Standing => Steps[^1].Happened.After!;

        public Statement Of(LocalDate day) => Statement.From(Steps).Single(statement => statement.Day == day);

        public StatementClosed Close(LocalDate day, Owed captured, Owed refunded, bool held)
        {
            var signals = held ? new SettlementSignals([], [], [], Hold: true) : null;
            var closed = Settling.Close(Steps.Count == 0 ? null : Standing, day, 1, captured, 1, refunded, signals);
            Add(closed);
            return closed;
        }

        public StatementObjection? Do(SettlementCommand command)
        {
            var (happened, objection) = Settling.Decide(Standing, Of(command.Day), command, "digest");
            Assert.True((happened is null) != (objection is null));
            if (happened is not null)
            {
                Add(happened);
            }

            return objection;
        }

        public void Add(SettlementEvent happened) => Steps.Add(new(Steps.Count + 1, happened, "operator", Instant.MinValue));
    }
}
