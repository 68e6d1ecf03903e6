using System.Collections.Immutable;
using Ledger.Grains.Communities;
using Ledger.Grains.Journal;
using Ledger.Grains.Wallets;
using Ledger.Households;
using Ledger.Transactions;
using Ledger.Wallets;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Ledger.Grains.Households;

/// <summary>Gets done in wallets what their household has decided, and tells it.</summary>
/// <remarks>
/// Stands outside the grains, as <see cref="Errands.ErrandDriver"/> does. Whatever becomes of whoever began, the household's place among what is due brings
/// the sweeper, which goes on where the household's journal says. Every step in a wallet has a key of its own, so that a step taken twice is taken once.
/// </remarks>
public sealed partial class HouseholdDriver(IGrainFactory grains, IJournal journal, IProgrammes programmes, ILogger<HouseholdDriver> logger)
{
    private const int AsksMax = 3;

    /// <summary>Sends a command to a household, and does in the wallets what it brings.</summary>
    /// <param name="community">The community.</param>
    /// <param name="household">The household.</param>
    /// <param name="command">The command.</param>
    /// <param name="key">What makes it one command.</param>
    public async Task<HouseholdResult> Send(CommunityId community, HouseholdId household, HouseholdCommand command, CommandKey key)
    {
        var result = await Tell(community, household, command, key, command is SpendTogether spend ? await Offers(community, household, spend.Buyer) : []);
        if (result is HouseholdResult.Recorded { Sequence: var sequence })
        {
            await Go(community, household, sequence);
        }

        return result;
    }

    /// <summary>Adds a member, or removes one, and tells the wallet. Where that is under way it is finished.</summary>
    /// <param name="community">The community.</param>
    /// <param name="household">The household.</param>
    /// <param name="resident">Who.</param>
    /// <param name="joins">Is the resident to belong to it?</param>
    /// <param name="key">What makes it one command.</param>
    public async Task<HouseholdResult> Move(CommunityId community, HouseholdId household, ResidentId resident, bool joins, CommandKey key)
    {
        await Finish(community, household, resident);
        return await Send(community, household, joins ? new AddMember(resident) : new RemoveMember(resident), key);
    }

    /// <summary>Goes on with everything of a household that is due.</summary>
    /// <returns>How much that was.</returns>
    public async Task<int> Do(CommunityId community, HouseholdId household)
    {
        var reading = await grains.GetHousehold(community, household).Read();
        var due = reading.Standing.Undertakings.Where(undertaking => undertaking.LookAt <= reading.AsOf).ToList();
        foreach (var undertaking in due)
        {
            await Go(community, household, undertaking.Of);
        }

        return due.Count;
    }

    /// <summary>How many points each member could give to a spend now, in the order of membership.</summary>
    /// <param name="community">The community.</param>
    /// <param name="household">The household.</param>
    /// <param name="buyer">Who buys; null to ask what each would give to others.</param>
    public async Task<ImmutableArray<PoolPart>> Offers(CommunityId community, HouseholdId household, ResidentId? buyer)
    {
        var (members, published) = ((await grains.GetHousehold(community, household).Read()).Standing.Members, await programmes.Of(community));
        return [.. await Task.WhenAll(members.Select(Offer))];

        async Task<PoolPart> Offer(HouseholdMember member)
        {
            var reading = await grains.GetWallet(community, member.Resident).Read();
            var at = Instant.Max(reading.AsOf, reading.State.LastAt);
            return new(
                member.Resident,
                Pooling.OfferOf(Due.Apply(reading.State, at).After, household, Pooling.MonthOf(published, at), own: member.Resident == buyer));
        }
    }

    private async Task Finish(CommunityId community, HouseholdId household, ResidentId resident)
    {
        var standing = (await grains.GetHousehold(community, household).Read()).Standing;
        if (standing.MoveOf(resident) is { Of: var of })
        {
            await Go(community, household, of);
        }
    }

    /// <summary>Goes on with one undertaking as far as it goes.</summary>
    private async Task Go(CommunityId community, HouseholdId household, long of)
    {
        while (await Find(community, household, of) is { } undertaking)
        {
            var told = await Try(community, household, undertaking);
            if (await Tell(community, household, told, null, []) is not HouseholdResult.Recorded { Happened: not UndertakingPutOff })
            {
                return;
            }
        }
    }

    private async Task<Undertaking?> Find(CommunityId community, HouseholdId household, long of) =>
        (await grains.GetHousehold(community, household).Read()).Standing.Find(of);

    private async Task<TellHousehold> Try(CommunityId community, HouseholdId household, Undertaking undertaking)
    {
        try
        {
            return await new UndertakingSteps(grains, journal, community, household).Take(undertaking);
        }
#pragma warning disable CA1031 // Whatever is wrong with one wallet, the household is told, and tries again later.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Left(logger, failure.GetType().Name);
            return new(undertaking.Of, (undertaking as SpendUnderWay)?.Phase, StepOutcome.Failed);
        }
    }

    // A stale activation, or a lost answer, is asked again with the same: it is done once.
    private async Task<HouseholdResult> Tell(
        CommunityId community, HouseholdId household, HouseholdCommand command, CommandKey? key, ImmutableArray<PoolPart> offers)
    {
        for (var asks = 1; ; asks++)
        {
            try
            {
                return await grains.GetHousehold(community, household).Do(command, key, offers);
            }
            catch (JournalException failure) when (asks < AsksMax && failure is JournalFencedException or JournalOutcomeUnknownException)
            {
                // The stale activation goes, and the winner, or the journal, answers.
            }
        }
    }

    // Kinds only: what an exception says may name a resident.
    [LoggerMessage(Level = LogLevel.Warning, Message = "What a household needs of a wallet could not be done and is tried later. {Error}")]
    private static partial void Left(ILogger logger, string error);
}
