using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ledger.Programmes;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>
/// Close a wallet for good, perhaps with a reason (<see cref="CommandEnvelope.Note"/>). Everything that is under way must have ended; what is left,
/// also what is not active yet, is given up.
/// </summary>
/// <param name="Fund">The fund that gets what is left; null: it counts as expired.</param>
/// <param name="ForgivesDebt">Is what the resident owes forgiven? Else a debt keeps the wallet open.</param>
public sealed record CloseWallet(
    FundId? Fund, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool ForgivesDebt) : WalletCommand;

/// <summary>A wallet was closed for good.</summary>
/// <param name="By">Who did it: a client.</param>
/// <param name="Fund">Where what is left goes, now and later; null: it counts as expired.</param>
/// <param name="Repaid">What was not active yet and repaid a debt.</param>
/// <param name="DebtForgiven">What was owed still, and is not any more.</param>
/// <param name="Reason">The salted digest of the reason; null when none was given.</param>
public sealed record WalletClosed(
    string By,
    FundId? Fund,
    ImmutableArray<LotPoints> Repaid,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Points DebtForgiven,
    string? Reason = null) : WalletEvent;

/// <summary>All points in a closed wallet were given up: what was left in it, or what came back later.</summary>
/// <param name="Fund">The fund that got them; null: they count as expired.</param>
/// <param name="Lots">The lots and what was left in them.</param>
/// <param name="Pending">The same of lots that were not active yet.</param>
public sealed record PointsGivenUp(FundId? Fund, ImmutableArray<LotPoints> Lots, ImmutableArray<LotPoints> Pending) : WalletEvent;

/// <summary>That a wallet is closed.</summary>
/// <param name="Since">Since when.</param>
/// <param name="By">Who did it: a client.</param>
/// <param name="Fund">Where points go that come back later; null: they count as expired.</param>
public sealed record Closure(Instant Since, string By, FundId? Fund);

internal static class Closing
{
    // Who finds it done already has nothing to do: what was chosen first stands.
    public static Verdict Decide(PublishedProgrammes programmes, WalletState wallet, CommandEnvelope envelope, CloseWallet command) =>
        wallet.Closed is not null ? Verdict.Nothing : Close(programmes, wallet, envelope, command.Fund, command.ForgivesDebt);

    /// <summary>Closes a wallet that is open.</summary>
    public static Verdict Close(PublishedProgrammes programmes, WalletState wallet, CommandEnvelope envelope, FundId? fund, bool forgivesDebt)
    {
        if (fund is { } heir && Donating.WhyNot(programmes, envelope, heir) is { } unknown)
        {
            return unknown;
        }

        // What is not active yet would have repaid a debt first, and does so now.
        var repaid = Slices(wallet.Pending).TakePoints(wallet.Debt).Named();
        var owed = wallet.Debt - repaid.Total();
        if (OpenIn(wallet, forgivesDebt ? Points.Zero : owed) is { } open)
        {
            return open;
        }

        if (LifetimeTotals.Exceeded(LifetimeSum.Adjusted, wallet.Lifetime.Adjusted, owed) is { } limit)
        {
            return limit;
        }

        var closed = new WalletClosed(envelope.Sender, fund, repaid, owed, envelope.Note?.Digest());
        return Verdict.Accept([closed, .. GiveUp(Evolve(wallet, closed))]);
    }

    /// <summary>What a command did, and where that leaves points that came back to a closed wallet.</summary>
    public static ImmutableArray<WalletEvent> GiveUpAfter(WalletState wallet, ImmutableArray<WalletEvent> events) =>
        wallet.Closed is null ? events : [.. events, .. GiveUp(events.Aggregate(wallet, Wallet.Evolve))];

    public static WalletState Evolve(WalletState wallet, WalletClosed closed) => wallet with
    {
        Closed = new(wallet.LastAt, closed.By, closed.Fund),
        Frozen = null,
        PendingLots = Activating.TakeAll(wallet.PendingLots, closed.Repaid),
        Debt = wallet.Debt - closed.Repaid.Total() - closed.DebtForgiven,
        Lifetime = wallet.Lifetime with { Adjusted = wallet.Lifetime.Adjusted + closed.DebtForgiven },

        // Nobody is warned, judged or waited for any more.
        Warnings = null,
        Tiers = null,
        ServedIntervals = null,
        Waiting = [],
    };

    public static WalletState Evolve(WalletState wallet, PointsGivenUp given)
    {
        var points = given.Lots.Total() + given.Pending.Total();
        return wallet with
        {
            Lots = wallet.Lots.TakeAll(given.Lots),
            PendingLots = Activating.TakeAll(wallet.PendingLots, given.Pending),
            Warnings = null,
            Lifetime = given.Fund is null
                ? wallet.Lifetime with { Expired = wallet.Lifetime.Expired + points }
                : wallet.Lifetime with { Given = wallet.Lifetime.Given + points },
        };
    }

    // The one list of what keeps a wallet open.
    private static Refusal.NotSettled? OpenIn(WalletState wallet, Points owed)
    {
        var open = new Refusal.NotSettled(
            wallet.Holds.Length, wallet.HeldPoints, wallet.Undecided.Length, owed, wallet.Errands.Length, wallet.Redemptions.Length);
        return open == new Refusal.NotSettled(0, Points.Zero, 0, Points.Zero) ? null : open;
    }

    private static IEnumerable<PointsGivenUp> GiveUp(WalletState closed)
    {
        if (closed.Available + closed.ActivatingPoints > Points.Zero)
        {
            yield return new(closed.Closed!.Fund, [.. closed.Lots.Select(lot => new LotPoints(lot.Id, lot.Open))], Slices(closed.Pending).Named());
        }
    }

    private static IEnumerable<LotSlice> Slices(ImmutableArray<PendingLot> pending) =>
        pending.Select(lot => new LotSlice(lot.Id, lot.Points, lot.EarnedAt, lot.ExpiresAt));
}
