using System.Diagnostics;
using Ledger.Settlements;

namespace Ledger.Api.Settlement;

/// <summary>The words for what happens to statements.</summary>
internal static class StatementWords
{
    public const string Cleared = "cleared";

    public static string Of(SettlementEvent happened) => happened switch
    {
        StatementClosed => "closed",
        StatementDisputed => "disputed",
        StatementConfirmed => "confirmed",
        StatementCleared => Cleared,
        StatementPaid => "paid",
        StatementRefused or _ => throw new UnreachableException($"Event {happened.GetType().Name} has no case."),
    };
}
