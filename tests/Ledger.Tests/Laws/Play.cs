using Ledger.Json;
using Ledger.Programmes;
using Ledger.Tests.Sequences;
using Ledger.Transactions;
using Ledger.Wallets;

namespace Ledger.Tests.Laws;

/// <summary>Plays sequences and compares states.</summary>
internal static class Play
{
    /// <summary>The wallet after a whole sequence.</summary>
    public static RecordedWallet All(Sequence sequence) => Steps(sequence, (_, _, _, _) => { });

    /// <summary>Plays a sequence and shows every step: the state before, the command, the decision, the wallet after.</summary>
    public static RecordedWallet Steps(Sequence sequence, Action<WalletState, CommandEnvelope, Decision, RecordedWallet> seen)
    {
        var wallet = new RecordedWallet(new PublishedProgrammes(sequence.Setup.Versions));
        var player = new Player(sequence.Setup, wallet);
        foreach (var step in sequence.Steps)
        {
            var before = wallet.State;
            var envelope = player.Envelope(step);
            seen(before, envelope, wallet.Send(envelope), wallet);
        }

        return wallet;
    }

    /// <summary>A state as the text that is stored: two states are equal when these are.</summary>
    public static string Text(WalletState state) => System.Text.Json.JsonSerializer.Serialize(state, LedgerJson.Default.WalletState);

    /// <summary>The same where nothing waits for a warning.</summary>
    public static Sequence Courteous(Sequence sequence) => sequence.With(programme => programme with
    {
        Warnings = programme.Warnings is { } warnings ? warnings with { NoWarningNoExpiry = false } : null,
    });

    /// <summary>What a resident could tell apart: all but the count of transactions, when the last one was, and the sums over a life.</summary>
    public static string Standing(WalletState state) => Text(state with
    {
        Warnings = Alive(state),
        Sequence = 0,
        LastAt = default,
        Recent = RecentCommands.Empty,
        Lifetime = default,
    });

    // Warnings of dates that have no points any more are dropped when their turn comes, which nobody can tell.
    private static WarningSchedule? Alive(WalletState state)
    {
        var dead = state.Warnings?.Ahead.Where(warning => !state.Lots.Any(lot => lot.ExpiresAt == warning.ExpiresAt)) ?? [];
        var alive = state.Warnings is { } warnings ? warnings with { Ahead = warnings.Ahead.Except(dead) } : null;
        return alive is { Ahead.IsEmpty: true, Given: null } ? null : alive;
    }

    /// <summary>A second wallet with the same past.</summary>
    public static RecordedWallet Copy(RecordedWallet wallet)
    {
        var copy = new RecordedWallet(wallet.Programmes);
        copy.Take(wallet.Journal);
        return copy;
    }

    /// <summary>The state that a journal tells.</summary>
    public static WalletState Replay(IEnumerable<Transaction> journal, WalletState? from = null) =>
        journal.Aggregate(from ?? WalletState.Empty, Wallet.Evolve);
}
