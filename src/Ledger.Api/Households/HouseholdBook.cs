using System.Collections.Immutable;
using Ledger.Api.Problems;
using Ledger.Api.Wallets;
using Ledger.Grains.Households;
using Ledger.Grains.Journal;
using Ledger.Households;
using Ledger.Json;
using Ledger.Transactions;

namespace Ledger.Api.Households;

/// <summary>Sends commands to households, and finds in the journal what became of them: a repeat tells how it stands by then.</summary>
internal sealed class HouseholdBook(HouseholdDriver driver, IJournal journal, IGrainFactory grains)
{
    /// <summary>How a household stands.</summary>
    /// <exception cref="RequestRefusedException">There is none.</exception>
    public async Task<HouseholdReading> Read(CommunityId community, HouseholdId household) =>
        await grains.GetHousehold(community, household).Read() is { Sequence: > 0 } reading
            ? reading
            : throw new RequestRefusedException(KnownProblems.HouseholdNotFound, $"Nobody ever belonged to the household '{household}'.");

    /// <summary>What others could spend of each member's points now.</summary>
    public Task<ImmutableArray<PoolPart>> Offers(CommunityId community, HouseholdId household) => driver.Offers(community, household);

    /// <summary>A pooled spend and what became of it.</summary>
    /// <exception cref="RequestRefusedException">There is none.</exception>
    public async Task<PooledSpend> ReadSpend(CommunityId community, HouseholdId household, long spend, CancellationToken cancellation) =>
        await journal.ReadSpend(StreamId.OfHousehold(community, household), spend, cancellation) ?? throw HouseholdPath.NoSpend();

    /// <summary>Spends together.</summary>
    /// <returns>The spend, or why it was refused or given back; and whether this is a repeat.</returns>
    /// <exception cref="RequestRefusedException">There is no such household: it is more likely mistyped than new, and the reference stays free. Or it is under way: the same again goes on with it.</exception>
    public async Task<(PooledSpend? Spend, HouseholdRefusal? Why, bool Replayed)> Spend(
        CommunityId community, HouseholdId household, SpendTogether command, CommandKey key)
    {
        await Read(community, household);
        var recorded = Recorded(await driver.Send(community, household, command, key), key);
        if (recorded.Happened is HouseholdRefused refused)
        {
            return (null, refused.Why, recorded.Replayed);
        }

        var spend = await ReadSpend(community, household, recorded.Sequence, CancellationToken.None);
        return spend.Taken switch
        {
            null => throw RequestRefusedException.UnderWay($"Spend {spend.Sequence} of {household} is under way."),
            true => (spend, null, recorded.Replayed),
            false => (null, spend.Why, recorded.Replayed),
        };
    }

    /// <summary>Gives back points of a pooled spend.</summary>
    /// <returns>The spend after it, and what became of the refund.</returns>
    /// <exception cref="RequestRefusedException">There is no such spend; or it, or the refund, is under way: the same again goes on with it.</exception>
    public async Task<(PooledSpend Spend, HouseholdResult.Recorded Refund)> Refund(
        CommunityId community, HouseholdId household, RefundTogether command, CommandKey key)
    {
        var result = await driver.Send(community, household, command, key);
        var spend = await ReadSpend(community, household, command.Spend, CancellationToken.None);
        if (result is HouseholdResult.Nothing)
        {
            throw RequestRefusedException.UnderWay($"Spend {spend.Sequence} of {household} is under way; nothing is to be refunded yet.");
        }

        var recorded = Recorded(result, key);
        return recorded.Happened is HouseholdRefused || spend.EndedRefunds.Contains(recorded.Sequence)
            ? (spend, recorded)
            : throw RequestRefusedException.UnderWay($"Refund {recorded.Sequence} of {household} is under way.");
    }

    /// <inheritdoc cref="KnownCommands.Knows"/>
    public Task<bool> IsKnown(CommunityId community, HouseholdId household, HouseholdCommand command, CommandKey key, CancellationToken cancellation) =>
        journal.Knows(StreamId.OfHousehold(community, household), key, LedgerJson.FingerprintOf(household, command), cancellation);

    /// <summary>Adds a member, or removes one.</summary>
    /// <returns>Why that was refused, by the household or by the wallet, null when it was not; and whether this is a repeat.</returns>
    /// <exception cref="RequestRefusedException">It is under way: the same again goes on with it.</exception>
    public async Task<(Func<Language, Problem>? Why, bool Replayed)> Move(CommunityId community, HouseholdId household, ResidentId resident, bool joins, CommandKey key)
    {
        var recorded = Recorded(await driver.Move(community, household, resident, joins, key), key);
        if (recorded.Happened is HouseholdRefused refused)
        {
            return (language => HouseholdWords.ProblemOf(refused.Why, language), recorded.Replayed);
        }

        var rows = await journal.ReadRelated(StreamId.OfHousehold(community, household), recorded.Sequence);
        var settled = rows.Skip(1).Select(row => row.ToHouseholdEvent()).OfType<MemberSettled>().FirstOrDefault()
            ?? throw RequestRefusedException.UnderWay($"The wallet of {resident} has not been told yet.");
        return (settled.Why is { } why ? language => RefusalWords.ProblemOf(why, language) : null, recorded.Replayed);
    }

    private static HouseholdResult.Recorded Recorded(HouseholdResult result, CommandKey key) =>
        result as HouseholdResult.Recorded ?? throw IdempotencyKey.Reused(key);
}
