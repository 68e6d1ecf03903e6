using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ledger.Merchants;
using Ledger.Programmes;
using Ledger.Transactions;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>Give back points of a spend, all that is left or a part.</summary>
/// <param name="Of">The spend's command.</param>
/// <param name="Points">How many, 1 to 2^53−1; null for all that is left.</param>
/// <param name="Terminal">The till; null when it is not said.</param>
/// <param name="Cashier">Who serves; null when it is not said.</param>
public sealed record RefundSpend(CommandKey Of, Points? Points, string? Terminal = null, string? Cashier = null) : WalletCommand;

/// <summary>Points of a spend came back to the lots that paid it, last allocation first.</summary>
/// <param name="Of">The spend's transaction.</param>
/// <param name="Merchant">Who gave them back.</param>
/// <param name="Points">How many in all.</param>
/// <param name="DebtRepaid">The part that repaid a debt.</param>
/// <param name="To">The lots that took points.</param>
/// <param name="ExpiredAtOnce">Points whose lot had expired meanwhile: back and gone in one transaction.</param>
/// <param name="Settlement">How it counts for the merchant's settlement; null in journals from before there was one.</param>
public sealed record SpendRefunded(
    long Of,
    MerchantId Merchant,
    Points Points,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Points DebtRepaid,
    ImmutableArray<LotSlice> To,
    ImmutableArray<LotPoints> ExpiredAtOnce,
    SettlementPart? Settlement = null) : WalletEvent;

internal static class Refunding
{
    public static Verdict Decide(
        PublishedProgrammes programmes, WalletState wallet, CommandEnvelope envelope, RefundSpend command, Thawed thawed, MerchantBook merchants) => thawed switch
        {
            Thawed.Nothing or Thawed.Elsewhere => new Refusal.UnknownTransaction(command.Of),
            Thawed.Spend spend => Decide(programmes, wallet, envelope, command, spend, merchants),
            Thawed.Held held => Decide(programmes, wallet, envelope, command, held.Redemption, merchants),
            _ => new Refusal.NotASpend(command.Of),
        };

    public static WalletState Evolve(WalletState wallet, SpendRefunded refunded) => wallet.Restore(refunded.To, wallet.LastAt) with
    {
        Debt = wallet.Debt - refunded.DebtRepaid,
        ServedIntervals = Checking.Expire(wallet, refunded.ExpiredAtOnce),
        LiveHolds = wallet.FindHold(refunded.Of) is { } live
            ? wallet.Holds.Replace(live, live with { Refunded = live.Refunded + refunded.Points })
            : wallet.LiveHolds,
        Lifetime = wallet.Lifetime with
        {
            Restored = wallet.Lifetime.Restored + refunded.Points,
            Expired = wallet.Lifetime.Expired + refunded.ExpiredAtOnce.Total(),
        },
    };

    private static Verdict Decide(
        PublishedProgrammes programmes, WalletState wallet, CommandEnvelope envelope, RefundSpend command, Thawed.Spend spend, MerchantBook merchants)
    {
        // What gives back a share was decided by its household.
        var objection = envelope.Key.IsShareBack ? null
            : spend.Hold?.Share is { } share ? new Refusal.ShareOfPool(share.Household, share.Spend)
            : merchants.TillObjection(spend.Merchant, command.Terminal);
        if (objection is not null)
        {
            return objection;
        }

        var requested = command.Points ?? spend.Left;
        var points = envelope.Historic ? Points.Min(requested, spend.Left) : requested;
        if (!points.IsPositive || points > spend.Left)
        {
            return new Refusal.RefundExceedsSpend(command.Of, spend.Spent, spend.Spent - spend.Left, requested);
        }

        var part = SettlementPart.Refund(programmes, merchants, envelope.At, spend, points) with { Terminal = command.Terminal, Cashier = command.Cashier };
        var (refunded, full) = Refund(programmes, wallet, envelope.At, spend, points, part);
        return full is not null ? full : Verdict.Accept(refunded, refersTo: spend.Sequence);
    }

    /// <summary>What a refund gives back, and why that cannot be taken in; null when it can.</summary>
    public static (SpendRefunded Refunded, Refusal? Full) Refund(
        PublishedProgrammes programmes, WalletState wallet, Instant at, Thawed.Spend spend, Points points, SettlementPart part)
    {
        // The last allocation comes back first: then spend(a), refund(r) leaves what spend(a − r) would have left.
        var programme = programmes.Find(spend.ProgrammeVersion)?.Programme;
        var repaid = Points.Min(wallet.Debt, points);
        var to = ImmutableArray.CreateBuilder<LotSlice>();
        var expired = ImmutableArray.CreateBuilder<LotPoints>();
        foreach (var slice in spend.Out.Reverse().TakePoints(points).SkipPoints(repaid))
        {
            var end = EndOf(programme, wallet, Idling.Current(programme, wallet, slice), at);
            if (end <= at)
            {
                expired.Add(new(slice.Lot, slice.Points));
            }
            else
            {
                to.Add(slice with { ExpiresAt = end });
            }
        }

        var back = to.ToImmutable();
        return (new(spend.Sequence, spend.Merchant, points, repaid, back, expired.ToImmutable(), part), wallet.Exceeded(back.Total()));
    }

    // The lot's own date, or a later one where that has passed, or where it leaves too little time for a warning that must come.
    private static Instant? EndOf(Programme? programme, WalletState wallet, LotSlice slice, Instant at)
    {
        var grace = slice.ExpiresAt <= at && programme is { RefundGraceDays: > 0 and var days } ? programme.DateOf(at).PlusDays(days) : null as LocalDate?;
        var last = programme is not null && LacksNotice(wallet, slice, at) ? programme.FirstWithNotice(slice.Warnings!.NoticeDays, at) : grace;
        return last is { } date ? programme!.EndOf(grace > date ? grace : date) : slice.ExpiresAt;
    }

    // A date that is over is forgotten, whether or not it was warned of.
    private static bool LacksNotice(WalletState wallet, LotSlice slice, Instant at) =>
        slice is { ExpiresAt: { } end, Warnings: { NoWarningNoExpiry: true } warnings }
        && end - at < Duration.FromDays(warnings.NoticeDays)
        && (end <= at || wallet.AwaitsWarning(slice));
}
