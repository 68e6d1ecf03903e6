using Ledger.Api.Json;
using Ledger.Api.Security;
using Ledger.Settlements;
using NodaTime;

namespace Ledger.Api.Settlement;

/// <summary>An amount of money.</summary>
/// <param name="Currency">The currency (ISO 4217).</param>
/// <param name="MinorUnits">Minor units (fen, cents); may be negative.</param>
public sealed record MoneyView(string Currency, long MinorUnits);

/// <summary>Points, and what they come to in money.</summary>
/// <param name="Points">Points; may be negative.</param>
/// <param name="Money">One amount for each currency; empty where no rate was agreed.</param>
public sealed record OwedView(long Points, IReadOnlyList<MoneyView> Money)
{
    internal static OwedView Of(Owed owed) => new(owed.Points.Value, [.. owed.Money.Select(money => new MoneyView(money.Currency, money.MinorUnits))]);

    internal Owed ToOwed() => new(new(Points), [.. Money.Select(money => new Ledger.Merchants.Money(money.Currency, money.MinorUnits))]);
}

/// <summary>Something odd in a merchant's day.</summary>
/// <param name="Kind"><c>sales_per_resident</c>, <c>own_till</c> or <c>points_per_terminal</c>.</param>
/// <param name="Action"><c>flag</c>, or <c>hold</c>: the statement is not paid until an operator has cleared it.</param>
/// <param name="Resident">The resident; absent for a till.</param>
/// <param name="Cashier">The cashier; present for the own till.</param>
/// <param name="Terminal">The till; present for a till.</param>
/// <param name="Sales">How many sales; absent for a till.</param>
/// <param name="Points">Their points.</param>
/// <param name="Max">The most that is usual; absent for the own till.</param>
public sealed record DaySignalView(
    string Kind, string Action, string? Resident, string? Cashier, string? Terminal, long? Sales, long Points, long? Max)
{
    internal static IReadOnlyList<DaySignalView>? Of(SettlementSignals? signals) => signals is null
        ? null
        :
        [
            .. signals.Residents.Select(one => new DaySignalView(
                "sales_per_resident", EnumWords.Of(one.Action), one.Resident.Value, null, null, one.Sales, one.Points.Value, one.Max)),
            .. signals.OwnTills.Select(one => new DaySignalView(
                "own_till", EnumWords.Of(one.Action), one.Resident.Value, one.Cashier, null, one.Sales, one.Points.Value, null)),
            .. signals.Terminals.Select(one => new DaySignalView(
                "points_per_terminal", EnumWords.Of(one.Action), null, null, one.Terminal, null, one.Points.Value, one.Max.Value)),
        ];
}

/// <summary>Something that happened to a statement.</summary>
/// <param name="What"><c>closed</c>, <c>disputed</c>, <c>confirmed</c>, <c>cleared</c> or <c>paid</c>.</param>
/// <param name="By">The client that did it; <c>settlement</c> where the day was closed together with others.</param>
/// <param name="At">When.</param>
/// <param name="Note">What was written beside it; absent where nothing was, or it was erased. What was written beside <c>cleared</c> is for operators alone.</param>
public sealed record StepView(string What, string By, Instant At, string? Note);

/// <summary>A merchant's settlement day: opening + captured − refunded = closing, in points and in money.</summary>
public sealed record StatementView
{
    /// <summary>The merchant.</summary>
    public required string Merchant { get; init; }

    /// <summary>The settlement day.</summary>
    public required LocalDate Day { get; init; }

    /// <summary><c>open</c> (not closed yet: the numbers still change), <c>closed</c>, <c>disputed</c> or <c>paid</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The cut-off of an open day, by the terms that count now; absent once it is closed.</summary>
    public Instant? EndsAt { get; init; }

    /// <summary>What the merchant was owed before: of earlier days, less what was paid.</summary>
    public required OwedView Opening { get; init; }

    /// <summary>How many captures and spends.</summary>
    public required long Sales { get; init; }

    /// <summary>What they came to.</summary>
    public required OwedView Captured { get; init; }

    /// <summary>How many refunds; also of sales of earlier days.</summary>
    public required long Refunds { get; init; }

