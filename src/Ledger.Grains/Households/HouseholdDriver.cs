using System.Collections.Immutable;
using Ledger.Grains.Communities;
using Ledger.Grains.Journal;
using Ledger.Grains.Wallets;
using Ledger.Households;
using Ledger.Programmes;
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
    /// <summary>Sends a command to a household, and does in the wallets what it brings.</summary>
    /// <param name="community">The community.</param>
    /// <param name="household">The household.</param>
    /// <param name="command">The command.</param>
    /// <param name="key">What makes it one command.</param>
    public async Task<HouseholdResult> Send(CommunityId community, HouseholdId household, HouseholdCommand command, CommandKey key)
    {
        if (command is RefundTogether { Spend: var under })
        {
            await Go(community, household, under);
        }

        var result = await Tell(community, household, command, key, command is SpendTogether spend ? await OffersTo(community, household, spend, key) : null);
        if (result is HouseholdResult.Recorded { Sequence: var sequence, Happened: not HouseholdRefused })
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

    /// <summary>How many points each member would give to others now, in the order of membership.</summary>
    public async Task<ImmutableArray<PoolPart>> Offers(CommunityId community, HouseholdId household)
    {
        var (members, published) = ((await grains.GetHousehold(community, household).Read()).Standing.Members, await programmes.Of(community));
        return [.. await Task.WhenAll(members.Select(async member => OfferOf(await Read(community, member.Resident), household, published, own: false)))];
    }

    /// <summary>What wallets say to a spend. Nobody is asked about one that is known: it goes on where it stands.</summary>
    private async Task<PoolOffers?> OffersTo(CommunityId community, HouseholdId household, SpendTogether spend, CommandKey key)
    {
        if (await journal.Find(community, key) is not null)
        {
            return null;
        }

        var (members, published) = ((await grains.GetHousehold(community, household).Read()).Standing.Members, await programmes.Of(community));
        var (buyer, lost) = (await Read(community, spend.Buyer), null as Exception);
        ImmutableArray<PoolPart> parts =
        [
            OfferOf(buyer, household, published, own: true),
            .. await Task.WhenAll(members.Where(member => member.Resident != spend.Buyer).Select(async member => await Offer(member.Resident))),
        ];

        // Nobody is told for ever that it is too little, because a wallet did not answer.
        return lost is not null && PoolParts.Plan(parts, spend.Buyer, spend.Points) is null
            ? throw new JournalUnavailableException($"Not every wallet of {household} answers: {lost.GetType().Name}.")
            : new(parts, Pooling.WhyNot(buyer.State, household));

        async Task<PoolPart> Offer(ResidentId resident)
        {
            try
            {
                return OfferOf(await Read(community, resident), household, published, own: false);
            }
#pragma warning disable CA1031 // Whatever is wrong with one wallet, the others may have enough.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                lost = failure;
                return new(resident, Points.Zero);
            }
        }
    }

    private static PoolPart OfferOf(OfferingWallet wallet, HouseholdId household, PublishedProgrammes published, bool own) =>
        new(wallet.Resident, Pooling.OfferOf(wallet.State, household, Pooling.MonthOf(published, wallet.At), own));

    /// <summary>A wallet with what has fallen due by now.</summary>
    private async Task<OfferingWallet> Read(CommunityId community, ResidentId resident)
    {
        var reading = await AskedAgain.Answer(grains.GetWallet(community, resident), static wallet => wallet.Read());
        var at = Instant.Max(reading.AsOf, reading.State.LastAt);
        return new(resident, Due.Apply(reading.State, at).After, at);
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
            if (await Tell(community, household, told, null, null) is not HouseholdResult.Recorded { Happened: not UndertakingPutOff })
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

    private Task<HouseholdResult> Tell(
        CommunityId community, HouseholdId household, HouseholdCommand command, CommandKey? key, PoolOffers? offers) => AskedAgain.Answer(
            (Household: grains.GetHousehold(community, household), command, key, offers), static asked => asked.Household.Do(asked.command, asked.key, asked.offers));

    private readonly record struct OfferingWallet(ResidentId Resident, WalletState State, Instant At);

    // Kinds only: what an exception says may name a resident.
    [LoggerMessage(Level = LogLevel.Warning, Message = "What a household needs of a wallet could not be done and is tried later. {Error}")]
    private static partial void Left(ILogger logger, string error);
}
