using System.Diagnostics;
using Ledger.Merchants;
using Ledger.Settlements;

namespace Ledger.Api.Settlement;

/// <summary>The words for what happens to statements.</summary>
internal static class StatementWords
{
    public static string Of(SignalAction action) => action == SignalAction.Hold ? "hold" : "flag";

    public static string Of(StatementStatus status) => status switch
    {
        StatementStatus.Closed => "closed",
        StatementStatus.Disputed => "disputed",
        StatementStatus.Paid => "paid",
        _ => throw new UnreachableException($"Status {status} has no case."),
    };

    public static string Of(SettlementEvent happened) => happened switch
    {
        StatementClosed => "closed",
        StatementDisputed => "disputed",
        StatementConfirmed => "confirmed",
        StatementCleared => "cleared",
        StatementPaid => "paid",
        _ => throw new UnreachableException($"Event {happened.GetType().Name} has no case."),
    };
}
