using System.Collections.Immutable;
using System.Diagnostics;
using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Grains.Communities;
using Ledger.Programmes;
using NodaTime;

namespace Ledger.Api.Programmes;

/// <summary>The tiers of a community.</summary>
/// <param name="Basis">Which points count: <c>rolling_months</c>, <c>calendar_year</c> or <c>lifetime</c>; absent where there are no tiers.</param>
/// <param name="Months">How many months, where it is <c>rolling_months</c>; else absent.</param>
/// <param name="GraceDays">Local days that a tier is kept after its period; absent where there are no tiers.</param>
/// <param name="NeverBelow">The tier below which nobody falls who once reached it; absent for none.</param>
/// <param name="Data">The tiers of the programme in force, the lowest first.</param>
public sealed record TierList(string? Basis, int? Months, int? GraceDays, string? NeverBelow, IReadOnlyList<TierLevelView> Data)
{
    internal static TierList Of(TierPolicy? tiers) => tiers is null
        ? new(null, null, null, null, [])
        : new(
            tiers.Basis switch
            {
                TierBasis.RollingMonths => "rolling_months",
                TierBasis.CalendarYear => "calendar_year",
                TierBasis.Lifetime => "lifetime",
                _ => throw new UnreachableException($"Basis {tiers.Basis.GetType().Name} has no case."),
            },
            (tiers.Basis as TierBasis.RollingMonths)?.Months,
            tiers.GraceDays,
            tiers.NeverBelow is { } rank ? tiers.Levels[rank].Id : null,
            [.. tiers.Levels.Select(TierLevelView.Of)]);
}

/// <summary>A tier.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Names">What people call it, by language tag.</param>
/// <param name="From">The fewest points that reach it.</param>
/// <param name="MultiplierBasisPoints">Ten-thousandths by which rules give more to its holder; absent for none.</param>
/// <param name="EarlyAccessHours">Hours by which its holder may see and buy before others; absent for none.</param>
public sealed record TierLevelView(string Id, IReadOnlyDictionary<string, string> Names, long From, int? MultiplierBasisPoints, int? EarlyAccessHours)
{
    internal static TierLevelView Of(TierLevel level) => new(
        level.Id, level.Names.ToImmutableSortedDictionary(StringComparer.Ordinal), level.From.Value, level.Multiplier?.BasisPoints, level.EarlyAccessHours);
}

internal static class ListTiers
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.Browse)
        .Describe("listTiers", "Programmes", "The tiers and what they are good for", "Those of the programme in force. What a resident holds, and what is missing to the next one, stands with the balance.")
        .Gives<TierList>(StatusCodes.Status200OK, "The tiers; none where the programme has none.");

    private static async Task<IResult> Handle(HttpContext context, CommunityScope scope, IProgrammes programmes, IClock clock)
    {
        var published = await programmes.Of(await scope.Of(context));
        return Answers.Ok(TierList.Of(published.InForceAt(clock.GetCurrentInstant())?.Programme.Tiers), ApiJson.Web.TierList);
    }
}
