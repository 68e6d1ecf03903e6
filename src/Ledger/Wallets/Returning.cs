using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Ledger.Wallets;

/// <summary>How a gift ended.</summary>
public enum GiftEnd
{
    /// <summary>It arrived.</summary>
    Delivered,

    /// <summary>The wallet that it was for could not take it in.</summary>
    Refused,

    /// <summary>The giver took it back before it was delivered.</summary>
    TakenBack,

    /// <summary>The wallet that it was for did not answer for too long.</summary>
    Undeliverable,
}

/// <summary>End a gift that is under way. Nothing happens where it has ended already.</summary>
/// <param name="Gift">The transaction that gave it.</param>
/// <param name="How">How it ends.</param>
/// <param name="Why">The code of the refusal, where the receiver's wallet refused it; null for others.</param>
public sealed record EndGift(long Gift, GiftEnd How, string? Why = null) : WalletCommand;

/// <summary>A gift arrived at its receiver.</summary>
/// <param name="Of">The transaction that gave it.</param>
/// <param name="To">Who got it.</param>
/// <param name="Points">How many points.</param>
public sealed record GiftDelivered(long Of, ResidentId To, Points Points) : WalletEvent;

/// <summary>A gift came back to the lots that it came from, last allocation first.</summary>
/// <param name="Of">The transaction that gave it.</param>
/// <param name="To">Who did not get it.</param>
/// <param name="How">Why it came back.</param>
/// <param name="Why">The code of the receiver's refusal; null where nobody refused.</param>
/// <param name="DebtRepaid">The part that repaid a debt.</param>
/// <param name="Back">The lots that took points.</param>
/// <param name="ExpiredAtOnce">Points whose lot had expired meanwhile: back and gone in one transaction.</param>
public sealed record GiftReturned(
    long Of,
    ResidentId To,
    GiftEnd How,
    string? Why,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Points DebtRepaid,
    ImmutableArray<LotSlice> Back,
    ImmutableArray<LotPoints> ExpiredAtOnce) : WalletEvent
{
    /// <summary>Points that came back, whatever became of them.</summary>
    [JsonIgnore]
    public Points Points => DebtRepaid + Back.Total() + ExpiredAtOnce.Total();
}

internal static class Returning
{
    public static Verdict Decide(WalletState wallet, CommandEnvelope envelope, EndGift command)
    {
        if (wallet.FindErrand(command.Gift) is not GiftUnderWay gift)
        {
            return Verdict.Nothing;
        }

        if (command.How == GiftEnd.Delivered)
        {
            return Verdict.Accept(new GiftDelivered(gift.Of, gift.To, gift.Points), refersTo: gift.Of);
        }

        var (repaid, back, expired) = Releasing.Back(wallet, gift.Lots.Reverse(), envelope.At);
        return Verdict.Accept(new GiftReturned(gift.Of, gift.To, command.How, command.Why, repaid.Total(), back, expired), refersTo: gift.Of);
    }

    public static WalletState Evolve(WalletState wallet, GiftDelivered delivered) => Errands.Without(wallet, wallet.ErrandOf(delivered.Of));

    public static WalletState Evolve(WalletState wallet, GiftReturned returned)
    {
        var sums = wallet.Lifetime;
        return Errands.Without(wallet.Restore(returned.Back, wallet.LastAt), wallet.ErrandOf(returned.Of)) with
        {
            Debt = wallet.Debt - returned.DebtRepaid,
            Lifetime = sums with { Sent = sums.Sent - returned.Points, Expired = sums.Expired + returned.ExpiredAtOnce.Total() },
        };
    }
}
