using System.Collections.Immutable;
using Ledger.Grains.Journal;
using Ledger.Grains.Wallets;
using Ledger.Rewards;
using Ledger.Stocks;
using Ledger.Transactions;
using Ledger.Wallets;
using Microsoft.Extensions.Logging;

namespace Ledger.Grains.Stocks;

/// <summary>Brings a stock and the wallets that redeem of it together.</summary>
/// <remarks>
/// Stands outside the grains, as <see cref="Errands.ErrandDriver"/> does. Whoever redeems or cancels keeps first, in the stock, what it is about; whatever
/// becomes of him then, the stock's place among what is due brings the sweeper, which asks the journal what became of the redemption.
/// </remarks>
public sealed partial class StockDriver(IGrainFactory grains, IJournal journal, StockLevels levels, ILogger<StockDriver> logger)
{
    /// <summary>Sends a command to a stock. A stale activation, or a lost answer, is asked again with the same: it is done once.</summary>
    public async Task<StockResult> Send(CommunityId community, RewardId reward, StockCommand command, CommandKey? key = null)
    {
        var result = await AskedAgain.Answer((Stock: grains.GetStock(community, reward), command, key), static asked => asked.Stock.Do(asked.command, asked.key));
        if (result is StockResult.Recorded { Replayed: false } recorded)
        {
            levels.Hear(community, reward, new(recorded.Happened.After, recorded.Sequence));
        }

        return result is not StockResult.Full ? result : throw new JournalBusyException($"{Stock.ReservationsMax} redemptions of {reward} are under way.");
    }

    /// <summary>Settles what a wallet has just answered; what cannot be told now, the sweeper finds out.</summary>
    public async Task Settle(CommunityId community, RewardId reward, RedemptionId redemption, Transaction answered)
    {
        var fate = answered.Events is [.., RewardRedeemed { FromStock: true } made] && made.Redemption == redemption && made.Reward == reward
            ? made.Price.Cash is null ? RedemptionFate.Open : RedemptionFate.Unknown
            : RedemptionFate.Back;
        var until = answered.Events.OfType<PointsHeld>().FirstOrDefault()?.Until;
        await Try(() => Send(community, reward, new SettleStock(redemption, fate, fate == RedemptionFate.Unknown ? until : null)));
    }

    /// <summary>Before a redemption is cancelled: its stock must come back, whatever becomes of whoever cancels.</summary>
    public Task Recall(CommunityId community, RewardRedeemed made) =>
        made.FromStock ? Send(community, made.Reward, new RecallStock(made.Redemption, made.Quantity)) : Task.CompletedTask;

    /// <summary>After something happened to a redemption: settles its stock, now if that works, else the sweeper does.</summary>
    public Task Settle(CommunityId community, RewardRedeemed made) =>
        made.FromStock ? Try(() => Look(community, made.Reward, made.Redemption)) : Task.CompletedTask;

    /// <summary>Finds out what became of everything that somebody has to look for in a stock.</summary>
    /// <returns>How many were looked for.</returns>
    public async Task<int> Look(CommunityId community, RewardId reward)
    {
        var redemptions = await grains.GetStock(community, reward).ToLookFor();
        foreach (var redemption in redemptions)
        {
            if (!await Try(() => Look(community, reward, redemption)))
            {
                // It must not keep the others from their turn.
                await Send(community, reward, new SettleStock(redemption, RedemptionFate.Unknown));
            }
        }

        return redemptions.Length;
    }

    private async Task Look(CommunityId community, RewardId reward, RedemptionId redemption)
    {
        // When it comes between the look and the append, the reference says so.
        while (await Send(community, reward, await WhatBecameOf(community, reward, redemption)) is StockResult.Came)
        {
        }
    }

    private async Task<SettleStock> WhatBecameOf(CommunityId community, RewardId reward, RedemptionId redemption)
    {
        if (await journal.FindReference(community, StoredReference.RedemptionScope, redemption.Value) is not { } stored)
        {
            return new(redemption, RedemptionFate.Never);
        }

        if (stored.Stream.Resident is not { } resident
            || (await journal.ReadOne(stored.Stream, stored.Sequence)).ToTransaction().Events is not [.., RewardRedeemed { FromStock: true } made]
            || made.Reward != reward)
        {
            return new(redemption, RedemptionFate.Back);
        }

        var wallet = await Current(community, resident, stored.Sequence, redemption);
        return wallet.FindRedemption(redemption) switch
        {
            { Status: RedemptionStatus.AwaitsPayment } => new(redemption, RedemptionFate.Unknown, wallet.HoldOf(stored.Sequence).Until),
            not null => new(redemption, RedemptionFate.Open),
            null => new(redemption, await Ended(stored)),
        };
    }

    /// <summary>A wallet in which what is over is recorded as over: nobody can pay any more what has timed out here.</summary>
    private async Task<WalletState> Current(CommunityId community, ResidentId resident, long sequence, RedemptionId redemption)
    {
        var wallet = grains.GetWallet(community, resident);
        var reading = await wallet.Read();
        if (reading.State.FindRedemption(redemption) is { Status: RedemptionStatus.AwaitsPayment } && reading.State.HoldOf(sequence).Until <= reading.AsOf)
        {
            await wallet.ApplyDue(null);
            reading = await wallet.Read();
        }

        return reading.State.Sequence >= sequence ? reading.State : throw new JournalFencedException($"This activation of {resident} is stale; ask again.");
    }

    private async Task<RedemptionFate> Ended(StoredReference stored)
    {
        ImmutableArray<Transaction> rows = [.. (await journal.ReadRelated(stored.Stream, stored.Sequence)).Select(row => row.ToTransaction())];
        return ((Thawed.Redeemed)Thawed.RedemptionFrom(rows[0], rows)).Ended is { Status: RedemptionStatus.TimedOut } or { Status: RedemptionStatus.Cancelled, KeepsStock: false }
            ? RedemptionFate.Back
            : RedemptionFate.Kept;
    }

    private async Task<bool> Try(Func<Task> settle)
    {
        try
        {
            await settle();
            return true;
        }
#pragma warning disable CA1031 // What was asked for is done; this is what is left, and the sweeper comes to it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Left(logger, failure.GetType().Name);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What became of a redemption could not be told to its stock and is looked for later. {Error}")]
    private static partial void Left(ILogger logger, string error);
}
