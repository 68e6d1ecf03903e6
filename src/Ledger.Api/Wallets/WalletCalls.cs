using System.Collections.Immutable;
using System.Diagnostics;
using Ledger.Grains.Journal;
using Ledger.Grains.Wallets;
using Ledger.Transactions;
using Ledger.Wallets;

namespace Ledger.Api.Wallets;

/// <summary>Sends commands to wallets. A stale activation, or a lost answer, is asked again with the same command: it is done once.</summary>
internal sealed class WalletCalls(IGrainFactory grains, IJournal journal)
{
    private const int SendsMax = 3;

    public async Task<CommandResult> Send(CommandEnvelope envelope)
    {
        var wallet = Of(envelope);
        for (var sends = 1; ; sends++)
        {
            try
            {
                return await wallet.Send(envelope);
            }
            catch (JournalException failure) when (sends < SendsMax && IsWorthAsking(failure))
            {
                // The same command again: the winner, or the journal, answers it.
            }
        }
    }

    /// <summary>Sends commands of one wallet in their order.</summary>
    public async Task<ImmutableArray<CommandResult>> SendMany(ImmutableArray<CommandEnvelope> envelopes)
    {
        var wallet = Of(envelopes[0]);
        for (var sends = 1; ; sends++)
        {
            try
            {
                return await wallet.SendMany(envelopes);
            }
            catch (JournalException failure) when (sends < SendsMax && IsWorthAsking(failure))
            {
                // As above.
            }
        }
    }

    /// <summary>The committed state of a wallet.</summary>
    public async Task<WalletReading> Read(CommunityId community, ResidentId resident)
    {
        var wallet = grains.GetGrain<IWalletGrain>(WalletKey.Of(community, resident));
        for (var asks = 1; ; asks++)
        {
            try
            {
                return await wallet.Read();
            }
            catch (JournalFencedException) when (asks < SendsMax)
            {
                // The stale activation goes; the next one has read the journal.
            }
        }
    }

    /// <summary>
    /// Does the journal know exactly this command? Then it may be answered again, whatever the caller may do by now:
    /// what was acknowledged once stays acknowledged.
    /// </summary>
    public async Task<bool> IsKnown(CommandEnvelope envelope, CancellationToken cancellation) =>
        await journal.Find(envelope.Community, envelope.Key, cancellation) is { } row
        && row.Stream == StreamId.Of(envelope.Community, envelope.Resident)
        && row.Fingerprint.Span.SequenceEqual(envelope.Fingerprint().Span);

    private IWalletGrain Of(CommandEnvelope envelope) =>
        grains.GetGrain<IWalletGrain>(WalletKey.Of(envelope.Community, envelope.Resident));

    private static bool IsWorthAsking(JournalException failure) => failure switch
    {
        JournalFencedException or JournalOutcomeUnknownException => true,
        JournalBusyException or JournalUnavailableException or JournalLimitException => false,
        _ => throw new UnreachableException($"Failure {failure.GetType().Name} has no case."),
    };
}
