using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Ledger.Api.Keys;
using Ledger.Api.Security;
using Ledger.Api.Tests.Serving;

namespace Ledger.Api.Tests.Dashboard;

public sealed class Dashboards
{
    [Fact]
    public async Task It_is_not_there_unless_it_is_asked_for()
    {
        await using var api = new LedgerApi();
        (await (await api.Operator(community: null)).Read("/dashboard/")).IsProblem(404, "not_found");
    }

    [Fact]
    public async Task It_opens_for_the_key_of_an_operator_of_all_communities_and_for_no_other()
    {
        await using var api = new LedgerApi(("Ledger:Dashboard", "true"));
        await api.Furnish();
        Assert.Equal(HttpStatusCode.OK, await Open(api, Roles.Operator, null));
        Assert.Equal(HttpStatusCode.Forbidden, await Open(api, Roles.Operator, new(LedgerApi.Community)));
        Assert.Equal(HttpStatusCode.Forbidden, await Open(api, Roles.App, new(LedgerApi.Community)));
        Assert.Equal(HttpStatusCode.Unauthorized, await Open(api, KeySecret.Mint()));
    }

    [Fact]
    public async Task A_browser_without_a_key_is_asked_for_one()
    {
        await using var api = new LedgerApi(("Ledger:Dashboard", "true"));
        using var answer = await api.CreateClient().GetAsync(new Uri("/dashboard/", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.StartsWith("Basic", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> Open(LedgerApi api, Roles role, CommunityId? community)
    {
        var secret = KeySecret.Mint();
        var grants = new KeyGrants(LedgerApi.NewName("looker"), role, community, [], null, null, null);
        Assert.True(await api.Catalogue.AddKey(grants.Store(secret, api.Clock.GetCurrentInstant())));
        return await Open(api, secret);
    }

    private static async Task<HttpStatusCode> Open(LedgerApi api, KeySecret secret)
    {
        using var client = api.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"any:{secret.Text}")));
        using var answer = await client.GetAsync(new Uri("/dashboard/", UriKind.Relative), TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
