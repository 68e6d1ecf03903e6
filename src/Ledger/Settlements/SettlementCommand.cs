using System.Text.Json.Serialization;
using NodaTime;

namespace Ledger.Settlements;

/// <summary>What somebody wants done to a merchant's statement. A closed set; fingerprinted, so its JSON never changes its meaning.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "command")]
[JsonDerivedType(typeof(CloseStatement), "close_statement.v1")]
[JsonDerivedType(typeof(DisputeStatement), "dispute_statement.v1")]
[JsonDerivedType(typeof(ConfirmStatement), "confirm_statement.v1")]
[JsonDerivedType(typeof(ClearStatement), "clear_statement.v1")]
[JsonDerivedType(typeof(PayStatement), "pay_statement.v1")]
public abstract record SettlementCommand
{
    private protected SettlementCommand(LocalDate day) => Day = day;

    /// <summary>The settlement day.</summary>
    public LocalDate Day { get; init; }
}

/// <summary>Close a day, and every open one before it.</summary>
/// <param name="Day">The settlement day.</param>
public sealed record CloseStatement(LocalDate Day) : SettlementCommand(Day);

/// <summary>Object to a statement.</summary>
/// <param name="Day">The settlement day.</param>
public sealed record DisputeStatement(LocalDate Day) : SettlementCommand(Day);

/// <summary>End a dispute: the statement stands.</summary>
/// <param name="Day">The settlement day.</param>
public sealed record ConfirmStatement(LocalDate Day) : SettlementCommand(Day);

/// <summary>Let a statement be paid in spite of what is odd in it.</summary>
/// <param name="Day">The settlement day.</param>
public sealed record ClearStatement(LocalDate Day) : SettlementCommand(Day);

/// <summary>Record that a statement was paid.</summary>
/// <param name="Day">The settlement day.</param>
/// <param name="Reference">The name of the payment where it was made.</param>
public sealed record PayStatement(LocalDate Day, string Reference) : SettlementCommand(Day);

/// <summary>Why nothing was done to a statement.</summary>
public enum StatementObjection
{
    /// <summary>The cut-off of the day has not passed.</summary>
    NotDue,

    /// <summary>The day is closed already.</summary>
    AlreadyClosed,

    /// <summary>The day is not closed.</summary>
    NotClosed,

    /// <summary>Somebody objects to it.</summary>
    Disputed,

    /// <summary>Nobody objects to it.</summary>
    NotDisputed,

    /// <summary>It was paid.</summary>
    AlreadyPaid,

    /// <summary>Something odd in it holds it.</summary>
    Held,

    /// <summary>Nothing odd in it holds it.</summary>
    NotHeld,
}
