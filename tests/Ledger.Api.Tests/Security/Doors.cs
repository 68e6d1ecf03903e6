using Ledger.Api.Security;
using Ledger.Api.Tests.Serving;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Api.Tests.Security;

/// <summary>Who may go where: every endpoint with every role.</summary>
public sealed class Doors(SharedApi shared)
{
    private static readonly string[] Open =
        ["/", "/health/live", "/health/ready", "/problems", "/problems/{code}", "/schemas/programme.json", "/vouchers/{community}/jwks.json", "/openapi/{documentName}.json"];

    // Method, address, body, and who may: a app, m merchant, r the resident r-own, o operator.
    private static readonly (string Method, string Url, string? Body, string Who)[] Table =
    [
        ("POST", "/v1/events", "{}", "a"),
        ("POST", "/v1/events:simulate", "{}", "ao"),
        ("GET", "/v1/events?source=/x&id=y", null, "ao"),
        ("GET", "/v1/events/%2Fx/y", null, "ao"),
        ("GET", "/v1/residents/r-own/balance", null, "aro"),
        ("GET", "/v1/residents/r-own/lots", null, "aro"),
        ("GET", "/v1/residents/r-own/transactions", null, "aro"),
        ("GET", "/v1/residents/r-own/transactions/1", null, "aro"),
        ("GET", "/v1/residents/r-other/balance", null, "ao"),
        ("GET", "/v1/residents/r-other/lots", null, "ao"),
        ("GET", "/v1/residents/r-other/transactions", null, "ao"),
        ("GET", "/v1/residents/r-other/transactions/1", null, "ao"),
        ("DELETE", "/v1/residents/r-own/transactions/1/note", null, "o"),
        ("POST", "/v1/residents/r-own/spends", "{}", "am"),
        ("POST", "/v1/residents/r-own/transactions/1/refunds", "{}", "amo"),
        ("POST", "/v1/residents/r-own/adjustments", "{}", "o"),
        ("PUT", "/v1/residents/r-own/profile", "{}", "ao"),
        ("DELETE", "/v1/residents/r-own/profile", null, "ao"),
        ("POST", "/v1/members/find", "{}", "am"),
        ("POST", "/v1/residents/r-own/vouchers", "{}", "ar"),
        ("POST", "/v1/residents/r-other/vouchers", "{}", "a"),
        ("POST", "/v1/merchants/tea-house/vouchers/redeem", "{}", "am"),
        ("POST", "/v1/voucher-keys/rotate", null, "o"),
        ("POST", "/v1/residents/r-own/paycodes", null, "ar"),
        ("POST", "/v1/residents/r-other/paycodes", null, "a"),
        ("POST", "/v1/residents/r-own/freeze", "{}", "o"),
        ("POST", "/v1/residents/r-own/unfreeze", "{}", "o"),
        ("POST", "/v1/residents/r-own/close", "{}", "o"),
        ("POST", "/v1/residents/r-own/erase", "{}", "o"),
        ("POST", "/v1/residents/r-own/gifts", "{}", "ar"),
        ("POST", "/v1/residents/r-other/gifts", "{}", "a"),
        ("GET", "/v1/residents/r-own/gifts/1", null, "aro"),
        ("GET", "/v1/residents/r-other/gifts/1", null, "ao"),
        ("POST", "/v1/residents/r-own/gifts/1/cancel", null, "ar"),
        ("POST", "/v1/residents/r-other/gifts/1/cancel", null, "a"),
        ("POST", "/v1/residents/r-own/donations", "{}", "ar"),
        ("POST", "/v1/residents/r-other/donations", "{}", "a"),
        ("PUT", "/v1/residents/r-own/expiry-choice", "{}", "ar"),
        ("PUT", "/v1/residents/r-other/expiry-choice", "{}", "a"),
        ("GET", "/v1/funds", null, "aro"),
        ("GET", "/v1/residents/r-own/household", null, "aro"),
        ("GET", "/v1/residents/r-other/household", null, "ao"),
        ("PUT", "/v1/residents/r-own/pool-consent", "{}", "ar"),
        ("PUT", "/v1/residents/r-other/pool-consent", "{}", "a"),
        ("GET", "/v1/households/none", null, "ao"),
        ("PUT", "/v1/households/door/members/r-own", null, "ao"),
        ("DELETE", "/v1/households/door/members/r-own", null, "ao"),
        ("POST", "/v1/households/door/spends", "{}", "a"),
        ("GET", "/v1/households/door/spends/99", null, "ao"),
        ("POST", "/v1/households/door/spends/99/refunds", "{}", "amo"),
        ("POST", "/v1/holds", "{}", "am"),
        ("POST", "/v1/holds/tea-house,none/capture", "{}", "am"),
        ("POST", "/v1/holds/tea-house,none/release", null, "am"),
        ("GET", "/v1/merchants/tea-house/refs/none", null, "amo"),
        ("POST", "/v1/merchants/tea-house/refs/door/void", null, "amo"),
        ("POST", "/v1/merchants/tea-house/refs/none/refunds", "{}", "amo"),
        ("GET", "/v1/rewards", null, "amro"),
        ("PUT", "/v1/rewards/none", "{}", "o"),
        ("GET", "/v1/rewards/none", null, "amro"),
        ("DELETE", "/v1/rewards/none", null, "o"),
        ("GET", "/v1/rewards/none/stock", null, "o"),
        ("POST", "/v1/rewards/none/stock", """{ "change": 1 }""", "o"),
        ("GET", "/v1/residents/r-own/rewards", null, "aro"),
        ("GET", "/v1/residents/r-other/rewards", null, "ao"),
        ("GET", "/v1/residents/r-own/rewards/none", null, "aro"),
        ("GET", "/v1/residents/r-other/rewards/none", null, "ao"),
        ("POST", "/v1/residents/r-own/redemptions", "{}", "a"),
        ("GET", "/v1/residents/r-own/redemptions", null, "aro"),
        ("GET", "/v1/residents/r-other/redemptions", null, "ao"),
        ("GET", "/v1/redemptions/none", null, "amo"),
        ("POST", "/v1/redemptions/none/pay", null, "amo"),
        ("POST", "/v1/redemptions/none/ready", null, "mo"),
        ("POST", "/v1/redemptions/none/book", "{}", "amo"),
        ("POST", "/v1/redemptions/none/pick-up", "{}", "mo"),
        ("POST", "/v1/redemptions/none/deliver", null, "mo"),
        ("POST", "/v1/redemptions/none/no-show", null, "mo"),
        ("POST", "/v1/redemptions/none/cancel", null, "amo"),
        ("GET", "/v1/merchants", null, "o"),
        ("GET", "/v1/merchants/tea-house", null, "amo"),
        ("GET", "/v1/merchants/tea-house/sales", null, "amo"),
        ("GET", "/v1/merchants/tea-house/redemptions", null, "amo"),
        ("GET", "/v1/merchants/tea-house/totals", null, "amo"),
        ("GET", "/v1/merchants/tea-house/statements", null, "amo"),
        ("GET", "/v1/merchants/tea-house/statements/2026-01-01", null, "amo"),
        ("POST", "/v1/merchants/tea-house/statements/2026-01-01/close", null, "o"),
        ("POST", "/v1/merchants/tea-house/statements/2026-01-01/dispute", "{}", "mo"),
        ("POST", "/v1/merchants/tea-house/statements/2026-01-01/confirm", "{}", "o"),
        ("POST", "/v1/merchants/tea-house/statements/2026-01-01/clear", "{}", "o"),
        ("POST", "/v1/merchants/tea-house/statements/2026-01-01/pay", "{}", "o"),
        ("POST", "/v1/settlements/2026-01-01/close", null, "o"),
        ("PUT", "/v1/merchants/door", "{}", "o"),
        ("GET", "/v1/merchants/tea-house/revisions", null, "o"),
        ("GET", "/v1/approvals", null, "o"),
        ("POST", "/v1/residents/r-own/transactions/1/approve", "{}", "o"),
        ("POST", "/v1/residents/r-own/transactions/1/reject", "{}", "o"),
        ("GET", "/v1/trial-balance", null, "o"),
        ("GET", "/v1/budgets", null, "o"),
        ("GET", "/v1/campaigns", null, "amro"),
        ("GET", "/v1/tiers", null, "amro"),
        ("GET", "/v1/feed", null, "o"),
        ("POST", "/v1/communities", "{}", "o"),
        ("GET", "/v1/communities", null, "o"),
        ("POST", "/v1/keys", "{}", "o"),
        ("GET", "/v1/keys", null, "o"),
        ("POST", "/v1/keys/none/rotate", null, "o"),
        ("POST", "/v1/keys/none/revoke", null, "o"),
        ("POST", "/v1/programmes", "{}", "o"),
        ("POST", "/v1/programmes:check", "{}", "o"),
        ("POST", "/v1/programmes:replay", "{}", "o"),
        ("GET", "/v1/programmes", null, "o"),
        ("GET", "/v1/programmes/1", null, "o"),
        ("POST", "/v1/drafts", "{}", "o"),
        ("GET", "/v1/drafts", null, "o"),
        ("GET", "/v1/drafts/none", null, "o"),
        ("PUT", "/v1/drafts/none", null, "o"),
        ("DELETE", "/v1/drafts/none", null, "o"),
        ("POST", "/v1/drafts/none/publish", "{}", "o"),
        ("POST", "/v1/reratings", "{}", "o"),
        ("GET", "/v1/reratings", null, "o"),
        ("GET", "/v1/reratings/none", null, "o"),
        ("POST", "/v1/reratings/none/approve", null, "o"),
        ("POST", "/v1/reratings/none/reject", null, "o"),
    ];

