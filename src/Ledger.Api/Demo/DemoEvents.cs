using System.Globalization;
using Ledger.Merchants;
using Ledger.Programmes;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Api.Demo;

/// <summary>Two weeks of a small community, as commands. The same every time, but for the dates.</summary>
internal static class DemoEvents
{
    /// <summary>How many residents take part.</summary>
    public const int ResidentsCount = 8;

    private const int FirstNumber = 1001;
    private const int SpendingHour = 20;
    private const string Source = "/demo";

    // Days ago, hour, activity, quantity: what each resident did, from the busiest to the newest.
    private static readonly (int DaysAgo, int Hour, string Activity, long Quantity)[][] Activities =
    [
        [(13, 9, "charity-service", 120), (11, 14, "elder-companion", 90), (9, 19, "community-event", 1), (6, 9, "charity-service", 300), (2, 8, "waste-sorting", 1)],
        [(12, 10, "class-teaching", 1), (5, 10, "class-teaching", 1), (3, 19, "community-event", 1), (1, 8, "waste-sorting", 2)],
        [(10, 15, "elder-companion", 60), (8, 15, "elder-companion", 60), (1, 15, "elder-companion", 120)],
        [(9, 8, "waste-sorting", 1), (8, 8, "waste-sorting", 1), (7, 8, "waste-sorting", 3), (4, 19, "community-event", 1)],
        [(7, 9, "charity-service", 180), (7, 13, "charity-service", 120), (2, 19, "community-event", 1)],
        [(6, 19, "community-event", 1), (6, 20, "community-event", 1), (6, 21, "community-event", 1)],
        [(4, 10, "class-teaching", 2), (2, 9, "charity-service", 60)],
        [(1, 9, "charity-service", 45)],
    ];

    // Resident's place, merchant, points, all of yesterday evening; the refund and the reversal below refer to these.
    private static readonly (int Place, string Merchant, long Points)[] Spends =
        [(0, "tea-house", 25), (1, "canteen", 30), (2, "clinic", 20), (4, "tea-house", 15), (6, "laundry", 40), (7, "canteen", 50)];

    /// <summary>The commands, those of a resident in their order; with the time that each counts from, where that is not now.</summary>
    public static IEnumerable<(string Resident, string Id, WalletCommand Command, Instant? At)> Of(Instant now)
    {
        for (var place = 0; place < Activities.Length; place++)
        {
            for (var i = 0; i < Activities[place].Length; i++)
            {
                var (daysAgo, hour, activity, quantity) = Activities[place][i];
                var at = At(now, daysAgo, hour);
                yield return (Resident(place), $"activity-{place}-{i}", new EarnPoints(new(activity), quantity, at), at);
            }
        }

        foreach (var (place, merchant, points) in Spends)
        {
            yield return (Resident(place), $"spend-{place}", new SpendPoints(new(merchant), new(points), "t-1"), At(now, 1, SpendingHour));
        }

        // A cancelled visit, a returned meal, and a class that did not take place although its points were spent.
        yield return (Resident(2), "reversal-2", new ReverseEarning(Key("activity-2-1"), null), null);
        yield return (Resident(1), "refund-1", new RefundSpend(Key("spend-1"), new Points(10)), null);
        yield return (Resident(6), "reversal-6", new ReverseEarning(Key("activity-6-0"), new Points(30)), null);
    }

    /// <summary>The tea house, as an operator registered it before all this.</summary>
    public static Merchant TeaHouse(Instant now) => new()
    {
        Id = new("tea-house"),
        NameZh = "湖畔茶馆",
        NameEn = "Lakeside tea house",
        Category = "shops",
        Status = MerchantStatus.Active,
        Cashiers = [new("c-9", new ResidentId(Resident(2)))],
        Terms = [new(At(now, 30, 0), new(22, 0), new(10, new(1), "CNY", Rounding.Down))],
        Limits = new(new(5, SignalAction.Flag), SignalAction.Hold),
    };

    private static CommandKey Key(string id) => CommandKey.Event(Source, id);

    private static string Resident(int place) => string.Create(CultureInfo.InvariantCulture, $"r-{FirstNumber + place}");

    private static Instant At(Instant now, int daysAgo, int hour)
    {
        var zone = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];
        return now.InZone(zone).Date.PlusDays(-daysAgo).At(new LocalTime(hour, 0)).InZoneLeniently(zone).ToInstant();
    }
}
