using Ledger.Accounts;
using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Grains.Communities;
using Ledger.Grains.Journal;
using NodaTime;

namespace Ledger.Api.Sharing;

/// <summary>The funds of a community.</summary>
/// <param name="Data">By id: those that the programme in force names, and others that hold points.</param>
public sealed record FundList(IReadOnlyList<FundView> Data);

/// <summary>A fund.</summary>
/// <param name="Fund">Its id.</param>
/// <param name="Names">What people call it, by language tag; absent where the programme does not name it.</param>
/// <param name="Balance">Points in it.</param>
public sealed record FundView(string Fund, IReadOnlyDictionary<string, string>? Names, long Balance);

internal static class ListFunds
{
    private const string Prefix = "fund/";

    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.ReadFunds)
        .Describe("listFunds", "Sharing", "The funds of the community and what they hold", "What was donated, what overflowed, and what expired for them.")
        .Gives<FundList>(StatusCodes.Status200OK, "The funds.");

    private static async Task<IResult> Handle(HttpContext context, CommunityScope scope, IJournal journal, IProgrammes programmes, IClock clock)
    {
        var community = await scope.Of(context);
        var totals = await journal.ReadTotals(community, context.RequestAborted);
        var named = (await programmes.Of(community)).InForceAt(clock.GetCurrentInstant())?.Programme.Funds;
        var ids = totals.Keys.Where(account => account.StartsWith(Prefix, StringComparison.Ordinal)).Select(account => account[Prefix.Length..])
            .Union(named?.Keys.Select(fund => fund.Value) ?? [])
            .Order(StringComparer.Ordinal);
        return Answers.Ok(
            new FundList([.. ids.Select(id => new FundView(id, named?.GetValueOrDefault(new(id)), totals.GetValueOrDefault(Account.Fund(new(id)).Name)))]),
            ApiJson.Web.FundList);
    }
}
