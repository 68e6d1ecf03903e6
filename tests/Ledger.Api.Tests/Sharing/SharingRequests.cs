using Ledger.Api.Tests.Serving;
using Ledger.Grains.Wallets;
using Ledger.Transactions;
using Ledger.Wallets;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Ledger.Api.Tests.Sharing;

/// <summary>Gifts, donations and the choice for expiring points, through HTTP.</summary>
public sealed class SharingRequests : IAsyncLifetime
{
    private const string Programme =
        """
        { "zone": "Asia/Shanghai", "expiry": { "kind": "rolling", "months": 1 }, "expiryWarnings": { "daysBefore": [ 7 ] },
          "gifts": { "pointsMax": 60, "coolingOffMinutes": 10 },
          "funds": [ { "id": "charity", "names": { "zh-CN": "慈善基金", "en": "Charity fund" } }, { "id": "wish-team" } ],
          "activities": [ { "type": "service", "award": { "kind": "per_unit", "points": 1 } } ] }
        """;

    private readonly LedgerApi _api = new();
    private HttpClient _app = null!;
    private HttpClient _operator = null!;

    public async ValueTask InitializeAsync()
    {
        await _api.Furnish(Programme);
        (_app, _operator) = (await _api.App(), await _api.Operator());
        (await _app.Event(Event.Earn("wang", 100))).IsOk();
        (await _app.Event(Event.Earn("li", 1))).IsOk();
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_gift_is_under_way_until_its_time_and_then_with_the_other()
    {
        var key = Guid.NewGuid().ToString();
        var given = (await Give("wang", "li", 40, "生日快乐", key)).IsOk();
        Assert.Equal((40, 60, "li"), (given.Number("given"), given.Number("balance.available"), given.Word("givenTo")));
        Assert.Equal("under_way", (await Gift(2)).Word("state"));
        Assert.Equal(2, (await _app.Balance("wang")).Number("giftsUnderWay.0.gift"));

        _api.Clock.Advance(Duration.FromMinutes(10));
        Assert.Equal(given.Text, (await Give("wang", "li", 40, "生日快乐", key)).IsOk().Text);

        Assert.Equal(("delivered", "生日快乐"), ((await Gift(2)).Word("state"), (await Gift(2)).Word("message")));
        Assert.Equal(41, (await _app.Balance("li")).Number("available"));
        var received = (await (await _api.Resident("li")).Read("/v1/residents/li/transactions/2", ("Accept-Language", "en"))).IsOk();
        Assert.Equal(("gift_received", "生日快乐"), (received.Word("summary.kind"), received.Word("message")));
        Assert.Contains("came from wang", received.Text, StringComparison.Ordinal);
        (await Cancel(2)).IsProblem(409, "gift_delivered");
        Assert.DoesNotContain("\"reason\"", (await _operator.Read("/v1/residents/wang/transactions/2")).IsOk().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gift_is_taken_back_as_often_as_one_likes_and_comes_back_once()
    {
        (await Give("wang", "li", 40)).IsOk();

        Assert.Equal(("taken_back", "taken_back"), ((await Cancel(2)).IsOk().Word("state"), (await Cancel(2)).IsOk().Word("state")));

        Assert.Equal(100, (await _app.Balance("wang")).Number("available"));
        _api.Clock.Advance(Duration.FromMinutes(10));
        (await Give("wang", "li", 1)).IsOk();
        Assert.Equal(1, (await _app.Balance("li")).Number("available"));
    }

    [Fact]
    public async Task A_gift_to_a_frozen_wallet_comes_back_and_says_why()
    {
        (await _operator.Command("/v1/residents/li/freeze", """{ "reason": "x" }""")).IsOk();
        var key = Guid.NewGuid().ToString();
        (await Give("wang", "li", 40, key: key)).IsOk();
        _api.Clock.Advance(Duration.FromMinutes(10));
        (await Give("wang", "li", 40, key: key)).IsOk();

        var gift = await Gift(2);
        Assert.Equal(("refused", "wallet_frozen"), (gift.Word("state"), gift.Word("refusal")));
        Assert.Equal(100, (await _app.Balance("wang")).Number("available"));
    }

    [Fact]
    public async Task A_gift_that_was_refused_but_of_which_its_giver_has_not_heard_has_come_back_when_it_is_taken_back()
    {
        (await _operator.Command("/v1/residents/li/freeze", """{ "reason": "x" }""")).IsOk();
        (await Give("wang", "li", 40)).IsOk();
        _api.Clock.Advance(Duration.FromMinutes(10));
        var grains = _api.Services.GetRequiredService<IGrainFactory>();
        var (community, wang, li) = (new CommunityId(LedgerApi.Community), new ResidentId("wang"), new ResidentId("li"));
        var gift = (await grains.GetWallet(community, wang).Read()).State.GiftsUnderWay.Single();
        await grains.GetWallet(community, li).Send(new()
        {
            Community = community,
            Resident = li,
            Key = CommandKey.Gift(wang, gift.Of),
            Command = new ReceiveGift(wang, gift.Of, gift.Lots),
        });

        Assert.Equal(("refused", "wallet_frozen"), ((await Cancel(2)).IsOk().Word("state"), (await Gift(2)).Word("refusal")));
        Assert.Equal(100, (await _app.Balance("wang")).Number("available"));
    }

    [Theory]
    [InlineData("wang", 1, "gift_to_self")]
    [InlineData("nobody", 1, "receiver_unknown")]
    [InlineData("li", 61, "gift_limit_exceeded")]
    public async Task What_cannot_be_given_is_refused_for_good(string to, long points, string code)
    {
        var key = Guid.NewGuid().ToString();
        (await Give("wang", to, points, key: key)).IsProblem(422, code);
        Assert.True((await Give("wang", to, points, key: key)).IsProblem(422, code).IsReplayed);
        Assert.Equal(100, (await _app.Balance("wang")).Number("available"));
    }

    [Fact]
    public async Task What_is_no_gift_is_not_found()
    {
        (await Cancel(1)).IsProblem(404, "gift_not_found");
        (await _app.Read("/v1/residents/wang/gifts/1")).IsProblem(404, "gift_not_found");
        (await _app.Read("/v1/residents/wang/gifts/99")).IsProblem(404, "gift_not_found");
        (await _app.Command("/v1/residents/wang/gifts", """{ "to": "li", "points": 0 }""")).IsProblem(400, "points_invalid");
    }

    [Fact]
    public async Task A_donation_is_in_the_fund_and_everybody_sees_it()
    {
        var donated = (await (await _api.Resident("wang")).Command("/v1/residents/wang/donations", """{ "fund": "charity", "points": 30 }""")).IsOk();
        Assert.Equal((30, "charity", 70), (donated.Number("donated"), donated.Word("donatedTo"), donated.Number("balance.available")));
        (await _app.Command("/v1/residents/wang/donations", """{ "fund": "nobodys", "points": 30 }""")).IsProblem(422, "unknown_fund");

        var funds = (await (await _api.Resident("li")).Read("/v1/funds")).IsOk();

        Assert.Equal(("charity", "Charity fund", 30), (funds.Word("data.0.fund"), funds.Word("data.0.names.en"), funds.Number("data.0.balance")));
        Assert.Equal(("wish-team", 0), (funds.Word("data.1.fund"), funds.Number("data.1.balance")));
    }

    [Fact]
    public async Task What_expires_goes_to_the_fund_that_the_resident_chose_and_the_warning_says_so()
    {
        var resident = await _api.Resident("wang");
        Assert.Equal("charity", (await Choose(resident, """{ "fund": "charity" }""")).IsOk().Word("fund"));
        Assert.Equal("charity", (await Choose(resident, """{ "fund": "charity" }""")).IsOk().Word("fund"));
        (await Choose(resident, """{ "fund": "nobodys" }""")).IsProblem(422, "unknown_fund");
        Assert.Equal("charity", (await _app.Balance("wang")).Word("expiryFund"));

        _api.Clock.Advance(Duration.FromDays(25));
        (await _app.Event(Event.Earn("wang", 1))).IsOk();
        Assert.Equal("charity", (await _operator.Read("/v1/feed?type=expiry-warned")).IsOk().Word("data.0.events.0.data.fund"));
        _api.Clock.Advance(Duration.FromDays(15));
        Assert.Equal("{}", (await Choose(resident, "{}")).IsOk().Text);

        Assert.Equal(100, (await _app.Read("/v1/funds")).IsOk().Number("data.0.balance"));
    }

    private Task<Reply> Give(string from, string to, long points, string? message = null, string? key = null) => _app.Command(
        $"/v1/residents/{from}/gifts", message is null ? $$"""{ "to": "{{to}}", "points": {{points}} }""" : $$"""{ "to": "{{to}}", "points": {{points}}, "message": "{{message}}" }""", key);

    private async Task<Reply> Gift(long number) => (await _app.Read($"/v1/residents/wang/gifts/{number}")).IsOk();

    private Task<Reply> Cancel(long number) => _app.Write($"/v1/residents/wang/gifts/{number}/cancel", "");

    private static Task<Reply> Choose(HttpClient client, string body) =>
        client.Ask(HttpMethod.Put, "/v1/residents/wang/expiry-choice", body, ("Idempotency-Key", Guid.NewGuid().ToString()));
}
