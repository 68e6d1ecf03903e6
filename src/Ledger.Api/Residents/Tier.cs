using System.Collections.Immutable;
using Ledger.Api.Wallets;
using Ledger.Programmes;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Api.Residents;

/// <summary>A resident's tier. Unit: points.</summary>
public sealed record Tier
{
    /// <summary>The tier's id; absent for no tier.</summary>
    public string? Id { get; init; }

    /// <summary>What people call it, by language tag; absent for no tier.</summary>
    public IReadOnlyDictionary<string, string>? Names { get; init; }

    /// <summary>Since when; absent for a resident who never had another one.</summary>
    public Instant? Since { get; init; }

    /// <summary>The moment at which it falls if nothing more is earned; absent for never.</summary>
    public Instant? Until { get; init; }

    /// <summary>The last local date on which it is held if nothing more is earned; absent for no end.</summary>
    public LocalDate? HeldThrough { get; init; }

    /// <summary>Ten-thousandths by which rules give more to its holder; absent for none.</summary>
    public int? MultiplierBasisPoints { get; init; }

    /// <summary>Hours by which its holder may see and buy before others; absent for none.</summary>
    public int? EarlyAccessHours { get; init; }

    /// <summary>Points that count now.</summary>
    public required long Points { get; init; }

    /// <summary>The tier above; absent for the highest.</summary>
    public NextTier? Next { get; init; }

    /// <param name="programme">The one in force.</param>
    /// <param name="tiers">Its tiers.</param>
    /// <param name="state">With what is due applied.</param>
    /// <param name="asOf">Now.</param>
    internal static Tier Of(Programme programme, TierPolicy tiers, WalletState state, Instant asOf)
    {
        var rank = tiers.RankOf(state.Tiers?.Tier);
        var level = rank == TierPolicy.NoRank ? null : tiers.Levels[rank];
        var until = level is null ? null : state.Tiers?.Until;
        var points = Tiering.Counted(programme, state, asOf);
        return new()
        {
            Id = level?.Id,
            Names = level?.Names.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Since = state.Tiers?.Since,
            Until = until,
            HeldThrough = until is { } end ? LocalDates.LastBefore(end, programme.Zone) : null,
            MultiplierBasisPoints = level?.Multiplier?.BasisPoints,
            EarlyAccessHours = level?.EarlyAccessHours,
            Points = points.Value,
            Next = rank + 1 < tiers.Levels.Length ? NextTier.Of(tiers.Levels[rank + 1], points) : null,
        };
    }
}

/// <summary>The tier above.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Names">What people call it, by language tag.</param>
/// <param name="From">Points that reach it.</param>
/// <param name="Missing">Points that are missing; zero where the next award brings it, however small, because the levels changed.</param>
public sealed record NextTier(string Id, IReadOnlyDictionary<string, string> Names, long From, long Missing)
{
    internal static NextTier Of(TierLevel level, Points points) =>
        new(level.Id, level.Names.ToImmutableSortedDictionary(StringComparer.Ordinal), level.From.Value, Math.Max(0, level.From.Value - points.Value));
}
