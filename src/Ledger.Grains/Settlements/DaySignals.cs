using System.Collections.Immutable;
using Ledger.Grains.Journal;
using Ledger.Merchants;
using Ledger.Settlements;
using Ledger.Transactions;

namespace Ledger.Grains.Settlements;

/// <summary>Looks for what is odd in a merchant's day.</summary>
internal static class DaySignals
{
    /// <param name="movements">The movements of merchants.</param>
    /// <param name="question">The day.</param>
    /// <param name="merchant">The merchant.</param>
    /// <param name="limits">What is usual there.</param>
    /// <param name="parts">The day added up.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>What is odd; null for nothing.</returns>
    public static async Task<SettlementSignals?> Of(
        IMovements movements,
        MovementQuestion question,
        Merchant merchant,
        MerchantLimits limits,
        IReadOnlyList<MovementSum> parts,
        CancellationToken cancellation)
    {
        var residents = limits.SalesPerResident is { } often ? await Residents(movements, question, often, cancellation) : [];
        var ownTills = limits.OwnTill is { } action ? await OwnTills(movements, question, merchant, action, cancellation) : [];
        var terminals = limits.PointsPerTerminal is { } much ? Terminals(parts, much) : [];
        return residents.IsEmpty && ownTills.IsEmpty && terminals.IsEmpty
            ? null
            : new(
                residents,
                ownTills,
                terminals,
                residents.Select(signal => signal.Action).Concat(ownTills.Select(signal => signal.Action)).Concat(terminals.Select(signal => signal.Action))
                    .Contains(SignalAction.Hold));
    }

    private static async Task<ImmutableArray<ResidentSignal>> Residents(
        IMovements movements, MovementQuestion question, SignalLimit limit, CancellationToken cancellation) =>
    [
        .. (await movements.SumBuyersAbove(question, limit.Max, cancellation))
            .Where(buyer => buyer.Stream.Resident is not null)
            .OrderBy(buyer => buyer.Stream.Name, StringComparer.Ordinal)
            .Select(buyer => new ResidentSignal(buyer.Stream.Resident!.Value, buyer.Sales, buyer.Captured, limit.Max, limit.Action)),
    ];

    private static async Task<ImmutableArray<OwnTillSignal>> OwnTills(
        IMovements movements, MovementQuestion question, Merchant merchant, SignalAction action, CancellationToken cancellation)
    {
        Served[] own =
        [
            .. from cashier in merchant.Cashiers
               where cashier.Resident is not null
               select new Served(cashier.Id, StreamId.Of(question.Community, cashier.Resident!.Value)),
        ];
        return own.Length == 0
            ? []
            :
            [
                .. (await movements.SumServed(question, own, cancellation))
                    .OrderBy(sum => sum.Served.Cashier, StringComparer.Ordinal)
                    .Select(sum => new OwnTillSignal(sum.Served.Cashier, sum.Served.Stream.Resident!.Value, sum.Sales, sum.Captured, action)),
            ];
    }

    private static ImmutableArray<TerminalSignal> Terminals(IReadOnlyList<MovementSum> parts, SignalLimit limit) =>
    [
        .. parts.Where(part => part.Terminal is not null)
            .GroupBy(part => part.Terminal!, (terminal, sums) => (Terminal: terminal, Points: sums.Sum(sum => sum.Captured.Value)), StringComparer.Ordinal)
            .Where(till => till.Points > limit.Max)
            .OrderBy(till => till.Terminal, StringComparer.Ordinal)
            .Select(till => new TerminalSignal(till.Terminal, new(till.Points), new(limit.Max), limit.Action)),
    ];
}
