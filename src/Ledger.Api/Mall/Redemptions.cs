using Ledger.Api.Wallets;
using Ledger.Grains.Journal;
using Ledger.Grains.Wallets;
using Ledger.Rewards;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Api.Mall;

/// <summary>Redemptions by their ids, whosever they are.</summary>
internal sealed class Redemptions(IJournal journal, WalletCalls wallets)
{
    /// <summary>Who redeemed, and what; null where nothing was redeemed under the id.</summary>
    public async Task<(ResidentId Resident, Transaction Made)?> Find(CommunityId community, RedemptionId id, CancellationToken cancellation) =>
        await journal.FindReference(community, StoredReference.RedemptionScope, id.Value, cancellation) is { Stream.Resident: { } resident } stored
        && (await journal.ReadOne(stored.Stream, stored.Sequence, cancellation)).ToTransaction() is { Events: [.., RewardRedeemed] } made
            ? (resident, made)
            : null;

    /// <summary>A redemption of a merchant's list as it stands at a time, from the journal alone: a counter that looks at many wakes no wallets. Without its code.</summary>
    public async Task<RedemptionView> Tell(StoredRedemption stored, Instant at, CancellationToken cancellation)
    {
        var rows = (await journal.ReadRelated(stored.Stream, stored.Sequence, cancellation)).Select(WalletRows.ToTransaction).ToList();
        var told = (Thawed.Redeemed)Thawed.RedemptionFrom(rows[0], rows);
        var isOver = told.Redemption.Status == RedemptionStatus.AwaitsPayment && told.PayableUntil <= at;
        return RedemptionView.Of(stored.Stream.Resident!.Value, isOver ? told.Ended : told.Redemption, withCode: false);
    }

    /// <summary>A redemption as it stands now; null where nothing was redeemed under the id.</summary>
    public async Task<(ResidentId Resident, Redemption Redemption)?> Read(CommunityId community, RedemptionId id, CancellationToken cancellation)
    {
        if (await Find(community, id, cancellation) is not { } found)
        {
            return null;
        }

        // The state first: what is not open in it has its end in the rows that are read afterwards, or has timed out.
        var reading = await wallets.Read(community, found.Resident);
        if (reading.State.Sequence < found.Made.Sequence)
        {
            throw new JournalUnavailableException($"This activation of {found.Resident} is stale; ask again.");
        }

        if (Due.Apply(reading.State, reading.AsOf).After.FindRedemption(id) is { } open)
        {
            return (found.Resident, open);
        }

        var rows = (await journal.ReadRelated(StreamId.Of(community, found.Resident), found.Made.Sequence, cancellation)).Select(WalletRows.ToTransaction);
        return Thawed.RedemptionFrom(found.Made, rows) is Thawed.Redeemed redeemed ? (found.Resident, redeemed.Ended) : null;
    }
}
