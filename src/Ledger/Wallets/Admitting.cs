using System.Diagnostics;

namespace Ledger.Wallets;

/// <summary>Which commands a wallet takes as it stands, whatever they ask for. docs/residents.md has the same table, with the reasons.</summary>
internal static class Admitting
{
    /// <summary>Why a wallet takes no such command now; null when it does.</summary>
    /// <remarks>A hold that comes again under another key is no new one: it hears of the first.</remarks>
    public static Refusal? WhyNot(WalletState wallet, WalletCommand command, Thawed thawed) =>
        wallet.Frozen is { } freeze && IsStopped(command) && thawed is not Thawed.Taken { Same: not null } ? new Refusal.Frozen(freeze.Since) : null;

    // What a freeze stops: points that leave by an act of the resident, and gifts, whose giver had better have them back. What was agreed
    // before, what else comes in and what operators do goes on.
    private static bool IsStopped(WalletCommand command) => command switch
    {
        SpendPoints or HoldPoints or GivePoints or ReceiveGift => true,
        EarnPoints or RefundSpend or ReverseEarning or CaptureHold or ReleaseHold or VoidHold => false,
        AdjustPoints or ApproveEntry or RejectEntry or CorrectPoints or ApplyDue or EndGift or PutOffErrand or FreezeWallet or UnfreezeWallet => false,
        _ => throw new UnreachableException($"Command {command.GetType().Name} has no case."),
    };
}
