using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Grains.Journal;
using NodaTime;

namespace Ledger.Api.Settlement;

/// <summary>What one cashier took and gave back at one till. Unit: points, and minor units of money.</summary>
public sealed record TotalView
{
    /// <summary>The till; absent for what did not say.</summary>
    public string? Terminal { get; init; }

    /// <summary>Who served; absent for what did not say.</summary>
    public string? Cashier { get; init; }

    /// <summary>How many captures and spends.</summary>
    public required long Sales { get; init; }

    /// <summary>Their points.</summary>
    public required long Captured { get; init; }

    /// <summary>How many refunds.</summary>
    public required long Refunds { get; init; }

    /// <summary>Their points.</summary>
    public required long Refunded { get; init; }

    /// <summary>Captured less refunded.</summary>
    public required long Net { get; init; }

    /// <summary>The currency of the money; absent for sales without a rate, which are a line of their own.</summary>
    public string? Currency { get; init; }

    /// <summary>What the net comes to, in minor units; absent without a rate.</summary>
    public long? Money { get; init; }

    internal static TotalView Of(MovementSum sum) => new()
    {
        Terminal = sum.Terminal,
        Cashier = sum.Cashier,
        Sales = sum.Sales,
        Captured = sum.Captured.Value,
        Refunds = sum.Refunds,
        Refunded = sum.Refunded.Value,
        Net = (sum.Captured - sum.Refunded).Value,
        Currency = sum.Currency,
        Money = sum.Currency is null ? null : sum.MoneyCaptured - sum.MoneyRefunded,
    };
}

/// <summary>A merchant's settlement day, added up.</summary>
/// <param name="Merchant">The merchant.</param>
/// <param name="Day">The day.</param>
/// <param name="Data">By till and cashier, and by currency where there are several.</param>
/// <param name="Captured">Points captured in all.</param>
/// <param name="Refunded">Points refunded in all.</param>
/// <param name="Net">Captured less refunded.</param>
public sealed record DayTotals(string Merchant, LocalDate Day, IReadOnlyList<TotalView> Data, long Captured, long Refunded, long Net);

internal static class ReadTotals
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.ReadSale)
        .Describe(
            "readTotals", "Settlement", "A merchant's settlement day, added up by till and cashier",
            "For the end of a day or of a shift. `day` is today where it is left out. A void before the cut-off counts as a refund at the till of its hold.")
        .Gives<DayTotals>(StatusCodes.Status200OK, "Totals by till and cashier.")
        .Fails(KnownProblems.IdentifierInvalid, KnownProblems.DateInvalid, KnownProblems.MerchantNotGranted);

    private static async Task<IResult> Handle(HttpContext context, string merchant, string? day, MerchantDay days, IMovements movements)
    {
        var (community, id, date) = await days.Of(context, merchant, day);
        var sums = (await movements.Sum(community, [new(id, date.PlusDays(-1))], date, context.RequestAborted))
            .OrderBy(sum => sum.Terminal, StringComparer.Ordinal)
            .ThenBy(sum => sum.Cashier, StringComparer.Ordinal)
            .ThenBy(sum => sum.Currency, StringComparer.Ordinal)
            .Select(TotalView.Of)
            .ToArray();
        var totals = new DayTotals(
            id.Value, date, sums, sums.Sum(sum => sum.Captured), sums.Sum(sum => sum.Refunded), sums.Sum(sum => sum.Net));
        return Answers.Ok(totals, ApiJson.Web.DayTotals);
    }
}
