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

    /// <summary>What of an award a wallet has no room for; null when it has. What repays a debt needs none.</summary>
    internal static Overflow? Of(Holding? holding, WalletState wallet, Points entering)
    {
        if (holding is not { PointsMax: var max })
        {
            return null;
        }

        var (available, pending, held, _) = wallet.Balances;
        var holds = available + pending + held;
        var room = max > holds ? max - holds : Points.Zero;
        return entering > room ? new(entering - room, max, holds, holding.Fund) : null;
    }
}

/// <summary>Points of a fund.</summary>
/// <param name="Fund">Which fund.</param>
/// <param name="Points">How many; more than zero.</param>
public readonly record struct FundPoints(FundId Fund, Points Points);
