using System.Collections.Immutable;
using NodaTime;

namespace Ledger.Programmes;

/// <summary>A programme with its number and the instant it counts from. Never changes.</summary>
/// <param name="Version">From 1, in order of publication.</param>
/// <param name="EffectiveFrom">The first instant; <see cref="Instant.MinValue"/> for "from the beginning".</param>
/// <param name="Programme">What counts.</param>
public sealed record PublishedProgramme(int Version, Instant EffectiveFrom, Programme Programme);

/// <summary>Every programme version of a community. Half-open windows: each counts until the next one starts.</summary>
public sealed class PublishedProgrammes
{
    private readonly ImmutableArray<PublishedProgramme> _byStart;
    private readonly PublishedProgramme? _tried;
    private readonly ImmutableArray<TierPolicy> _tiersOfMonths;

    /// <summary>Takes versions in any order.</summary>
    /// <exception cref="ArgumentException">Two have the same number.</exception>
    public PublishedProgrammes(IEnumerable<PublishedProgramme> versions)
    {
        // Of two that start at one instant the later publication counts.
        _byStart = [.. versions.OrderBy(v => v.EffectiveFrom).ThenBy(v => v.Version)];
        if (_byStart.DistinctBy(v => v.Version).Count() != _byStart.Length)
        {
            throw new ArgumentException("Two programmes have the same version number.", nameof(versions));
        }

        LargestDaysMax = _byStart.Select(v => v.Programme.Lateness.LargestDaysMax).DefaultIfEmpty().Max();
        _tiersOfMonths = TiersOfMonths(_byStart);
    }

    private PublishedProgrammes(PublishedProgrammes published, PublishedProgramme tried) =>
        (_byStart, _tried, LargestDaysMax, _tiersOfMonths) =
        (published._byStart,
            tried,
            Math.Max(published.LargestDaysMax, tried.Programme.Lateness.LargestDaysMax),
            TiersOfMonths([.. published._byStart, tried]));

    /// <summary>No programme.</summary>
    public static PublishedProgrammes None { get; } = new([]);

    /// <summary>All, by start.</summary>
    public ImmutableArray<PublishedProgramme> Versions => _byStart;

    /// <summary>The largest bound on lateness of any version and source, in days; 0 without a version.</summary>
    public int LargestDaysMax { get; }

    /// <summary>The last local date on which a tier of any version can depend on the points of a month.</summary>
    internal LocalDate TiersKeptThrough(Month month)
    {
        var last = month.LastDate;
        foreach (var tiers in _tiersOfMonths)
        {
            last = LocalDate.Max(last, tiers.KeptThrough(tiers.Basis.Periods!.Value.Last(month)));
        }

        return last;
    }

    /// <summary>The same with one that counts at every instant instead of them; what is pinned is still found among them.</summary>
    public PublishedProgrammes Trying(PublishedProgramme tried) => new(this, tried);

    /// <summary>The version that counts at an instant; null before the first.</summary>
    public PublishedProgramme? InForceAt(Instant instant)
    {
        if (_tried is not null)
        {
            return _tried;
        }

        for (var i = _byStart.Length - 1; i >= 0; i--)
        {
            if (_byStart[i].EffectiveFrom <= instant)
            {
                return _byStart[i];
            }
        }

        return null;
    }

    /// <summary>The zone of local dates at an instant, also where no programme is in force.</summary>
    public DateTimeZone ZoneAt(Instant instant) => InForceAt(instant)?.Programme.Zone ?? Programme.DefaultZone;

    /// <summary>The version of a number; null when there is none.</summary>
    public PublishedProgramme? Find(int version)
    {
        if (_tried?.Version == version)
        {
            return _tried;
        }

        foreach (var candidate in _byStart)
        {
            if (candidate.Version == version)
            {
                return candidate;
            }
        }

        return null;
    }

    private static ImmutableArray<TierPolicy> TiersOfMonths(ImmutableArray<PublishedProgramme> versions) =>
    [
        .. versions.Select(v => v.Programme.Tiers).OfType<TierPolicy>().Where(tiers => tiers.Basis.Periods is not null)
            .DistinctBy(tiers => (tiers.Basis, tiers.GraceDays)),
    ];
}
