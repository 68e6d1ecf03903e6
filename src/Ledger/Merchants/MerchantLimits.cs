namespace Ledger.Merchants;

/// <summary>What a signal does.</summary>
public enum SignalAction
{
    /// <summary>The statement shows it.</summary>
    Flag,

    /// <summary>The statement shows it and is not paid until an operator has cleared it.</summary>
    Hold,
}

/// <summary>What is odd in a day of a merchant. Each is looked at when the day is closed; null for never.</summary>
/// <param name="SalesPerResident">More sales of one resident than this.</param>
/// <param name="OwnTill">A cashier who serves the wallet of the resident that the register names.</param>
/// <param name="PointsPerTerminal">More points at one till than this.</param>
public sealed record MerchantLimits(SignalLimit? SalesPerResident = null, SignalAction? OwnTill = null, SignalLimit? PointsPerTerminal = null);

/// <summary>A number that is usual, and what happens above it.</summary>
/// <param name="Max">The most that is usual; 0 or more.</param>
/// <param name="Action">What happens above it.</param>
public sealed record SignalLimit(long Max, SignalAction Action);
