using System.Diagnostics;
using System.Text.Json.Serialization;
using Ledger.Merchants;
using Ledger.Programmes;
using Ledger.Rewards;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>Cancel a redemption, by the rules that were pinned when it was made.</summary>
/// <param name="Redemption">Which.</param>
/// <param name="By">Who wants it.</param>
public sealed record CancelRedemption(RedemptionId Redemption, Party By) : WalletCommand;

/// <summary>A redemption was cancelled. What came back of its points, came back by the event before it.</summary>
/// <param name="Of">The transaction that made it.</param>
/// <param name="Redemption">Which.</param>
/// <param name="Party">Who wanted it.</param>
/// <param name="By">The client that said so.</param>
/// <param name="Points">Points that came back.</param>
/// <param name="KeepsStock">Whether what it took of a limited stock does not go back.</param>
public sealed record RedemptionCancelled(
    long Of,
    RedemptionId Redemption,
    Party Party,
    string By,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Points Points,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool KeepsStock = false) : WalletEvent;

internal static class Cancelling
{
    public static Verdict Decide(
        PublishedProgrammes programmes, WalletState wallet, CommandEnvelope envelope, CancelRedemption command, Thawed thawed, MerchantBook merchants)
    {
        if (wallet.FindRedemption(command.Redemption) is not { } redemption)
        {
            return Fulfilling.NotOpen(command.Redemption, RedemptionStep.Cancel, thawed);
        }

        if (redemption.Status == RedemptionStatus.AwaitsPayment)
        {
            var held = wallet.HoldOf(redemption.Sequence);
            return Cancel(
                Releasing.Release(wallet, redemption.Sequence, HoldEnd.Released, envelope.At), redemption, command, envelope, held.Points);
        }

        var rule = RuleFor(redemption, command.By);
        var end = rule is null ? null : EndOf(rule, redemption);
        if (rule is null || end <= envelope.At)
        {
            return new Refusal.CancellationNotAllowed(redemption.Id, redemption.Status, command.By, end);
        }

        return Cancel(programmes, wallet, envelope, command, merchants, redemption, rule, PaidOf(thawed));
    }

    /// <summary>Why an appointment is not moved by a resident: who cannot cancel it any more would else move it out of reach, and cancel then.</summary>
    public static Refusal? WhyNotMove(Redemption redemption, Party? by, Instant at) =>
        by == Party.Resident && redemption.Status == RedemptionStatus.Booked
        && RuleFor(redemption, Party.Resident) is { } rule && EndOf(rule, redemption) is { } end && end <= at
            ? new Refusal.CancellationNotAllowed(redemption.Id, redemption.Status, Party.Resident, end)
            : null;

    public static WalletState Evolve(WalletState wallet, RedemptionCancelled cancelled) => Without(wallet, cancelled.Of);

    /// <summary>Without the redemption of a transaction, if it is open; and it counts no longer.</summary>
    public static WalletState Without(WalletState wallet, long sequence) =>
        wallet.FindRedemption(sequence) is { } redemption
            ? wallet with
            {
                OpenRedemptions = WalletState.OrNull(wallet.Redemptions.Remove(redemption)),
                RedeemedCounts = Redeeming.CountNoLonger(wallet, redemption.Made),
            }
            : wallet;

    private static Verdict Cancel(
        PublishedProgrammes programmes,
        WalletState wallet,
        CommandEnvelope envelope,
        CancelRedemption command,
        MerchantBook merchants,
        Redemption redemption,
        CancellationRule rule,
        Thawed.Spend paid)
    {
        var share = new Points((long)Rounding.Down.Divide((Int128)redemption.Made.Price.Points.Value * rule.BasisPoints, CancellationRule.Whole));

        // What a merchant refunded already is a part of the share.
        var points = share - Points.Min(share, paid.Spent - paid.Left);
        var keepsStock = redemption.Made.FromStock && rule.KeepsStock;
        if (points.IsZero)
        {
            return Cancel(null, redemption, command, envelope, points, keepsStock);
        }

        var part = SettlementPart.Refund(programmes, merchants, envelope.At, paid, points) with { Reference = redemption.Id.Value };
        var (refunded, full) = Refunding.Refund(programmes, wallet, envelope.At, paid, points, part);
        return full is not null ? full : Cancel(refunded, redemption, command, envelope, points, keepsStock);
    }

    private static Verdict Cancel(
        WalletEvent? back, Redemption redemption, CancelRedemption command, CommandEnvelope envelope, Points points, bool keepsStock = false)
    {
        var cancelled = new RedemptionCancelled(redemption.Sequence, redemption.Id, command.By, envelope.Sender, points, keepsStock);
        return Verdict.Accept(back is null ? [cancelled] : [back, cancelled], refersTo: redemption.Sequence);
    }

    private static CancellationRule? RuleFor(Redemption redemption, Party by) =>
        redemption.Made.Cancellation.FirstOrDefault(rule => rule.Status == redemption.Status && rule.By.Contains(by));

    private static Instant? EndOf(CancellationRule rule, Redemption redemption) => Due.Earliest(
        rule.WithinMinutes is { } within ? redemption.At + Duration.FromMinutes(within) : null,
        rule.BeforeSlotMinutes is { } before ? redemption.Slot - Duration.FromMinutes(before) : null);

    private static Thawed.Spend PaidOf(Thawed thawed) => thawed is Thawed.Redeemed redeemed
        ? redeemed.Paid
        : throw new UnreachableException("A redemption that is open is in the journal.");
}
