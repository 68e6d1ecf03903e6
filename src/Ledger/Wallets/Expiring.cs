using System.Collections.Immutable;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>Record what has fallen due by the command's time, and nothing else.</summary>
public sealed record ApplyDue : WalletCommand;

/// <summary>Lots expired at an instant.</summary>
/// <param name="ExpiredAt">The first instant at which they are no longer usable.</param>
/// <param name="Lots">The lots and what was left in them.</param>
/// <param name="Fund">The fund that they went to, as the resident had chosen; null for nowhere.</param>
public sealed record PointsExpired(Instant ExpiredAt, ImmutableArray<LotPoints> Lots, FundId? Fund = null) : WalletEvent;

internal static class Expiring
{
    /// <summary>The next lots that expire together by an instant; null when none does. Those that wait for a warning stay.</summary>
    public static PointsExpired? NextUntil(WalletState wallet, Instant until)
    {
        var waiting = null as Instant?;
        foreach (var lot in wallet.Lots)
        {
            if (lot.ExpiresAt is not { } end || end > until)
            {
                return null;
            }

            if (end == waiting)
            {
                continue;
            }

            var together = wallet.Lots.ExpiringAt(end);
            if (wallet.Warnings is not { } warnings || !together.Any(warnings.Awaits))
            {
                return new(end, [.. together.Select(expired => new LotPoints(expired.Id, expired.Open))], wallet.ExpiryFund);
            }

            waiting = end;
        }

        return null;
    }

    public static WalletState Evolve(WalletState wallet, PointsExpired expired) => wallet with
    {
        Lots = wallet.Lots.TakeAll(expired.Lots),
        ServedIntervals = Checking.Expire(wallet, expired.Lots),
        Lifetime = wallet.Lifetime with { Expired = wallet.Lifetime.Expired + expired.Lots.Total() },
    };
}
