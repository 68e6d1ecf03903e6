using Ledger.Programmes;

namespace Ledger.Wallets;

/// <summary>Choose where the resident's points go when they expire.</summary>
/// <param name="Fund">A fund that the programme names; null for nowhere, which is so until something is chosen.</param>
public sealed record ChooseExpiry(FundId? Fund) : WalletCommand;

/// <summary>The resident chose where points go that expire from now on.</summary>
/// <param name="Fund">The fund; null for nowhere.</param>
public sealed record ExpiryChosen(FundId? Fund) : WalletEvent;

internal static class ChoosingExpiry
{
    public static Verdict Decide(PublishedProgrammes programmes, CommandEnvelope envelope, ChooseExpiry command) =>
        // Recorded also where it is so already: a repeat that comes late must not undo a later choice.
        command.Fund is { } fund && Donating.WhyNot(programmes, envelope, fund) is { } refusal
            ? refusal
            : Verdict.Accept(new ExpiryChosen(command.Fund));

    public static WalletState Evolve(WalletState wallet, ExpiryChosen chosen) => wallet with { ExpiryFund = chosen.Fund };
}
