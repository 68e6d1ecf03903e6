using System.Diagnostics;
using Ledger.Grains.Journal;
using Ledger.Grains.Wallets;
using Ledger.Transactions;
using Ledger.Wallets;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Ledger.Grains.Errands;

/// <summary>Does what wallets still have to have done in other streams.</summary>
/// <remarks>
/// Stands outside the grains, for no grain that owns a stream of the journal calls another one: two that did would wait for each other for ever.
/// The request that made an errand does it at once, the sweeper does what is left. Each step is one command with a key of its own, so that a step
/// taken twice is taken once; the last one tells the wallet that had the errand. What fails is tried later, each time after a longer pause.
/// </remarks>
public sealed partial class ErrandDriver(IGrainFactory grains, IJournal journal, ILogger<ErrandDriver> logger)
{
    /// <summary>Does the errands of a wallet that are due.</summary>
    /// <returns>How many were done.</returns>
    /// <exception cref="JournalException">An errand failed and could not even be put off: it is still due.</exception>
    public async Task<int> Do(CommunityId community, ResidentId resident)
    {
        var reading = await grains.GetWallet(community, resident).Read();
        var now = Instant.Max(reading.AsOf, reading.State.LastAt);
        var done = 0;
        foreach (var errand in reading.State.Errands.TakeWhile(errand => errand.DueAt <= now))
        {
            done += await TryDo(StreamId.Of(community, resident), errand, now) ? 1 : 0;
        }

        return done;
    }

    private async Task<bool> TryDo(StreamId stream, Errand errand, Instant now)
    {
        try
        {
            await Do(stream, errand, now);
            return true;
        }
#pragma warning disable CA1031 // Whatever is wrong with one errand must not cost the others their turn.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            PutOff(logger, failure.GetType().Name);
            var resident = stream.Resident!.Value;
            await grains.GetWallet(stream.Community, resident).Send(new()
            {
                Community = stream.Community,
                Resident = resident,
                Key = CommandKey.Errand(resident, errand.Of, errand.Tries),
                Command = new PutOffErrand(errand.Of, errand.Tries),
            });
            return false;
        }
    }

    private Task Do(StreamId stream, Errand errand, Instant now) => errand switch
    {
        GiftUnderWay gift => new GiftDelivery(grains, journal, stream.Community, stream.Resident!.Value, gift).Do(now),
        _ => throw new UnreachableException($"Errand {errand.GetType().Name} has no case."),
    };

    // Kinds only: what an exception says may name a resident.
    [LoggerMessage(Level = LogLevel.Warning, Message = "An errand of a wallet could not be done and is tried later. {Error}")]
    private static partial void PutOff(ILogger logger, string error);
}
