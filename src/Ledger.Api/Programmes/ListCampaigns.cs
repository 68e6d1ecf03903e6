using System.Collections.Immutable;
using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Grains.Communities;
using Ledger.Programmes;
using Ledger.Rules;
using NodaTime;

namespace Ledger.Api.Programmes;

/// <summary>A campaign of the programme in force, for pages to show.</summary>
public sealed record CampaignView
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>What people call it, by language tag.</summary>
    public required IReadOnlyDictionary<string, string> Names { get; init; }

    /// <summary>The first local date.</summary>
    public required LocalDate From { get; init; }

    /// <summary>The last local date.</summary>
    public required LocalDate Through { get; init; }

    /// <summary>Does it count today?</summary>
    public required bool Running { get; init; }

    /// <summary>The types of activity that it is for; absent for all.</summary>
    public IReadOnlyList<string>? Activities { get; init; }

    /// <summary>Must something else be so as well, such as a tag or an hour?</summary>
    public required bool Conditional { get; init; }

    /// <summary>Ten-thousandths by which the rules give more: 20000 doubles; absent for a bonus.</summary>
    public int? MultiplierBasisPoints { get; init; }

    /// <summary>Points on top; absent for a multiplier.</summary>
    public long? BonusPoints { get; init; }

    /// <summary>Does it come on top of others?</summary>
    public required bool Stacks { get; init; }

    /// <summary>The most points that one resident gets from it; absent for no limit.</summary>
    public long? PointsMax { get; init; }

    /// <summary>How often one resident gets something from it; absent for no limit.</summary>
    public long? TimesMax { get; init; }

    /// <summary>Is there a most for all residents together? Operators see how it stands at <c>/v1/budgets</c>.</summary>
    public required bool Budgeted { get; init; }

    internal static CampaignView Of(Campaign campaign, LocalDate today) => new()
    {
        Id = campaign.Id,
        Names = campaign.Names.ToImmutableSortedDictionary(StringComparer.Ordinal),
        From = campaign.From,
        Through = campaign.Through,
        Running = campaign.From <= today,
        Activities = campaign.Activities is { } types ? [.. types.Select(type => type.Value).Order(StringComparer.Ordinal)] : null,
        Conditional = !campaign.When.IsEmpty,
        MultiplierBasisPoints = (campaign.Effect as CampaignEffect.Multiply)?.BasisPoints,
        BonusPoints = (campaign.Effect as CampaignEffect.Bonus)?.Points.Value,
        Stacks = campaign.Stacks,
        PointsMax = campaign.PointsMax?.Value,
        TimesMax = campaign.TimesMax,
        Budgeted = campaign.Budget is not null,
    };
}

/// <summary>The campaigns of a community.</summary>
/// <param name="Data">Those of the programme in force that are not over, the next to end first.</param>
public sealed record CampaignList(IReadOnlyList<CampaignView> Data);

internal static class ListCampaigns
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.Browse)
        .Describe("listCampaigns", "Programmes", "The campaigns that run or are to come", "Those of the programme in force, with what pages show of them. Operators change them with the next version.")
        .Gives<CampaignList>(StatusCodes.Status200OK, "The campaigns.");

    private static async Task<IResult> Handle(HttpContext context, CommunityScope scope, IProgrammes programmes, IClock clock)
    {
        var now = clock.GetCurrentInstant();
        var programme = (await programmes.Of(await scope.Of(context))).InForceAt(now)?.Programme;
        return Answers.Ok(new CampaignList(programme is null ? [] : [.. Open(programme, programme.DateOf(now))]), ApiJson.Web.CampaignList);
    }

    private static IEnumerable<CampaignView> Open(Programme programme, LocalDate today) => programme.Campaigns
        .Where(campaign => campaign.Through >= today)
        .OrderBy(campaign => campaign.Through)
        .Select(campaign => CampaignView.Of(campaign, today));
}
