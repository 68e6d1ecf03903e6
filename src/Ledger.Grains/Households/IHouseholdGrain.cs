using System.Collections.Immutable;
using Ledger.Households;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;
using Orleans.Concurrency;

namespace Ledger.Grains.Households;

/// <summary>One household: one command at a time, each durable before it is answered.</summary>
/// <remarks>Key: <see cref="HouseholdKey"/>. Exceptions are those of the journal; nothing is lost by sending the same again.</remarks>
[Alias("ledger.household")]
public interface IHouseholdGrain : IGrainWithStringKey
{
    /// <summary>Does one command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="key">What makes it one command; null for what the household is told of its undertakings.</param>
    /// <param name="offers">For a spend: what wallets said to it; null for other commands. Not part of what was asked.</param>
    /// <exception cref="Journal.JournalException">As for a wallet.</exception>
    [Alias("do")]
    Task<HouseholdResult> Do(HouseholdCommand command, CommandKey? key, PoolOffers? offers);

    /// <summary>How the household stands. Never waits for a command.</summary>
    [AlwaysInterleave]
    [Alias("read")]
    Task<HouseholdReading> Read();
}

/// <summary>A household as it is committed.</summary>
/// <param name="Sequence">Its last transaction; 0 where there is no such household.</param>
/// <param name="Standing">How it stands.</param>
/// <param name="AsOf">When it was read, by the silo's clock.</param>
[GenerateSerializer, Immutable]
[Alias("ledger.household-reading")]
public sealed record HouseholdReading([property: Id(0)] long Sequence, [property: Id(1)] HouseholdStanding Standing, [property: Id(2)] Instant AsOf);

/// <summary>What wallets say to a spend that is about to be planned.</summary>
/// <param name="Parts">What each member could give.</param>
/// <param name="Buyer">Why the buyer's wallet is in the way; null when it is not.</param>
[GenerateSerializer, Immutable]
[Alias("ledger.pool-offers")]
public sealed record PoolOffers([property: Id(0)] ImmutableArray<PoolPart> Parts, [property: Id(1)] Refusal? Buyer = null);

/// <summary>What became of a household's command. A closed set.</summary>
[GenerateSerializer, Immutable]
[Alias("ledger.household-result")]
public abstract record HouseholdResult
{
    private protected HouseholdResult()
    {
    }

    /// <summary>The journal holds it, done or refused.</summary>
    /// <param name="Sequence">Its transaction.</param>
    /// <param name="Happened">What happened.</param>
    /// <param name="Replayed">True when this is the outcome of an earlier sending.</param>
    [GenerateSerializer, Immutable]
    [Alias("ledger.household-result.recorded")]
    public sealed record Recorded([property: Id(0)] long Sequence, [property: Id(1)] HouseholdEvent Happened, [property: Id(2)] bool Replayed) : HouseholdResult;

    /// <summary>There was nothing to do, or nothing to do it with.</summary>
    [GenerateSerializer, Immutable]
    [Alias("ledger.household-result.nothing")]
    public sealed record Nothing : HouseholdResult;

    /// <summary>The key belongs to another command. Nothing was done.</summary>
    [GenerateSerializer, Immutable]
    [Alias("ledger.household-result.key-reused")]
    public sealed record KeyReused : HouseholdResult;
}

/// <summary>The grain key of a household. Starts with a letter that is no hexadecimal digit, so that storage never takes it for a number.</summary>
public static class HouseholdKey
{
    /// <summary>A household.</summary>
    public static IHouseholdGrain GetHousehold(this IGrainFactory grains, CommunityId community, HouseholdId household)
    {
        ArgumentNullException.ThrowIfNull(grains);
        return grains.GetGrain<IHouseholdGrain>($"h/{community.Value}/{household.Value}");
    }

    internal static StreamId StreamOf(string key) => key.Split('/') is ["h", var community, var household]
        ? StreamId.OfHousehold(CommunityId.Parse(community), new(household))
        : throw new FormatException($"'{key}' is not the key of a household.");
}
