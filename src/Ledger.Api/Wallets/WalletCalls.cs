using System.Collections.Immutable;
using Ledger.Api.Problems;
using Ledger.Grains.Journal;
using Ledger.Grains.Wallets;
using Ledger.Transactions;
using Ledger.Wallets;

namespace Ledger.Api.Wallets;

/// <summary>
/// Sends commands to wallets. A stale activation, a lost answer, or a silo that went away, is asked again with the same command: it is done once.
/// </summary>
internal sealed class WalletCalls(IGrainFactory grains, IJournal journal, TimeProvider time, CallGate gate)
{
    /// <summary>
    /// How long a wallet is asked again whose silo is gone: longer than it takes to notice a killed one, and shorter than callers wait.
    /// </summary>
    public static readonly TimeSpan SiloPatience = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Sends one command.</summary>
    public Task<CommandResult> Send(CommandEnvelope envelope) => Ask(Of(envelope), envelope, static (wallet, one) => wallet.Send(one));

    /// <summary>Sends commands of one wallet in their order.</summary>
    public Task<ImmutableArray<CommandResult>> SendMany(ImmutableArray<CommandEnvelope> envelopes) =>
        Ask(Of(envelopes[0]), envelopes, static (wallet, many) => wallet.SendMany(many));

    /// <summary>What a command would do.</summary>
    public Task<CommandResult> Simulate(CommandEnvelope envelope, SimulatedProgramme? programme) =>
        Ask(Of(envelope), (envelope, programme), static (wallet, asked) => wallet.Simulate(asked.envelope, asked.programme));

    /// <summary>The committed state of a wallet.</summary>
    public Task<WalletReading> Read(CommunityId community, ResidentId resident) =>
        Ask(grains.GetWallet(community, resident), 0, static (wallet, _) => wallet.Read());

    /// <summary>The same where something of the resident is to be told.</summary>
    /// <exception cref="RequestRefusedException">The resident is erased.</exception>
    public async Task<WalletReading> ReadToTell(CommunityId community, ResidentId resident)
    {
        var reading = await Read(community, resident);
        return reading.State.Erased is { } erasure
            ? throw new RequestRefusedException(KnownProblems.Find("resident_erased")!, $"This resident was erased at {erasure.Since}.")
            : reading;
    }

    /// <summary>Records what has fallen due in a wallet by now.</summary>
    public Task<CommandResult> ApplyDue(CommunityId community, ResidentId resident) =>
        Ask(grains.GetWallet(community, resident), 0, static (wallet, _) => wallet.ApplyDue(null));

    /// <inheritdoc cref="KnownCommands.Knows"/>
    public Task<bool> IsKnown(CommandEnvelope envelope, CancellationToken cancellation) =>
        journal.Knows(StreamId.Of(envelope.Community, envelope.Resident), envelope.Key, envelope.Fingerprint(), cancellation);

    private async Task<TAnswer> Ask<TQuestion, TAnswer>(
        IWalletGrain wallet, TQuestion question, Func<IWalletGrain, TQuestion, Task<TAnswer>> ask)
    {
        using var call = gate.Enter();
        var begun = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await AskedAgain.Answer((ask, wallet, question), static asked => asked.ask(asked.wallet, asked.question));
            }
            catch (Exception gone) when (gone is OrleansMessageRejectionException or SiloUnavailableException && time.GetElapsedTime(begun) < SiloPatience)
            {
                // Until the others agree that the silo is dead, its wallets have no place to be.
                await Task.Delay(s_pause, time);
            }
        }
    }

    private IWalletGrain Of(CommandEnvelope envelope) => grains.GetWallet(envelope.Community, envelope.Resident);
}
