using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Serialization;
using Ledger.Merchants;
using Ledger.Paycodes;
using Ledger.Programmes;
using Ledger.Transactions;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>Set points aside for a merchant, until they are taken or given back.</summary>
/// <param name="Reference">The merchant's own name for the sale. It stands for this hold for ever, also where it is refused.</param>
/// <param name="Points">How many; 1 to 2^53−1.</param>
/// <param name="Minutes">After so many minutes what was not taken is given back by itself; 1 to <see cref="Holding.MinutesMax"/>. Never renewed.</param>
/// <param name="Terminal">The till; null when it is not said.</param>
/// <param name="Cashier">Who served; null when it is not said.</param>
/// <param name="Cash">What is paid for the sale beside the points, in minor units of money that we never move; null where nothing is said.</param>
/// <param name="Paycode">The code that the resident showed; null where an app names the resident. <see cref="CommandEnvelope.PaycodeUntil"/> says until when it counts.</param>
/// <param name="Share">The share of a pooled spend that it is; then the reference stands for that spend, and not for the hold. Null for a sale of its own.</param>
public sealed record HoldPoints(
    MerchantReference Reference,
    Points Points,
    int Minutes,
    string? Terminal = null,
    string? Cashier = null,
    long? Cash = null,
    PaycodeDigest? Paycode = null,
    PoolShare? Share = null) : WalletCommand;

/// <summary>Points were set aside for a merchant.</summary>
/// <param name="Reference">The merchant's own name for the sale.</param>
/// <param name="Points">How many.</param>
/// <param name="From">The lots that they lie in, in consumption order.</param>
/// <param name="Until">The first instant at which they can no longer be taken.</param>
/// <param name="ProgrammeVersion">The version in force; its policies decide a refund of what is taken. 0 when none was.</param>
/// <param name="Terminal">The till; null when it was not said.</param>
/// <param name="Cashier">Who served; null when it was not said.</param>
/// <param name="Cash">What is paid for the sale beside the points, in minor units; null where nothing was said.</param>
/// <param name="Paycode">The code that was used up by it; null where there was none.</param>
/// <param name="Share">The share of a pooled spend that it is; null for a sale of its own.</param>
public sealed record PointsHeld(
    MerchantReference Reference,
    Points Points,
    ImmutableArray<LotSlice> From,
    Instant Until,
    int ProgrammeVersion,
    string? Terminal = null,
    string? Cashier = null,
    long? Cash = null,
    PaycodeUse? Paycode = null,
    PoolShare? Share = null) : WalletEvent;

/// <summary>A hold came again under another key, which stands for that hold from then on. Nothing moved.</summary>
/// <param name="Of">The hold's transaction.</param>
/// <param name="Reference">The merchant's own name for the sale.</param>
/// <param name="Points">How many points the hold set aside.</param>
/// <param name="Until">The first instant at which they could no longer be taken.</param>
public sealed record HoldRepeated(long Of, MerchantReference Reference, Points Points, Instant Until) : WalletEvent;

/// <summary>A hold that has not ended.</summary>
/// <param name="Reference">The merchant's own name for the sale.</param>
/// <param name="Sequence">The transaction that made it.</param>
/// <param name="Until">The first instant at which it can no longer be captured.</param>
/// <param name="Captured">Points taken so far.</param>
/// <param name="Lots">What is still held, in the order in which it is taken; never empty.</param>
/// <param name="Terminal">The till that it came from; null when it was not said.</param>
/// <param name="Cashier">Who served; null when it was not said.</param>
/// <param name="Rate">What points are worth in this sale, pinned by the first capture; null before it, and where nothing was agreed.</param>
/// <param name="Refunded">Points that came back of those taken.</param>
/// <param name="Share">The share of a pooled spend that it is; null for a sale of its own.</param>
public sealed record Hold(
    MerchantReference Reference,
    long Sequence,
    Instant Until,
    Points Captured,
    ImmutableArray<LotSlice> Lots,
    string? Terminal = null,
    string? Cashier = null,
    MoneyRate? Rate = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Points Refunded = default,
    PoolShare? Share = null)
{
    /// <summary>Points still held.</summary>
    [JsonIgnore]
    public Points Points => Lots.Total();
}

