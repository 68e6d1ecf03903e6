using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Ledger.Wallets;

/// <summary>Take in a gift, whole or not at all.</summary>
/// <param name="From">Who gave it.</param>
/// <param name="Gift">The giver's transaction.</param>
/// <param name="Lots">The giver's lots that its points lay in, in consumption order.</param>
/// <param name="Household">The household that it must not leave; null where it may go to anybody.</param>
public sealed record ReceiveGift(ResidentId From, long Gift, ImmutableArray<LotSlice> Lots, HouseholdId? Household = null) : WalletCommand;

/// <summary>A gift arrived.</summary>
/// <param name="From">Who gave it.</param>
/// <param name="Gift">The giver's transaction.</param>
/// <param name="Points">How many points.</param>
/// <param name="Lots">Its points in lots of this wallet that were earned and expire as those of the giver, and that no act of the receiver extends.</param>
/// <param name="Repaid">The giver's lots whose points repaid a debt instead; null for none.</param>
public sealed record GiftReceived(
    ResidentId From,
    long Gift,
    Points Points,
    ImmutableArray<LotSlice> Lots,
    ImmutableArray<LotSlice>? Repaid = null) : WalletEvent
{
    /// <summary>The part that repaid a debt.</summary>
    [JsonIgnore]
    public Points DebtRepaid => Repaid?.Total() ?? Points.Zero;
}

internal static class Receiving
{
    public static Verdict Decide(WalletState wallet, CommandEnvelope envelope, ReceiveGift command)
    {
        if (command.Household is { } household && wallet.Membership?.Household != household)
        {
            return new Refusal.GiftOutsideHousehold(envelope.Resident, household);
        }

        var points = command.Lots.Total();
        var expired = command.Lots.Where(slice => slice.ExpiresAt <= envelope.At).ToImmutableArray().Total();
        if (expired.IsPositive)
        {
            return new Refusal.GiftExpired(expired, points);
        }

        // First to expire pays a debt, so that the resident loses least.
        var repaid = Points.Min(wallet.Debt, points);
        if ((wallet.Exceeded(points - repaid) as Refusal ?? LifetimeTotals.Exceeded(LifetimeSum.Received, wallet.Lifetime.Received, points)) is { } limit)
        {
            return limit;
        }

        var sequence = wallet.Sequence + 1;
        return Verdict.Accept(new GiftReceived(
            command.From,
            command.Gift,
            points,
            [.. command.Lots.SkipPoints(repaid).Select((slice, i) => slice with { Lot = new(sequence, i), Idle = null })],
            WalletState.OrNull([.. command.Lots.TakePoints(repaid)])));
    }

    public static WalletState Evolve(WalletState wallet, GiftReceived received) => wallet.Add(received.Lots, wallet.LastAt) with
    {
        Debt = wallet.Debt - received.DebtRepaid,
        Lifetime = wallet.Lifetime with { Received = wallet.Lifetime.Received + received.Points },
    };
}
