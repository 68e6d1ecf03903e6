using Ledger.Merchants;
using Ledger.Programmes;
using Ledger.Rewards;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>Bring a redemption one step further.</summary>
/// <param name="Redemption">Which.</param>
/// <param name="Step">How; cancelling is a command of its own.</param>
/// <param name="Slot">The appointment, where one is booked; null for other steps.</param>
/// <param name="Code">What was shown at the counter; null where an operator hands it over without, and for other steps.</param>
/// <param name="By">Who wants it, where that matters: an appointment.</param>
public sealed record FulfilRedemption(
    RedemptionId Redemption, RedemptionStep Step, Instant? Slot = null, string? Code = null, Party? By = null) : WalletCommand;

/// <summary>A redemption is one step further.</summary>
/// <param name="Of">The transaction that made it.</param>
/// <param name="Redemption">Which.</param>
/// <param name="To">Where it stands now.</param>
/// <param name="By">The client that said so.</param>
/// <param name="Slot">The appointment that was booked; null for other steps.</param>
public sealed record RedemptionMoved(long Of, RedemptionId Redemption, RedemptionStatus To, string By, Instant? Slot = null) : WalletEvent;

/// <summary>What can be done with a redemption.</summary>
public enum RedemptionStep
{
    /// <summary>The cash was paid.</summary>
    Pay,

    /// <summary>It can be picked up, or is on its way.</summary>
    Ready,

    /// <summary>An appointment is made, or moved.</summary>
    Book,

    /// <summary>It is picked up at the counter.</summary>
    PickUp,

    /// <summary>It is given, or has arrived.</summary>
    Deliver,

    /// <summary>The resident did not come.</summary>
    NoShow,

    /// <summary>It is cancelled.</summary>
    Cancel,
}

/// <summary>Handing rewards over.</summary>
public static class Fulfilling
{
    /// <summary>After so many wrong codes only an operator hands a reward over: a code must not be found by trying.</summary>
    public const int WrongCodesMax = 5;

    internal static Verdict Decide(
        PublishedProgrammes programmes, WalletState wallet, CommandEnvelope envelope, FulfilRedemption command, Thawed thawed, MerchantBook merchants)
    {
        if (wallet.FindRedemption(command.Redemption) is not { } redemption)
        {
            return NotOpen(command.Redemption, command.Step, thawed);
        }

        if (StatusAfter(redemption, command.Step) is not { } status)
        {
            return NotAllowed(redemption, command.Step);
        }

        var objection = command.Step switch
        {
            RedemptionStep.PickUp => Mismatch(redemption, command.Code),
            RedemptionStep.Book => TooLate(redemption, command.Slot, envelope.At) ?? Cancelling.WhyNotMove(redemption, command.By, envelope.At),
            RedemptionStep.NoShow => TooEarly(redemption, envelope.At),
            _ => null,
        };
        return objection is not null
            ? objection
            : Fulfil(programmes, wallet, envelope, command, merchants, redemption, status);
    }

    /// <summary>Why nothing can be done with a redemption that is not open.</summary>
    internal static Refusal NotOpen(RedemptionId id, RedemptionStep step, Thawed thawed) => thawed is Thawed.Redeemed { Ended: var ended }
        ? NotAllowed(ended, step)
        : new Refusal.UnknownRedemption(id);

    internal static WalletState Evolve(WalletState wallet, RedemptionMoved moved)
    {
        var redemption = wallet.FindRedemption(moved.Redemption)
            ?? throw new InvalidOperationException($"Redemption {moved.Redemption} is not open: the event does not belong to this state.");
        var after = redemption.After(moved, wallet.LastAt);
        return wallet with
        {
            OpenRedemptions = WalletState.OrNull(after.IsOpen ? wallet.Redemptions.Replace(redemption, after) : wallet.Redemptions.Remove(redemption)),
        };
    }

    /// <summary>A wrong code counts, although nothing else happened.</summary>
    internal static WalletState Evolve(WalletState wallet, CommandRefused refused) => wallet with
    {
        OpenRedemptions = WalletState.OrNull<Redemption>([.. wallet.Redemptions.Select(redemption => redemption.After(refused, wallet.LastAt))]),
    };

    // What was set aside is taken with the step that says that the cash was paid.
    private static Verdict Fulfil(
        PublishedProgrammes programmes,
        WalletState wallet,
        CommandEnvelope envelope,
        FulfilRedemption command,
        MerchantBook merchants,
        Redemption redemption,
        RedemptionStatus status)
    {
        var moved = new RedemptionMoved(redemption.Sequence, redemption.Id, status, envelope.Sender, command.Slot);
        return command.Step == RedemptionStep.Pay
            ? Verdict.Accept([Capturing.Whole(programmes, wallet.HoldOf(redemption.Sequence), envelope.At, merchants), moved], refersTo: redemption.Sequence)
            : Verdict.Accept(moved, refersTo: redemption.Sequence);
    }

    private static RedemptionStatus? StatusAfter(Redemption redemption, RedemptionStep step) => (step, redemption.Status, redemption.Made.Handover) switch
    {
        (RedemptionStep.Pay, RedemptionStatus.AwaitsPayment, _) => RedemptionStatus.Placed,
        (_, RedemptionStatus.AwaitsPayment, _) => null,
        (RedemptionStep.Ready, RedemptionStatus.Placed, Handover.PickUp or Handover.Delivery) => RedemptionStatus.Ready,
        (RedemptionStep.PickUp, _, Handover.PickUp) => RedemptionStatus.PickedUp,
        (RedemptionStep.Book, _, Handover.Appointment) => RedemptionStatus.Booked,
        (RedemptionStep.Deliver, _, Handover.Appointment or Handover.Delivery) => RedemptionStatus.Delivered,
        (RedemptionStep.NoShow, RedemptionStatus.Booked, _) => RedemptionStatus.NoShow,
        _ => null,
    };

    private static Refusal? Mismatch(Redemption redemption, string? code) => code is null || redemption.Made.Code is null ? null
        : redemption.WrongCodes >= WrongCodesMax ? new Refusal.PickupCodeLocked(redemption.Id, WrongCodesMax)
        : code == redemption.Made.Code ? null
        : new Refusal.WrongPickupCode(redemption.Id, WrongCodesMax - redemption.WrongCodes - 1);

    private static Refusal? TooLate(Redemption redemption, Instant? slot, Instant at) =>
        slot <= at ? NotAllowed(redemption, RedemptionStep.Book) with { Slot = slot } : null;

    private static Refusal? TooEarly(Redemption redemption, Instant at) =>
        at < redemption.Slot ? NotAllowed(redemption, RedemptionStep.NoShow) with { Slot = redemption.Slot } : null;

    private static Refusal.RedemptionStepNotAllowed NotAllowed(Redemption redemption, RedemptionStep step) =>
        new(redemption.Id, step, redemption.Status, redemption.ChangedAt, redemption.Made.Handover);
}
