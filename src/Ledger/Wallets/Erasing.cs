using System.Text.Json.Serialization;
using Ledger.Programmes;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>
/// Forget a person: the wallet is closed, if it is not, and with the transaction of this command everything personal is gone that the store holds
/// beside the journal. The books stay as they are, for they know the resident by an opaque id only.
/// </summary>
/// <param name="Fund">The fund that gets what is left in a wallet that is open; null: it counts as expired.</param>
/// <param name="ForgivesDebt">Is what the resident owes forgiven? Else a debt keeps the wallet open.</param>
public sealed record EraseResident(
    FundId? Fund, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool ForgivesDebt) : WalletCommand;

/// <summary>A resident was erased. The id is never used again.</summary>
/// <param name="By">Who did it: a client.</param>
public sealed record ResidentErased(string By) : WalletEvent;

/// <summary>That a resident is erased.</summary>
/// <param name="Since">Since when.</param>
/// <param name="By">Who did it: a client.</param>
public sealed record Erasure(Instant Since, string By);

internal static class Erasing
{
    public static Verdict Decide(PublishedProgrammes programmes, WalletState wallet, CommandEnvelope envelope, EraseResident command)
    {
        if (wallet.Erased is not null)
        {
            return Verdict.Nothing;
        }

        var closing = wallet.Closed is null ? Closing.Close(programmes, wallet, envelope, command.Fund, command.ForgivesDebt) : Verdict.Nothing;
        return closing.Refusal is null ? Verdict.Accept([.. closing.Events, new ResidentErased(envelope.Sender)]) : closing;
    }

    public static WalletState Evolve(WalletState wallet, ResidentErased erased) => wallet with { Erased = new(wallet.LastAt, erased.By) };
}
