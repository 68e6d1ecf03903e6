using System.Text.Json.Serialization;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>What still has to be done in other streams because of a transaction of this wallet. A closed set.</summary>
/// <remarks>
/// Committed with the transaction that brings it, so that it is never forgotten. Nothing of it happens when a wallet is read: whoever does it
/// stands outside, takes each step by a command with a key of its own, and tells the wallet at the end.
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "errand")]
[JsonDerivedType(typeof(GiftUnderWay), "gift")]
public abstract record Errand
{
    private protected Errand()
    {
    }

    /// <summary>The transaction that brought it. Each brings at most one.</summary>
    public required long Of { get; init; }

    /// <summary>When it is to be done, or tried again.</summary>
    public required Instant DueAt { get; init; }

    /// <summary>How often it was tried in vain.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Tries { get; init; }
}

/// <summary>Try an errand later, for it could not be done now.</summary>
/// <param name="Of">The transaction that brought it.</param>
/// <param name="Tries">How often it was tried in vain before: whoever is late with this changes nothing.</param>
public sealed record PutOffErrand(long Of, int Tries) : WalletCommand;

/// <summary>An errand could not be done and is tried later.</summary>
/// <param name="Of">The transaction that brought it.</param>
/// <param name="Until">When it is tried again.</param>
public sealed record ErrandPutOff(long Of, Instant Until) : WalletEvent;

internal static class Errands
{
    /// <summary>Errands that a wallet may have at once, so that its state stays bounded.</summary>
    public const int ErrandsMax = 100;

    // One minute, then twice as long each time, so that one that never succeeds does not eat the sweeps.
    private const int DoublingsMax = 8;

    private static readonly Duration s_firstPause = Duration.FromMinutes(1);

    /// <summary>Why a wallet takes no further errand; null when it does.</summary>
    public static Refusal? Full(WalletState wallet) => wallet.Errands.Length >= ErrandsMax ? new Refusal.TooManyErrands(ErrandsMax) : null;

    public static Verdict Decide(WalletState wallet, CommandEnvelope envelope, PutOffErrand command) =>
        wallet.FindErrand(command.Of) is { } errand && errand.Tries == command.Tries
            ? Verdict.Accept(new ErrandPutOff(errand.Of, envelope.At + (s_firstPause * (1 << int.Min(errand.Tries, DoublingsMax)))))
            : Verdict.Nothing;

    public static WalletState Evolve(WalletState wallet, ErrandPutOff putOff)
    {
        var errand = wallet.ErrandOf(putOff.Of);
        return With(Without(wallet, errand), errand with { DueAt = putOff.Until, Tries = errand.Tries + 1 });
    }

    /// <summary>With a further errand, first to be due first.</summary>
    public static WalletState With(WalletState wallet, Errand errand) =>
        wallet with { OpenErrands = wallet.Errands.InsertInOrder(errand, static other => other.DueAt) };

    /// <summary>Without an errand that is done.</summary>
    public static WalletState Without(WalletState wallet, Errand errand) =>
        wallet with { OpenErrands = WalletState.OrNull(wallet.Errands.Remove(errand)) };
}
