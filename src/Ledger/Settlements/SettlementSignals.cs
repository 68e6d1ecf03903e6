using System.Collections.Immutable;
using Ledger.Merchants;

namespace Ledger.Settlements;

/// <summary>What is odd in a merchant's day.</summary>
/// <param name="Residents">Residents with more captures and spends than the merchant's limit, by id.</param>
/// <param name="OwnTills">Cashiers who served their own wallet, by id.</param>
/// <param name="Terminals">Tills that took more points than the merchant's limit, by id.</param>
/// <param name="Hold">Whether one of them keeps the statement from being paid until an operator has cleared it.</param>
public sealed record SettlementSignals(
    ImmutableArray<ResidentSignal> Residents, ImmutableArray<OwnTillSignal> OwnTills, ImmutableArray<TerminalSignal> Terminals, bool Hold);

/// <summary>A resident bought very often.</summary>
/// <param name="Resident">The resident.</param>
/// <param name="Sales">Captures and spends in the day.</param>
/// <param name="Points">Their points.</param>
/// <param name="Max">The most that is usual.</param>
/// <param name="Action">What it does.</param>
public readonly record struct ResidentSignal(ResidentId Resident, long Sales, Points Points, long Max, SignalAction Action);

/// <summary>A cashier served the own wallet.</summary>
/// <param name="Cashier">The cashier.</param>
/// <param name="Resident">The resident that this is.</param>
/// <param name="Sales">Captures and spends in the day.</param>
/// <param name="Points">Their points.</param>
/// <param name="Action">What it does.</param>
public readonly record struct OwnTillSignal(string Cashier, ResidentId Resident, long Sales, Points Points, SignalAction Action);

/// <summary>A till took very much.</summary>
/// <param name="Terminal">The till.</param>
/// <param name="Points">What it took in the day.</param>
/// <param name="Max">The most that is usual.</param>
/// <param name="Action">What it does.</param>
public readonly record struct TerminalSignal(string Terminal, Points Points, Points Max, SignalAction Action);
