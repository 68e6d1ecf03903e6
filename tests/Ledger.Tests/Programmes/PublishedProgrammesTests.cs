using System.Collections.Immutable;
using Ledger.Programmes;
using NodaTime;

namespace Ledger.Tests.Programmes;

public sealed class PublishedProgrammesTests
{
    private static readonly Instant Noon = Instant.FromUtc(2024, 6, 1, 12, 0);

    [Fact]
    public void A_version_counts_from_its_first_instant_until_the_next_one_starts()
    {
        var programmes = new PublishedProgrammes([Version(2, Noon), Version(1, Noon - Duration.FromDays(1)), Version(3, Noon + Duration.FromDays(1))]);

        Assert.Null(programmes.InForceAt(Noon - Duration.FromDays(1) - Duration.Epsilon));
        Assert.Equal(1, programmes.InForceAt(Noon - Duration.FromDays(1))?.Version);
        Assert.Equal(1, programmes.InForceAt(Noon - Duration.Epsilon)?.Version);
        Assert.Equal(2, programmes.InForceAt(Noon)?.Version);
        Assert.Equal(3, programmes.InForceAt(Instant.MaxValue)?.Version);
    }

    [Fact]
    public void Of_two_versions_that_start_at_one_instant_the_later_publication_counts() =>
        Assert.Equal(2, new PublishedProgrammes([Version(2, Noon), Version(1, Noon)]).InForceAt(Noon)?.Version);

    [Fact]
    public void A_version_from_the_beginning_counts_always() =>
        Assert.Equal(1, new PublishedProgrammes([Version(1, Instant.MinValue)]).InForceAt(Instant.MinValue)?.Version);

    [Fact]
    public void A_version_is_found_by_its_number()
    {
        var programmes = new PublishedProgrammes([Version(1, Noon), Version(7, Noon)]);

        Assert.Equal(7, programmes.Find(7)?.Version);
        Assert.Null(programmes.Find(2));
        Assert.Null(PublishedProgrammes.None.Find(1));
        Assert.Null(PublishedProgrammes.None.InForceAt(Noon));
    }

    [Fact]
    public void Two_versions_never_have_one_number() =>
        Assert.Throws<ArgumentException>(() => new PublishedProgrammes([Version(1, Noon), Version(1, Noon + Duration.FromDays(1))]));

    [Fact]
    public void The_largest_bound_on_lateness_is_that_of_any_version_and_source()
    {
        var bySource = Lateness.Default with { DaysMaxBySource = ImmutableDictionary<string, int>.Empty.Add("event:/clinic", 90) };

        Assert.Equal(0, PublishedProgrammes.None.LargestDaysMax);
        Assert.Equal(30, new PublishedProgrammes([Version(1, Noon)]).LargestDaysMax);
        Assert.Equal(90, new PublishedProgrammes([Version(1, Noon), Version(2, Noon, bySource), Version(3, Noon)]).LargestDaysMax);
    }

    private static PublishedProgramme Version(int version, Instant from, Lateness? lateness = null) => new(version, from, new Programme
    {
        Zone = DateTimeZone.Utc,
        Activities = ImmutableDictionary<ActivityType, ActivityRule>.Empty,
        Lateness = lateness ?? Lateness.Default,
    });
}
