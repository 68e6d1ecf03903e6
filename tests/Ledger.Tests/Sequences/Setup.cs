using System.Collections.Immutable;
using Ledger.Merchants;
using Ledger.Programmes;
using NodaTime;

namespace Ledger.Tests.Sequences;

/// <summary>A community to play in: a zone where clocks do something odd, a moment near it, and a few versions of a programme.</summary>
/// <param name="Place">Zone and the local dates around which something odd happens.</param>
/// <param name="Start">When the sequence begins.</param>
/// <param name="Versions">Every version, published before the sequence begins.</param>
/// <param name="CoinWorth">Points of one coin of the model: 1, or so many that a few thousand fill a wallet.</param>
internal sealed record Setup(Place Place, Instant Start, ImmutableArray<PublishedProgramme> Versions, long CoinWorth)
{
    /// <summary>2^53−1 = 6361 · 69431 · 20394401, so 6,361 such coins fill a wallet to the last point.</summary>
    public const long LargeCoin = 69_431L * 20_394_401;

    public static readonly ActivityType Service = ActivityType.Parse("service");
    public static readonly ActivityType Class = ActivityType.Parse("class");
    public static readonly ActivityType Walk = ActivityType.Parse("walk");
    public static readonly ActivityType Huge = ActivityType.Parse("huge");
    public static readonly ActivityType Unruled = ActivityType.Parse("unruled");

    public static readonly ImmutableArray<ActivityType> Activities = [Service, Class, Walk, Huge, Unruled];

    /// <summary>One that nobody registered is m0; the others have what can be had: a rate, a cut-off, tills, and that they may not sell.</summary>
    public static readonly MerchantBook Merchants = new(
    [
        Registered("m1") with { Terms = [new(Instant.FromUtc(2000, 1, 1, 0, 0), new(22, 30), new(3, new(2), "CNY", Rounding.HalfUp))] },
        Registered("m2") with
        {
            Terminals = ["t-1", "t-2"],
            Terms =
            [
                new(Instant.FromUtc(2000, 1, 1, 0, 0), LocalTime.Midnight, new(1, new(3), "CNY", Rounding.Down)),
                new(Instant.FromUtc(2024, 2, 29, 4, 0), new(0, 30), new(7, new(1), "CNY", Rounding.Up)),
            ],
        },
        Registered("m-closed") with { Status = MerchantStatus.Suspended },
    ]);

    private static Merchant Registered(string id) => new()
    {
        Id = MerchantId.Parse(id),
        NameZh = id,
        NameEn = id,
        Category = "shops",
        Status = MerchantStatus.Active,
    };

    public override string ToString() => $"{Place.Zone.Id} from {Start}, coin {CoinWorth}\n" + string.Join('\n', Versions.Select(Describe));

    private static string Describe(PublishedProgramme version)
    {
        var p = version.Programme;
        var rules = p.Activities.OrderBy(a => a.Key.Value, StringComparer.Ordinal)
            .Select(a => $"    {a.Key}: {a.Value.Rules[0].Formula}, {a.Value.Expiry}, {string.Join(' ', a.Value.Caps)}, {a.Value.Pending}, {a.Value.Approval}, {string.Join(' ', a.Value.Checks)}");
        return $"  v{version.Version} from {version.EffectiveFrom} {p.Zone.Id}: {p.Expiry}, {p.Clawback}, grace {p.RefundGraceDays}, "
            + $"{p.Lateness}, {p.Adjustments}, any: {p.AnyActivity?.Rules[0].Formula}\n" + string.Join('\n', rules);
    }
}

/// <summary>A zone and dates on which its days are odd.</summary>
internal sealed record Place(DateTimeZone Zone, ImmutableArray<LocalDate> OddDates)
{
    public static readonly ImmutableArray<Place> All =
    [
        // Midnight does not exist on 4 November 2018; 17 February 2018 has an hour twice before its midnight.
        Of("America/Sao_Paulo", new(2018, 2, 17), new(2018, 11, 3), new(2018, 11, 4)),
        // Clocks skip from Thursday's end to 01:00 on 28 April 2023; in 2014 twice within a year.
        Of("Africa/Cairo", new(2014, 5, 15), new(2014, 7, 31), new(2023, 4, 27), new(2023, 10, 26)),
        // There was no 30 December 2011.
        Of("Pacific/Apia", new(2011, 12, 29), new(2011, 12, 30), new(2011, 12, 31)),
        Of("America/Havana", new(2018, 3, 10), new(2018, 3, 11), new(2018, 11, 3), new(2018, 11, 4)),
        // At one minute past midnight back into the day before.
        Of("America/St_Johns", new(2010, 11, 6), new(2010, 11, 7), new(2011, 3, 13)),
        Of("Asia/Shanghai", new(2020, 2, 29), new(2023, 12, 31), new(2024, 2, 29)),
        Of("Europe/Berlin", new(2024, 3, 31), new(2024, 10, 27), new(2028, 2, 29)),
        Of("Etc/GMT+12", new(2020, 1, 31), new(2020, 2, 29)),
        Of("Pacific/Kiritimati", new(2020, 2, 28), new(2020, 12, 31)),
    ];

    private static Place Of(string zone, params ReadOnlySpan<LocalDate> dates) =>
        new(DateTimeZoneProviders.Tzdb[zone], [.. dates, new(2020, 2, 28), new(2021, 1, 31)]);
}
