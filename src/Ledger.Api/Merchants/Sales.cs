using Ledger.Api.Wallets;
using Ledger.Grains.Clocks;
using Ledger.Grains.Households;
using Ledger.Grains.Journal;
using Ledger.Grains.Merchants;
using Ledger.Grains.Wallets;
using Ledger.Households;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Api.Merchants;

/// <summary>What became of merchants' references, and their voiding: certain answers, whatever is on its way.</summary>
internal sealed class Sales(IJournal journal, WalletCalls wallets, IClock clock, IClockWatch clockWatch)
{
    /// <summary>The transaction that a reference stands for; null for none.</summary>
    public Task<StoredReference?> Find(CommunityId community, MerchantReference reference, CancellationToken cancellation) =>
        journal.FindReference(community, StoredReference.ScopeOf(reference.Merchant), reference.Id, cancellation);

    /// <summary>What a reference stands for now.</summary>
    public async Task<Sale> Read(CommunityId community, MerchantReference reference, CancellationToken cancellation) =>
        await Find(community, reference, cancellation) switch
        {
            null => new Sale.Unknown(),
            { Stream.Resident: { } resident } stored => await Read(reference, stored, resident, cancellation),
            { Stream.Household: { } household } stored => await Read(stored, household, cancellation),
            var stored => new Sale.Voided((await journal.ReadOne(stored.Stream, stored.Sequence, cancellation)).EffectiveAt),
        };

    /// <summary>
    /// Undoes what a reference stands for: a hold is released, what was captured is refunded, and where nothing came with it yet, nothing ever
    /// will. Safe at any time and any number of times.
    /// </summary>
    /// <returns>Why the wallet cannot take back what was captured; null when it can, or nothing was to be done.</returns>
    public async Task<Refusal?> Void(CommunityId community, MerchantReference reference, string client, CancellationToken cancellation)
    {
        var stored = await Find(community, reference, cancellation);
        if (stored is null)
        {
            await journal.VoidReference(community, reference, client, Now());
            stored = await Find(community, reference, cancellation);
        }

        if (stored?.Stream.Resident is not { } resident
            || (await journal.ReadOne(stored.Stream, stored.Sequence, cancellation)).Outcome != Transaction.Accepted)
        {
            return null;
        }

        var result = await wallets.Send(new()
        {
            Community = community,
            Resident = resident,
            Key = CommandKey.Void(client, reference),
            Command = new VoidHold(reference),
        });
        return (result as CommandResult.Recorded)?.Transaction.Refusal;
    }

    private async Task<Sale> Read(StoredReference stored, HouseholdId household, CancellationToken cancellation)
    {
        if (await journal.ReadSpend(stored.Stream, stored.Sequence, cancellation) is { } spend)
        {
            return new Sale.Pooled(household, spend);
        }

        var row = await journal.ReadOne(stored.Stream, stored.Sequence, cancellation);
        return new Sale.PoolRefused(household, row.Sequence, row.EffectiveAt, ((HouseholdRefused)row.ToHouseholdEvent()).Why);
    }

    private async Task<Sale> Read(MerchantReference reference, StoredReference stored, ResidentId resident, CancellationToken cancellation)
    {
        // The state first: a hold that is not live in it has its end in the rows that are read afterwards, or has timed out.
        var live = await FindLive(reference, stored, resident);
        if (live?.Until <= Now())
        {
            // Recorded, and not only said: a capture that is on its way must not come through afterwards.
            await wallets.ApplyDue(stored.Stream.Community, resident);
            live = await FindLive(reference, stored, resident);
        }

        var rows = (await journal.ReadRelated(stored.Stream, stored.Sequence, cancellation)).Select(WalletRows.ToTransaction).ToList();
        return rows[0].Events is [.., PointsHeld made] && Thawed.From(rows[0], rows.Skip(1)) is Thawed.Held held
            ? new Sale.Hold(resident, rows[0], made, held, IsLive: live is not null && held.End == HoldEnd.TimedOut)
            : new Sale.Refused(resident, rows[0]);
    }

    private async Task<Hold?> FindLive(MerchantReference reference, StoredReference stored, ResidentId resident)
    {
        var state = (await wallets.Read(stored.Stream.Community, resident)).State;

        // An activation that does not know of the hold is stale: what it does not hold has not timed out.
        return state.Sequence >= stored.Sequence
            ? state.FindHold(reference)
            : throw new JournalUnavailableException($"This activation of {stored.Stream} is stale; ask again.");
    }

    private Instant Now() => clockWatch.Now(clock);
}
