using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Grains.Journal;
using NodaTime;

namespace Ledger.Api.Books;

/// <summary>Every account of a community with its balance. Unit: points. Balance = in − out.</summary>
/// <param name="Community">Whose books.</param>
/// <param name="AsOf">When they were read.</param>
/// <param name="Accounts">By name; bare names are summed over residents.</param>
/// <param name="Sum">The sum of all accounts: 0, or the books are wrong.</param>
public sealed record TrialBalance(string Community, Instant AsOf, IReadOnlyList<AccountBalance> Accounts, long Sum);

/// <summary>One account.</summary>
/// <param name="Account">Its name, for example <c>merchant/tea-house</c>.</param>
/// <param name="Balance">Points in it; negative where points were created (<c>issuance/…</c>) or are owed (<c>debt</c>).</param>
public sealed record AccountBalance(string Account, long Balance);

internal static class ReadTrialBalance
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe(
            "readTrialBalance", "Books", "The trial balance", "As the commits kept it. What has fallen due in quiet wallets and is not recorded yet is not in it.")
        .Gives<TrialBalance>(StatusCodes.Status200OK, "Accounts by name.");

    private static async Task<IResult> Handle(HttpContext context, CommunityScope scope, IJournal journal, IClock clock)
    {
        var community = await scope.Of(context);
        var totals = await journal.ReadTotals(community, context.RequestAborted);
        var accounts = totals.OrderBy(total => total.Key, StringComparer.Ordinal).Select(total => new AccountBalance(total.Key, total.Value)).ToArray();
        var balance = new TrialBalance(community.Value, clock.GetCurrentInstant(), accounts, accounts.Sum(account => account.Balance));
        return Answers.Ok(balance, ApiJson.Web.TrialBalance);
    }
}