/// <summary>Setting points aside.</summary>
public static class Holding
{
    /// <summary>The longest time limit, 72 hours.</summary>
    public const int MinutesMax = 72 * 60;

    /// <summary>Holds that a wallet may have at once, so that a confused till cannot make it grow without bound.</summary>
    internal const int HoldsMax = 100;

    internal static Verdict Decide(
        PublishedProgrammes programmes, WalletState wallet, CommandEnvelope envelope, HoldPoints command, Thawed thawed, MerchantBook merchants)
    {
        if (thawed is Thawed.Taken taken)
        {
            return taken.Same is { } same ? Again(same)
                : taken.Points is { } points
                ? new Refusal.ReferenceReused(command.Reference, points, taken.At)
                : new Refusal.ReferenceVoided(command.Reference, taken.At);
        }

        if ((Pooling.WhyNotOf(wallet, command.Share) ?? merchants.SellingObjection(command.Reference.Merchant, command.Terminal)) is { } objection)
        {
            return objection;
        }

        if (command.Paycode is { } code && Unusable(wallet, envelope, code) is { } unusable)
        {
            return unusable;
        }

        if (wallet.Holds.Length >= HoldsMax)
        {
            return new Refusal.TooManyHolds(HoldsMax);
        }

        var share = Pooling.Counted(programmes, wallet, command.Share, envelope.At);
        if ((Pooling.Exceeded(wallet, share, command.Points) ?? wallet.WhyNotSpend(command.Points)) is { } lacking)
        {
            return lacking;
        }

        var version = programmes.InForceAt(envelope.At)?.Version ?? 0;
        return Verdict.Accept(new PointsHeld(
            command.Reference,
            command.Points,
            wallet.Lots.Allocate(command.Points),
            envelope.At + Duration.FromMinutes(command.Minutes),
            version,
            command.Terminal,
            command.Cashier,
            command.Cash,
            command.Paycode is { } used ? new(used, envelope.PaycodeUntil!.Value) : null,
            share));
    }

    // Only a hold that is made uses a code up: after a refusal the resident can pay less, or elsewhere, with the same one.
    private static Refusal? Unusable(WalletState wallet, CommandEnvelope envelope, PaycodeDigest code) =>
        !(envelope.PaycodeUntil > envelope.At) ? new Refusal.PaycodeExpired(envelope.PaycodeUntil)
        : wallet.UseOf(code) is { } use ? new Refusal.PaycodeUsed(use.At)
        : null;

    // A till that lost its answer gets it. Its other key is recorded too: a key has one outcome for ever, also for other content.
    private static Verdict Again(Transaction first) => first.Events is [.., PointsHeld held]
        ? Verdict.Accept(new HoldRepeated(first.Sequence, held.Reference, held.Points, held.Until), refersTo: first.Sequence)
        : first.Refusal ?? throw new UnreachableException("What stands for a hold is the hold or its refusal.");

    internal static WalletState Evolve(WalletState wallet, PointsHeld held)
    {
        var hold = new Hold(held.Reference, wallet.Sequence + 1, held.Until, Points.Zero, held.From, held.Terminal, held.Cashier, Share: held.Share);
        return wallet with
        {
            Lots = wallet.Lots.TakeAll(held.From),
            LiveHolds = wallet.Holds.InsertInOrder(hold, static other => other.Until),
            UsedPaycodes = held.Paycode is { } code ? Remember(wallet, code) : wallet.UsedPaycodes,
            Membership = Pooling.Count(wallet, held.Share, hold.Sequence, held.Points),
        };
    }

    // Until it ends by itself: afterwards it is expired. A resident has few codes at a time, so few are remembered.
    private static ImmutableArray<UsedPaycode> Remember(WalletState wallet, PaycodeUse code) => wallet.UseOf(code.Digest) is null
        ? [.. (wallet.UsedPaycodes ?? []).Where(used => used.Until > wallet.LastAt), new(code.Digest, code.Until, wallet.LastAt)]
        : throw new InvalidOperationException("The paycode was used before.");

    /// <summary>Why a command about a hold that is not live is refused.</summary>
    internal static Refusal Gone(MerchantReference reference, Thawed thawed) => thawed is Thawed.Held held
        ? new Refusal.HoldEnded(reference, held.End, held.EndedAt, held.Points, held.Redemption.Spent)
        : new Refusal.HoldNotFound(reference);
}
