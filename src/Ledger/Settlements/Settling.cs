using System.Diagnostics;
using NodaTime;

namespace Ledger.Settlements;

/// <summary>Decides what happens to statements. Changes nothing.</summary>
public static class Settling
{
    /// <summary>The statement of a day.</summary>
    /// <param name="before">How the merchant stands; null before its first statement.</param>
    /// <param name="day">The day.</param>
    /// <param name="sales">How many captures and spends.</param>
    /// <param name="captured">What they came to.</param>
    /// <param name="refunds">How many refunds.</param>
    /// <param name="refunded">What they took back.</param>
    /// <param name="signals">What is odd in it; null for nothing.</param>
    public static StatementClosed Close(
        Standing? before, LocalDate day, long sales, Owed captured, long refunds, Owed refunded, SettlementSignals? signals)
    {
        var opening = before?.Owed ?? Owed.Nothing;
        return new(day, new(day, opening + captured - refunded), opening, sales, captured, refunds, refunded, signals);
    }

    /// <summary>What a command does to a statement that is closed, or why it does nothing.</summary>
    /// <param name="now">How the merchant stands.</param>
    /// <param name="statement">The statement.</param>
    /// <param name="command">The command.</param>
    /// <param name="noteDigest">The digest of what was written beside it; needed for all but payments.</param>
    public static (SettlementEvent? Happened, StatementObjection? Objection) Decide(
        Standing now, Statement statement, SettlementCommand command, string? noteDigest) => (command, statement) switch
        {
            (CloseStatement, _) => (null, StatementObjection.AlreadyClosed),
            (_, { Status: StatementStatus.Paid }) => (null, StatementObjection.AlreadyPaid),
            (ConfirmStatement, { Status: StatementStatus.Disputed }) => (new StatementConfirmed(command.Day, now, noteDigest!), null),
            (ConfirmStatement, _) => (null, StatementObjection.NotDisputed),
            (ClearStatement, { IsHeld: true }) => (new StatementCleared(command.Day, now, noteDigest!), null),
            (ClearStatement, _) => (null, StatementObjection.NotHeld),
            (_, { Status: StatementStatus.Disputed }) => (null, StatementObjection.Disputed),
            (DisputeStatement, _) => (new StatementDisputed(command.Day, now, noteDigest!), null),
            (PayStatement, { IsHeld: true }) => (null, StatementObjection.Held),
            (PayStatement pay, _) => (Pay(now, statement, pay), null),
            _ => throw new UnreachableException($"Command {command.GetType().Name} has no case."),
        };

    private static StatementPaid Pay(Standing now, Statement statement, PayStatement command)
    {
        var net = statement.Closed.Net;
        return new(command.Day, now with { Owed = now.Owed - net }, net, command.Reference);
    }
}
