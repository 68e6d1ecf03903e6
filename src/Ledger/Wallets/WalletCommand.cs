using System.Text.Json.Serialization;
using Ledger.Json;
using Ledger.Transactions;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>What somebody wants done to a wallet. A closed set: each case lies in the file of its slice.</summary>
/// <remarks>
/// The JSON of a command is its canonical form and is fingerprinted for ever: names and discriminators never change,
/// new members are optional and absent when not used.
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "command")]
[JsonDerivedType(typeof(EarnPoints), "earn_points.v1")]
[JsonDerivedType(typeof(SpendPoints), "spend_points.v1")]
[JsonDerivedType(typeof(RefundSpend), "refund_spend.v1")]
[JsonDerivedType(typeof(ReverseEarning), "reverse_earning.v1")]
[JsonDerivedType(typeof(AdjustPoints), "adjust_points.v1")]
[JsonDerivedType(typeof(ApproveEntry), "approve_entry.v1")]
[JsonDerivedType(typeof(RejectEntry), "reject_entry.v1")]
[JsonDerivedType(typeof(CorrectPoints), "correct_points.v1")]
[JsonDerivedType(typeof(ApplyDue), "apply_due.v1")]
[JsonDerivedType(typeof(HoldPoints), "hold_points.v1")]
[JsonDerivedType(typeof(CaptureHold), "capture_hold.v1")]
[JsonDerivedType(typeof(ReleaseHold), "release_hold.v1")]
[JsonDerivedType(typeof(VoidHold), "void_hold.v1")]
[JsonDerivedType(typeof(RedeemReward), "redeem_reward.v1")]
[JsonDerivedType(typeof(FulfilRedemption), "fulfil_redemption.v1")]
[JsonDerivedType(typeof(CancelRedemption), "cancel_redemption.v1")]
[JsonDerivedType(typeof(GivePoints), "give_points.v1")]
[JsonDerivedType(typeof(ReceiveGift), "receive_gift.v1")]
[JsonDerivedType(typeof(EndGift), "end_gift.v1")]
[JsonDerivedType(typeof(PutOffErrand), "put_off_errand.v1")]
[JsonDerivedType(typeof(DonatePoints), "donate_points.v1")]
[JsonDerivedType(typeof(ChooseExpiry), "choose_expiry.v1")]
[JsonDerivedType(typeof(JoinHousehold), "join_household.v1")]
[JsonDerivedType(typeof(LeaveHousehold), "leave_household.v1")]
[JsonDerivedType(typeof(ConsentToPool), "consent_to_pool.v1")]
[JsonDerivedType(typeof(FreezeWallet), "freeze_wallet.v1")]
[JsonDerivedType(typeof(UnfreezeWallet), "unfreeze_wallet.v1")]
[JsonDerivedType(typeof(CloseWallet), "close_wallet.v1")]
[JsonDerivedType(typeof(EraseResident), "erase_resident.v1")]
public abstract record WalletCommand
{
    private protected WalletCommand()
    {
    }
}

/// <summary>A command with its key, its wallet and its time.</summary>
public sealed record CommandEnvelope
{
    /// <summary>The tenant.</summary>
    public required CommunityId Community { get; init; }

    /// <summary>Whose wallet.</summary>
    public required ResidentId Resident { get; init; }

    /// <summary>What makes it one command, for ever.</summary>
    public required CommandKey Key { get; init; }

    /// <summary>What is wanted.</summary>
    public required WalletCommand Command { get; init; }

    /// <summary>The time it counts from. The grain sets it; a <see cref="Historic"/> command brings its own.</summary>
    public Instant At { get; init; }

    /// <summary>
    /// True for the import of history: <see cref="At"/> is the event's own time, bounds on lateness do not apply, and
    /// what asks for too much is cut to what is there. Default: false.
    /// </summary>
    public bool Historic { get; init; }

    /// <summary>Erasable text that goes with the command; null for none.</summary>
    public Note? Note { get; init; }

    /// <summary>
    /// The first instant at which the command's paycode no longer counts; null where it has none, and for one that ended so long ago that nobody knows
    /// any more. Not part of what was asked, so that a hold can be sent again when its code is forgotten.
    /// </summary>
    public Instant? PaycodeUntil { get; init; }

    /// <summary>The client that sent it, where the key does not tell; null where it does. Not part of what was asked, as the key is not.</summary>
    public string? Client { get; init; }

    /// <summary>
    /// Six random digits that a reward is picked up with, if it is; null for other commands. Not part of what was asked: the first one stands.
    /// </summary>
    public string? PickupCode { get; init; }

    /// <summary>Whether what is redeemed is kept for it in the reward's stock. Not part of what was asked: the catalogue says so, and may change.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool FromStock { get; init; }

    /// <summary>Who sent it: a client, or one of the sources of <see cref="CommandKey"/>.</summary>
    [JsonIgnore]
    public string Sender => Client ?? Key.ClientName ?? Key.Source;

    /// <summary>The key's index hash.</summary>
    /// <remarks>
    /// Computed each time: a remembered one would travel along with another key in <c>with</c>, count in equality, and be read half
    /// written by another thread, for an envelope is passed by reference.
    /// </remarks>
    [JsonIgnore]
    public KeyHash KeyHash => Key.HashIn(Community);

    /// <summary>
    /// SHA-256 over the resident and the canonical command: what was asked, however it travelled and whenever it arrived.
    /// A note is not part of it, for its text may be erased.
    /// </summary>
    public ReadOnlyMemory<byte> Fingerprint() => LedgerJson.FingerprintOf(Resident, Command);
}

/// <summary>Free text such as a reason. It is kept beside the journal and may be erased; events hold <see cref="Digest"/>.</summary>
/// <param name="Text">A reason of 1 to 500 characters, or references to evidence, one per line.</param>
/// <param name="Salt">Sixteen random bytes, so that a digest cannot be guessed from likely texts.</param>
public sealed record Note(string Text, ReadOnlyMemory<byte> Salt)
{
    /// <summary>SHA-256 over salt and text, in lower-case hexadecimal.</summary>
    public string Digest() => LedgerJson.DigestOf(Salt.Span, Text);
}
