using System.Collections.Immutable;
using Ledger.Programmes;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>The resident acted, so lots that idle expire later.</summary>
/// <param name="Idle">Which lots: all that carry this, and no others.</param>
/// <param name="ExpiresAt">When they expire unless the resident acts again. What expires later already stays as it is.</param>
/// <remarks>What is not active yet idles from the day it becomes so, and what waits for a decision from the last day of that: no act before can be later.</remarks>
public sealed record ExpiryExtended(ExpiryPolicy.Inactivity Idle, Instant ExpiresAt) : WalletEvent;

/// <summary>When a resident last acted, so that points which come back idle like all others.</summary>
/// <param name="Earned">When an activity was last recorded; null for never since there are points that idle.</param>
/// <param name="Spent">When points were last spent; null for never since then.</param>
public sealed record LastActs(Instant? Earned = null, Instant? Spent = null);

internal static class Idling
{
    /// <summary>What a command of the resident extends, and the wallet after it, in which the command is then decided.</summary>
    /// <remarks>First extended, then done: what is spent keeps the new date for a refund, and what expires sooner is spent first.</remarks>
    public static (WalletState Acting, ImmutableArray<WalletEvent> Extended) Act(
        PublishedProgrammes programmes, WalletState wallet, CommandEnvelope envelope)
    {
        if (wallet.Acts is null || ActOf(envelope.Command) is not { } act || programmes.InForceAt(envelope.At)?.Programme is not { } programme)
        {
            return (wallet, []);
        }

        var extended = ImmutableArray.CreateBuilder<WalletEvent>();
        var dates = wallet.Lots.Select(lot => (lot.Idle, lot.ExpiresAt)).Concat(wallet.Holds.SelectMany(hold => hold.Lots, (_, slice) => (slice.Idle, slice.ExpiresAt)));
        foreach (var group in dates.GroupBy(lot => lot.Idle, lot => lot.ExpiresAt))
        {
            if (group.Key is { } idle && idle.Counts.Contains(act) && EndOf(programme, idle, envelope.At) is { } end && group.Min() < end)
            {
                extended.Add(new ExpiryExtended(idle, end));
            }
        }

        return (extended.Aggregate(wallet, Wallet.Evolve), extended.DrainToImmutable());
    }

    public static WalletState Evolve(WalletState wallet, ExpiryExtended extended)
    {
        var moved = wallet.Lots.Where(lot => lot.Idle == extended.Idle && lot.ExpiresAt < extended.ExpiresAt).ToList();
        var lots = wallet.Lots.PutOff(moved, extended.ExpiresAt);

        // The dates that lots left keep the warnings of what stays there.
        var left = moved.Select(lot => lot.ExpiresAt).ToHashSet();
        var after = wallet with { Lots = lots, LiveHolds = Extended(wallet, extended), Warnings = wallet.Warnings?.Left(left, lots) };
        return after with { Warnings = after.WarningsWith([.. moved.Select(lot => (lot with { ExpiresAt = extended.ExpiresAt }).Slice(lot.Open))], wallet.LastAt) };
    }

    // What is set aside idles like all others, and comes back with its date if the merchant does not take it.
    private static ImmutableArray<Hold>? Extended(WalletState wallet, ExpiryExtended extended) => wallet.LiveHolds is { } holds
        ?
        [
            .. holds.Select(hold => hold with
            {
                Lots =
                [
                    .. hold.Lots.Select(slice => slice.Idle == extended.Idle && slice.ExpiresAt < extended.ExpiresAt
                        ? slice with { ExpiresAt = extended.ExpiresAt }
                        : slice),
                ],
            }),
        ]
        : null;

    /// <summary>When the resident last acted, after a transaction. A wallet without points that idle need not know.</summary>
    public static LastActs? Remember(LastActs? acts, ImmutableArray<WalletEvent> events, Instant at)
    {
        foreach (var happened in events)
        {
            acts = happened switch
            {
                PointsEarned earned when acts is not null || earned.Lot?.Idle is not null => (acts ?? new()) with { Earned = at },
                PointsSpent or PointsHeld { Share: null or { Own: true } } when acts is not null => acts with { Spent = at },
                PointsAdjusted { Lot: { Idle: not null } } or PointsCorrected { Lot: { Idle: not null } } => acts ?? new(),
                _ => acts,
            };
        }

        return acts;
    }

    /// <summary>Points that come back, with the date that they would have by now had they never left.</summary>
    /// <param name="programme">The one that decides the refund; null leaves the date.</param>
    /// <param name="wallet">The wallet.</param>
    /// <param name="slice">The points as they left.</param>
    public static LotSlice Current(Programme? programme, WalletState wallet, LotSlice slice)
    {
        if (programme is null || slice.Idle is not { } idle)
        {
            return slice;
        }

        foreach (var act in idle.Counts)
        {
            if (LastOf(wallet.Acts, act) is { } at && EndOf(programme, idle, at) is { } end && slice.ExpiresAt < end)
            {
                slice = slice with { ExpiresAt = end };
            }
        }

        return slice;
    }

    private static ResidentAct? ActOf(WalletCommand command) => command switch
    {
        EarnPoints => ResidentAct.Earned,
        SpendPoints or HoldPoints { Share: null or { Own: true } } or RedeemReward => ResidentAct.Spent,
        _ => null,
    };

    private static Instant? LastOf(LastActs? acts, ResidentAct act) => act == ResidentAct.Earned ? acts?.Earned : acts?.Spent;

    private static Instant? EndOf(Programme programme, ExpiryPolicy.Inactivity idle, Instant at) =>
        programme.EndOf(programme.WithNotice(idle.LastDate(programme.DateOf(at)), at));
}
