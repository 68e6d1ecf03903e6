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
        Standing now, Statement statement, SettlementCommand command, string? noteDigest) => WhyNot(statement, command) is { } objection
        ? (null, objection)
        : (Happened(now, statement, command, noteDigest), null);

    private static StatementObjection? WhyNot(Statement statement, SettlementCommand command) => command switch
    {
        CloseStatement => StatementObjection.AlreadyClosed,
        _ when statement.Status == StatementStatus.Paid => StatementObjection.AlreadyPaid,
        ConfirmStatement => statement.Status == StatementStatus.Disputed ? null : StatementObjection.NotDisputed,
        ClearStatement => statement.IsHeld ? null : StatementObjection.NotHeld,
        DisputeStatement => statement.Status == StatementStatus.Disputed ? StatementObjection.Disputed : null,
        PayStatement => statement.Status == StatementStatus.Disputed ? StatementObjection.Disputed : statement.IsHeld ? StatementObjection.Held : null,
        _ => throw new UnreachableException($"Command {command.GetType().Name} has no case."),
    };

    private static SettlementEvent Happened(Standing now, Statement statement, SettlementCommand command, string? noteDigest) => command switch
    {
        DisputeStatement => new StatementDisputed(command.Day, now, noteDigest!),
        ConfirmStatement => new StatementConfirmed(command.Day, now, noteDigest!),
        ClearStatement => new StatementCleared(command.Day, now, noteDigest!),
        PayStatement pay => Pay(now, statement, pay),
        CloseStatement or _ => throw new UnreachableException($"Command {command.GetType().Name} does nothing to a statement that is closed."),
    };

    private static StatementPaid Pay(Standing now, Statement statement, PayStatement command)
    {
        var net = statement.Closed.Net;
        return new(command.Day, now with { Owed = now.Owed - net }, net, command.Reference);
    }
}
