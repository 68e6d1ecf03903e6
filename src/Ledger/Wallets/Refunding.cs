using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ledger.Programmes;
using Ledger.Transactions;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>Give back points of a spend, all that is left or a part.</summary>
/// <param name="Of">The spend's command.</param>
/// <param name="Points">How many, 1 to 2^53−1; null for all that is left.</param>
public sealed record RefundSpend(CommandKey Of, Points? Points) : WalletCommand;

/// <summary>Points of a spend came back to the lots that paid it, last allocation first.</summary>
/// <param name="Of">The spend's transaction.</param>
/// <param name="Merchant">Who gave them back.</param>
/// <param name="Points">How many in all.</param>
/// <param name="DebtRepaid">The part that repaid a debt.</param>
/// <param name="To">The lots that took points.</param>
/// <param name="ExpiredAtOnce">Points whose lot had expired meanwhile: back and gone in one transaction.</param>
public sealed record SpendRefunded(
    long Of,
    MerchantId Merchant,
    Points Points,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Points DebtRepaid,
    ImmutableArray<LotSlice> To,
    ImmutableArray<LotPoints> ExpiredAtOnce) : WalletEvent;

internal static class Refunding
{
    public static Verdict Decide(
        PublishedProgrammes programmes, WalletState wallet, CommandEnvelope envelope, RefundSpend command, Thawed thawed) => thawed switch
        {
            Thawed.Nothing or Thawed.Elsewhere => new Refusal.UnknownTransaction(command.Of),
            Thawed.Spend spend => Decide(programmes, wallet, envelope, command, spend),
            Thawed.Held held => Decide(programmes, wallet, envelope, command, held.Redemption),
            _ => new Refusal.NotASpend(command.Of),
        };

    public static WalletState Evolve(WalletState wallet, SpendRefunded refunded) => wallet with
    {
        Lots = wallet.Lots.Restore(refunded.To),
        Debt = wallet.Debt - refunded.DebtRepaid,
        Lifetime = wallet.Lifetime with
        {
            Restored = wallet.Lifetime.Restored + refunded.Points,
            Expired = wallet.Lifetime.Expired + refunded.ExpiredAtOnce.Total(),
        },
    };

    private static Verdict Decide(
        PublishedProgrammes programmes, WalletState wallet, CommandEnvelope envelope, RefundSpend command, Thawed.Spend spend)
    {
        var requested = command.Points ?? spend.Left;
        var points = envelope.Historic ? Points.Min(requested, spend.Left) : requested;
        if (!points.IsPositive || points > spend.Left)
        {
            return new Refusal.RefundExceedsSpend(command.Of, spend.Spent, spend.Spent - spend.Left, requested);
        }

        var (refunded, full) = Refund(programmes, wallet, envelope.At, spend, points);
        return full ?? Verdict.Accept(refunded, refersTo: spend.Sequence);
    }

    /// <summary>What a refund gives back, and why that cannot be taken in; null when it can.</summary>
    public static (SpendRefunded Refunded, Verdict? Full) Refund(
        PublishedProgrammes programmes, WalletState wallet, Instant at, Thawed.Spend spend, Points points)
    {
        // The last allocation comes back first: then spend(a), refund(r) leaves what spend(a − r) would have left.
        var programme = programmes.Find(spend.ProgrammeVersion)?.Programme;
        var graceEnd = programme is { RefundGraceDays: > 0 and var days } ? programme.EndOf(programme.DateOf(at).PlusDays(days)) : null as Instant?;
        var repaid = Points.Min(wallet.Debt, points);
        var (to, expired) = spend.Out.Reverse().TakePoints(points).SkipPoints(repaid).Returned(at, graceEnd);
        var refunded = new SpendRefunded(spend.Sequence, spend.Merchant, points, repaid, to, expired);
        return (refunded, wallet.Exceeded(to.Total()) is { } full ? full : null as Verdict?);
    }
}