    public static TheoryData<string, string, string?, string> Addresses => [.. Table];

    private RouteEndpoint[] Endpoints =>
    [
        .. shared.Api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => !endpoint.RoutePattern.RawText!.TrimStart('/').StartsWith("scalar", StringComparison.Ordinal)),
    ];

    [Fact]
    public void Every_endpoint_names_its_access_or_is_in_the_short_list_of_open_ones()
    {
        foreach (var endpoint in Endpoints)
        {
            var pattern = endpoint.RoutePattern.RawText!;
            var isOpen = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
            Assert.True(isOpen ? Open.Contains(pattern) : endpoint.Metadata.GetMetadata<Access>() is not null, pattern);
        }
    }

    [Fact]
    public void Every_closed_endpoint_is_in_the_table_of_this_test()
    {
        var closed = Endpoints.Count(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null);

        Assert.Equal(closed, Table.Count(row => !row.Url.Contains("r-other", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task Each_role_gets_in_exactly_where_it_may(string method, string url, string? body, string who)
    {
        (await Send(shared.Api.CreateClient(), method, url, body)).IsProblem(401, "unauthenticated");
        foreach (var (letter, client) in new[]
        {
            ('a', shared.App), ('o', shared.Operator), ('m', await shared.Api.Merchant("tea-house")), ('r', await shared.Api.Resident("r-own")),
        })
        {
            var reply = await Send(client, method, url, body);
            var isTurnedAway = (int)reply.Status is 401 or 403 && reply.Word("code") is "forbidden" or "resident_not_granted" or "unauthenticated";

            Assert.True(who.Contains(letter, StringComparison.Ordinal) != isTurnedAway, $"{letter} at {method} {url}: {reply.Status} {reply.Text}");
        }
    }

    [Fact]
    public async Task A_resident_reads_itself_and_nobody_else()
    {
        var resident = await shared.Api.Resident("r-own");

        (await resident.Balance("r-own")).IsOk();
        (await resident.Balance("r-other")).IsProblem(403, "resident_not_granted");
        (await resident.Balance("R-OWN")).IsProblem(403, "resident_not_granted");
    }

    [Fact]
    public async Task A_key_opens_its_own_community_only()
    {
        (await shared.App.Read("/v1/residents/r-1/balance?community=lakeside")).IsOk();
        (await shared.App.Read("/v1/residents/r-1/balance?community=elsewhere")).IsProblem(403, "community_not_granted");
        (await shared.App.Read("/v1/residents/r-1/balance?community=")).IsProblem(400, "identifier_invalid");
    }

    [Fact]
    public async Task A_key_for_all_communities_says_which_one()
    {
        var platform = await shared.Api.Operator(community: null);

        (await platform.Read("/v1/trial-balance")).IsProblem(400, "community_missing");
        (await platform.Read("/v1/trial-balance?community=nowhere")).IsProblem(404, "community_not_found");
        (await platform.Read("/v1/trial-balance?community=lakeside")).IsOk();
    }

    private static Task<Reply> Send(HttpClient client, string method, string url, string? body) => method == "POST"
        ? client.Write(url, body ?? string.Empty, url == "/v1/events" ? Requests.StructuredType : "application/json", ("Idempotency-Key", "door"))
        : client.Ask(new(HttpMethod.Parse(method), url));
}