    /// <summary>What they took back, as positive numbers.</summary>
    public required OwedView Refunded { get; init; }

    /// <summary>What the day came to, and what is paid for it: captured less refunded.</summary>
    public required OwedView Net { get; init; }

    /// <summary>What the merchant was owed afterwards.</summary>
    public required OwedView Closing { get; init; }

    /// <summary>What is odd in the day; absent for nothing, and for everybody but operators.</summary>
    public IReadOnlyList<DaySignalView>? Signals { get; init; }

    /// <summary>Does a signal keep it from being paid?</summary>
    public required bool Held { get; init; }

    /// <summary>The name of the payment; absent while it is not paid.</summary>
    public string? Payment { get; init; }

    /// <summary>What happened to it; empty while it is open.</summary>
    public required IReadOnlyList<StepView> Steps { get; init; }

    /// <param name="merchant">The merchant.</param>
    /// <param name="statement">The statement.</param>
    /// <param name="notes">What was written beside its steps, by sequence.</param>
    internal static StatementView Of(MerchantId merchant, Statement statement, IReadOnlyDictionary<long, string> notes) =>
        Of(merchant, statement.Closed, EnumWords.Of(statement.Status)) with
        {
            Held = statement.IsHeld,
            Payment = statement.Payment?.Reference,
            Steps =
            [
                .. statement.Steps.Select(step => new StepView(StatementWords.Of(step.Happened), step.By, step.At, notes.GetValueOrDefault(step.Sequence))),
            ],
        };

    /// <summary>A day that is not closed yet, as it would be closed now.</summary>
    internal static StatementView Open(MerchantId merchant, StatementClosed soFar, Instant endsAt) =>
        Of(merchant, soFar, "open") with { EndsAt = endsAt };

    /// <summary>Is its day not closed yet?</summary>
    internal bool IsOpen => EndsAt is not null;

    /// <summary>
    /// What is odd tells of residents, and so does what operators write when they clear it: nobody but they see it. That it holds the payment, everybody does.
    /// </summary>
    internal StatementView For(Caller caller) => caller.Is(Roles.Operator)
        ? this
        : this with { Signals = null, Steps = [.. Steps.Select(step => step.What == StatementWords.Cleared ? step with { Note = null } : step)] };

    private static StatementView Of(MerchantId merchant, StatementClosed closed, string status) => new()
    {
        Merchant = merchant.Value,
        Day = closed.Day,
        Status = status,
        Opening = OwedView.Of(closed.Opening),
        Sales = closed.Sales,
        Captured = OwedView.Of(closed.Captured),
        Refunds = closed.Refunds,
        Refunded = OwedView.Of(closed.Refunded),
        Net = OwedView.Of(closed.Net),
        Closing = OwedView.Of(closed.After!.Owed),
        Signals = DaySignalView.Of(closed.Signals),
        Held = false,
        Steps = [],
    };
}

/// <summary>The statements of a merchant, by day.</summary>
/// <param name="Data">A page of them.</param>
/// <param name="NextCursor">Where the next page begins; absent on the last.</param>
/// <param name="HasMore">Is there a next page?</param>
public sealed record StatementPage(IReadOnlyList<StatementView> Data, string? NextCursor, bool HasMore);

/// <summary>What was closed for a day.</summary>
/// <param name="Day">The day.</param>
/// <param name="Closed">The statements that this call closed: of the day, and of earlier days that were open.</param>
/// <param name="NotDue">Merchants whose cut-off has not passed.</param>
public sealed record ClosedDay(LocalDate Day, IReadOnlyList<StatementView> Closed, IReadOnlyList<string> NotDue);

/// <summary>What is sent to object to a statement, to end a dispute, or to clear what is odd.</summary>
/// <param name="Reason">Why, 1 to 500 characters. Kept beside the journal, which holds a salted digest.</param>
public sealed record NewStatementStep(string Reason);

/// <summary>What is sent once a statement is paid.</summary>
/// <param name="Reference">The name of the payment where it was made, for example at the bank; an identifier.</param>
public sealed record NewPayment(string Reference);
