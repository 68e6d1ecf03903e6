using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Budgets;
using Ledger.Grains.Communities;
using Ledger.Grains.Journal;
using Ledger.Programmes;
using Ledger.Rules;
using NodaTime;

namespace Ledger.Api.Books;

/// <summary>How the budget of a campaign stands.</summary>
/// <param name="Campaign">The campaign's id.</param>
/// <param name="Version">The programme version that says the totals: the one in force, or else the last that has the campaign.</param>
/// <param name="Points">In points.</param>
/// <param name="Awards">In awards that got something from it.</param>
public sealed record BudgetView(string Campaign, int Version, BudgetCount Points, BudgetCount Awards);

/// <summary>One side of a budget.</summary>
/// <param name="Total">What all residents together may get; absent where there is no limit.</param>
/// <param name="Used">What was drawn, for ever: a reversal gives nothing back.</param>
/// <param name="Left">What was not; absent where there is no limit.</param>
/// <param name="Leased">The part of that which running silos have set aside for themselves; absent where there is no limit.</param>
public sealed record BudgetCount(long? Total, long Used, long? Left, long? Leased);

/// <summary>The budgets of a community.</summary>
/// <param name="Data">By the campaign's id.</param>
public sealed record BudgetList(IReadOnlyList<BudgetView> Data);

internal static class ListBudgets
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe("listBudgets", "Books", "The budgets of campaigns", "As the commits kept them.")
        .Gives<BudgetList>(StatusCodes.Status200OK, "Every campaign with a budget, also those that are over.");

    private static async Task<IResult> Handle(
        HttpContext context, CommunityScope scope, IJournal journal, IProgrammes programmes, IClock clock)
    {
        var community = await scope.Of(context);
        var books = await journal.ReadBudgets(community, context.RequestAborted);
        var budgets = WithBudget(await programmes.Of(community), clock.GetCurrentInstant())
            .OrderBy(of => of.Campaign.Name, StringComparer.Ordinal)
            .Select(of => View(of.Version, of.Campaign, books.GetValueOrDefault(of.Campaign.Name, BudgetBook.Empty)));
        return Answers.Ok(new BudgetList([.. budgets]), ApiJson.Web.BudgetList);
    }

    // What comes later says nothing about now, unless it is all that there is.
    private static IEnumerable<(int Version, Campaign Campaign)> WithBudget(PublishedProgrammes programmes, Instant now) => programmes.Versions
        .SelectMany(version => version.Programme.Campaigns, (version, campaign) => (Published: version, Campaign: campaign))
        .Where(of => of.Campaign.Budget is not null)
        .GroupBy(of => of.Campaign.Name)
        .Select(versions => versions.LastOrDefault(of => of.Published.EffectiveFrom <= now, versions.First()))
        .Select(of => (of.Published.Version, of.Campaign));

    private static BudgetView View(int version, Campaign campaign, BudgetBook book) => new(
        campaign.Id,
        version,
        Count(campaign.Budget!.Points?.Value, book.Used.Points, book.Leased.Points),
        Count(campaign.Budget!.Awards, book.Used.Awards, book.Leased.Awards));

    private static BudgetCount Count(long? total, long used, long leased)
    {
        if (total is not { } most)
        {
            return new(null, used, null, null);
        }

        var left = Math.Max(0, most - used);
        return new(most, used, left, Math.Min(left, leased));
    }
}
