using Ledger.Grains.Journal;
using Ledger.Grains.Wallets;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Grains.Errands;

/// <summary>Brings a gift to its receiver, and word of it to its giver.</summary>
/// <remarks>
/// The receiver's answer stands in the receiver's wallet, for ever and under the gift's own key; whoever brings the gift again hears it again. The giver takes
/// a gift back under the same key: the journal has no two transactions of one key, so a gift never both arrives and comes back.
/// </remarks>
internal sealed class GiftDelivery(IGrainFactory grains, IJournal journal, CommunityId community, ResidentId giver, GiftUnderWay gift)
{
    /// <summary>When the receiver's wallet did not answer for so long, the gift goes back.</summary>
    public static readonly Duration GivenUpAfter = Duration.FromDays(7);

    public async Task Do(Instant now)
    {
        try
        {
            await Tell(await Bring());
        }
        catch when (now - gift.DeliverAt >= GivenUpAfter)
        {
            // If it arrived after all, the key is taken: this does nothing, and the next try hears of it.
            if (await Send(giver, CommandKey.Gift(giver, gift.Of), new EndGift(gift.Of, GiftEnd.Undeliverable)) is not CommandResult.Recorded)
            {
                throw;
            }
        }
    }

    // What the receiver's wallet recorded; null where the giver was faster and took the gift back.
    private async Task<Transaction?> Bring()
    {
        var key = CommandKey.Gift(giver, gift.Of);
        if (await Send(gift.To, key, new ReceiveGift(giver, gift.Of, gift.Lots, gift.Household)) is CommandResult.Recorded { Transaction: var received })
        {
            return received;
        }

        // The key is taken: where it was taken says what became of the gift.
        var first = await journal.Find(community, key) ?? throw new JournalUnavailableException($"The journal does not tell yet who took key {key}.");
        return first.Stream == StreamId.Of(community, gift.To) ? first.ToTransaction() : null;
    }

    private async Task Tell(Transaction? answer)
    {
        if (answer is { } received)
        {
            var end = received.Refusal is { } refusal ? new EndGift(gift.Of, GiftEnd.Refused, refusal.Code) : new EndGift(gift.Of, GiftEnd.Delivered);
            await Send(giver, CommandKey.GiftEnd(giver, gift.Of), end);
        }
    }

    private Task<CommandResult> Send(ResidentId resident, CommandKey key, WalletCommand command) =>
        grains.GetWallet(community, resident).Send(new() { Community = community, Resident = resident, Key = key, Command = command });
}
