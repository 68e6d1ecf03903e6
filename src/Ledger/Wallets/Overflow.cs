using System.Text.Json.Serialization;
using Ledger.Programmes;

namespace Ledger.Wallets;

/// <summary>What an award would have brought above the most that awards bring a wallet to.</summary>
/// <param name="Points">How many; more than zero.</param>
/// <param name="PointsMax">The most.</param>
/// <param name="Held">What the wallet held before: available, pending and held.</param>
/// <param name="Fund">The fund that got them; null: they were cut.</param>
public sealed record Overflow(Points Points, Points PointsMax, Points Held, FundId? Fund)
{
    /// <summary>The part that exists all the same, in a fund.</summary>
    [JsonIgnore]
    public Points Donated => Fund is null ? Points.Zero : Points;

    /// <summary>What of an award a wallet has no room for; null when it has.</summary>
    internal static Overflow? Of(HoldingPolicy? holding, WalletState wallet, Points afterCaps, bool isActive) =>
        holding is not null && MostOf(holding, wallet, isActive) is var most && afterCaps > most
            ? new(afterCaps - most, holding.PointsMax, HeldBy(wallet), holding.Fund)
            : null;

    /// <summary>The most that an award brings the resident. What repays a debt needs no room.</summary>
    internal static Points MostOf(HoldingPolicy holding, WalletState wallet, bool isActive)
    {
        var held = HeldBy(wallet);
        var room = holding.PointsMax > held ? holding.PointsMax - held : Points.Zero;
        return isActive ? room + wallet.Debt : room;
    }

    private static Points HeldBy(WalletState wallet)
    {
        var (available, pending, held, _) = wallet.Balances;
        return available + pending + held;
    }
}

/// <summary>Points of a fund.</summary>
/// <param name="Fund">Which fund.</param>
/// <param name="Points">How many; more than zero.</param>
public readonly record struct FundPoints(FundId Fund, Points Points);
