using System.Diagnostics;

namespace Ledger.Wallets;

/// <summary>Which commands a wallet takes as it stands, whatever they ask for. docs/residents.md has the same table, with the reasons.</summary>
internal static class Admitting
{
    /// <summary>Why nothing leaves a wallet by an act of its resident; null when it may.</summary>
    public static Refusal? WhyShut(WalletState wallet) => Ended(wallet) ?? Frozen(wallet);

    /// <summary>Why a wallet takes no such command now; null when it does.</summary>
    /// <remarks>A hold that comes again under another key is no new one: it hears of the first.</remarks>
    public static Refusal? WhyNot(WalletState wallet, WalletCommand command, Thawed thawed)
    {
        var (whenFrozen, whenClosed) = Takes(command);
        return thawed is Thawed.Taken { Same: not null } ? null
            : (whenClosed ? null : Ended(wallet)) ?? (whenFrozen ? null : Frozen(wallet));
    }

    /// <summary>That nothing more begins in a wallet; null for one that is open.</summary>
    public static Refusal? Ended(WalletState wallet) =>
        wallet.Erased is { } erasure ? new Refusal.Erased(erasure.Since)
        : wallet.Closed is { } closure ? new Refusal.Closed(closure.Since)
        : null;

    private static Refusal.Frozen? Frozen(WalletState wallet) => wallet.Frozen is { } freeze ? new(freeze.Since) : null;

    // A freeze stops what leaves by an act of the resident, and gifts, whose giver had better have them back. A closed wallet takes what undoes or asks after what was, and no more.
    private static (bool WhenFrozen, bool WhenClosed) Takes(WalletCommand command) => command switch
    {
        SpendPoints or HoldPoints or RedeemReward or GivePoints or ReceiveGift or DonatePoints => (false, false),
        EarnPoints or ChooseExpiry or JoinHousehold or ConsentToPool or AdjustPoints or ApproveEntry or RejectEntry or CorrectPoints or FreezeWallet or UnfreezeWallet => (true, false),
        RefundSpend or ReverseEarning or CaptureHold or ReleaseHold or VoidHold or FulfilRedemption or CancelRedemption or EndGift or PutOffErrand
            or LeaveHousehold or ApplyDue or CloseWallet or EraseResident => (true, true),
        _ => throw new UnreachableException($"Command {command.GetType().Name} has no case."),
    };
}
