using System.Net;
using Ledger.Api.Tests.Merchants;
using Ledger.Api.Tests.Serving;

namespace Ledger.Api.Tests.Keys;

public sealed class KeyLife(SharedApi shared)
{
    [Fact]
    public async Task A_key_is_made_used_replaced_and_revoked_under_one_client_id()
    {
        var client = LedgerApi.NewName("app");
        var made = await Make($$"""{ "client": "{{client}}", "roles": ["app"], "sources": ["/apps/library"] }""");
        var first = shared.Api.ClientWith(made.Word("key"));
        var resident = LedgerApi.NewName("r");
        (await first.Event(Event.Earn(resident, 10, source: "/apps/library"))).IsOk();
        (await first.Event(Event.Earn(resident, 10, source: "/apps/other"))).IsProblem(403, "source_not_granted");
        var spend = Guid.NewGuid().ToString();
        (await first.Spend(resident, 3, spend)).IsOk();

        var rotated = (await shared.Operator.Write($"/v1/keys/{made.Word("id")}/rotate", "")).IsOk(HttpStatusCode.Created);
        var second = shared.Api.ClientWith(rotated.Word("key"));
        Assert.Equal(client, rotated.Word("client"));
        Assert.True((await second.Spend(resident, 3, spend)).IsOk().IsReplayed);
        (await first.Balance(resident)).IsOk();

        var revoked = (await shared.Operator.Write($"/v1/keys/{made.Word("id")}/revoke", "")).IsOk();
        Assert.NotEmpty(revoked.Word("revokedAt"));
        (await first.Balance(resident)).IsProblem(401, "unauthenticated");
        (await second.Balance(resident)).IsOk();
        (await shared.Operator.Write($"/v1/keys/{made.Word("id")}/revoke", "")).IsOk();
    }

    [Fact]
    public async Task A_client_whose_last_key_was_revoked_goes_on_under_its_own_id()
    {
        var made = await Make($$"""{ "client": "{{LedgerApi.NewName("till")}}", "roles": ["merchant"], "merchant": "tea-house" }""");
        var resident = LedgerApi.NewName("r");
        (await shared.App.Event(Event.Earn(resident, 10))).IsOk();
        var (paycode, sale) = (await shared.App.Paycode(resident), LedgerApi.NewName("sale"));
        (await Hold(made)).IsOk();
        (await shared.Operator.Write($"/v1/keys/{made.Word("id")}/revoke", "")).IsOk();

        var rotated = (await shared.Operator.Write($"/v1/keys/{made.Word("id")}/rotate", "")).IsOk(HttpStatusCode.Created);

        Assert.Equal((made.Word("client"), "tea-house"), (rotated.Word("client"), rotated.Word("merchant")));
        Assert.True((await Hold(rotated)).IsOk().IsReplayed);
        (await Hold(made)).IsProblem(401, "unauthenticated");

        Task<Reply> Hold(Reply key) => shared.Api.ClientWith(key.Word("key")).HoldBy(paycode, sale, 3, sale);
    }

    [Fact]
    public async Task A_list_shows_keys_without_their_secrets()
    {
        var made = await Make($$"""{ "client": "{{LedgerApi.NewName("till")}}", "roles": ["merchant"], "merchant": "clinic" }""");

        var list = (await shared.Operator.Read("/v1/keys")).IsOk();

        var mine = list.At("data").AsArray().Single(key => key!["id"]!.GetValue<string>() == made.Word("id"))!;
        Assert.Equal(("clinic", "lakeside"), (mine["merchant"]!.GetValue<string>(), mine["community"]!.GetValue<string>()));
        Assert.Null(mine["key"]);
        Assert.DoesNotContain(made.Word("key")[13..], list.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_id_is_given_once()
    {
        var body = $$"""{ "client": "{{LedgerApi.NewName("app")}}", "roles": ["app"] }""";
        await Make(body);

        (await shared.Operator.Write("/v1/keys", body)).IsProblem(409, "client_exists");
    }

    [Fact]
    public async Task Of_many_who_ask_at_once_for_one_client_id_one_gets_it()
    {
        var body = $$"""{ "client": "{{LedgerApi.NewName("app")}}", "roles": ["app"] }""";

        var replies = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => shared.Operator.Write("/v1/keys", body)));

        Assert.Single(replies, reply => reply.Status == HttpStatusCode.Created);
        Assert.All(replies.Where(reply => reply.Status != HttpStatusCode.Created), reply => reply.IsProblem(409, "client_exists"));
    }

    [Fact]
    public async Task The_key_in_the_callers_hand_cannot_be_revoked_with_itself()
    {
        var platform = await shared.Api.Operator(community: null);
        var made = (await platform.Write("/v1/keys", $$"""{ "client": "{{LedgerApi.NewName("operator")}}", "roles": ["operator"], "community": "*" }"""))
            .IsOk(HttpStatusCode.Created);
        var itself = shared.Api.ClientWith(made.Word("key"));

        (await itself.Write($"/v1/keys/{made.Word("id")}/revoke", "")).IsProblem(409, "key_in_use");
        (await itself.Read("/v1/keys")).IsOk();
    }

    [Fact]
    public async Task An_operator_of_one_community_makes_no_second_operator_of_himself()
    {
        var platform = await shared.Api.Operator(community: null);
        var body = $$"""{ "client": "{{LedgerApi.NewName("operator")}}", "roles": ["operator", "app"] }""";

        (await shared.Operator.Write("/v1/keys", body)).IsProblem(403, "forbidden");
        var other = (await platform.Write($"/v1/keys?community={LedgerApi.Community}", body)).IsOk(HttpStatusCode.Created);
        (await shared.Operator.Write($"/v1/keys/{other.Word("id")}/rotate", "")).IsProblem(403, "forbidden");
        (await shared.Operator.Write($"/v1/keys/{other.Word("id")}/revoke", "")).IsProblem(403, "forbidden");

        (await shared.Api.ClientWith(other.Word("key")).Read("/v1/keys")).IsOk();
        (await platform.Write($"/v1/keys/{other.Word("id")}/rotate", "")).IsOk(HttpStatusCode.Created);
        (await platform.Write($"/v1/keys/{other.Word("id")}/revoke", "")).IsOk();
    }

    [Fact]
    public async Task An_operator_of_one_community_neither_sees_nor_makes_keys_of_another()
    {
        var other = LedgerApi.NewName("c");
        var platform = await shared.Api.Operator(community: null);
        (await platform.Write("/v1/communities", $$"""{ "id": "{{other}}", "name": "南苑" }""")).IsOk(HttpStatusCode.Created);
        var theirs = (await platform.Write($"/v1/keys?community={other}", $$"""{ "client": "{{LedgerApi.NewName("app")}}", "roles": ["app"] }"""))
            .IsOk(HttpStatusCode.Created);
        Assert.Equal(other, theirs.Word("community"));

        Assert.DoesNotContain(theirs.Word("id"), (await shared.Operator.Read("/v1/keys")).IsOk().Text, StringComparison.Ordinal);
        (await shared.Operator.Write($"/v1/keys/{theirs.Word("id")}/revoke", "")).IsProblem(404, "key_not_found");
        (await shared.Operator.Write("/v1/keys", $$"""{ "client": "x-1", "roles": ["app"], "community": "{{other}}" }"""))
            .IsProblem(403, "community_not_granted");
        (await shared.Operator.Write("/v1/keys", """{ "client": "x-2", "roles": ["operator"], "community": "*" }"""))
            .IsProblem(403, "community_not_granted");
        (await platform.Write("/v1/keys", """{ "client": "x-3", "roles": ["operator"] }""")).IsProblem(400, "community_missing");
    }

    [Theory]
    [InlineData("""{ "roles": ["app"] }""", 400, "member_missing")]
    [InlineData("""{ "client": "x" }""", 400, "member_missing")]
    [InlineData("""{ "client": "x", "roles": [] }""", 422, "grant_invalid")]
    [InlineData("""{ "client": "x", "roles": ["king"] }""", 422, "grant_invalid")]
    [InlineData("""{ "client": "x", "roles": "app" }""", 400, "member_wrong_type")]
    [InlineData("""{ "client": "x", "roles": [1] }""", 400, "member_wrong_type")]
    [InlineData("""{ "client": "x", "roles": ["merchant"] }""", 422, "grant_invalid")]
    [InlineData("""{ "client": "x", "roles": ["app"], "merchant": "clinic" }""", 422, "grant_invalid")]
    [InlineData("""{ "client": "x", "roles": ["resident"] }""", 422, "grant_invalid")]
    [InlineData("""{ "client": "x", "roles": ["resident", "app"], "resident": "r-1" }""", 422, "grant_invalid")]
    [InlineData("""{ "client": "x", "roles": ["operator"], "sources": ["/x"] }""", 422, "grant_invalid")]
    [InlineData("""{ "client": "x", "roles": ["app"], "sources": [""] }""", 400, "text_invalid")]
    [InlineData("""{ "client": "x", "roles": ["app"], "sources": ["a\nb"] }""", 400, "text_invalid")]
    [InlineData("""{ "client": "x", "roles": ["app"], "expiresAt": "2026-03-01" }""", 400, "time_invalid")]
    [InlineData("""{ "client": "x", "roles": ["app"], "expiresAt": "2020-01-01T00:00:00Z" }""", 422, "grant_invalid")]
    [InlineData("""{ "client": "x y", "roles": ["app"] }""", 400, "identifier_invalid")]
    [InlineData("""{ "client": "x", "roles": ["app"], "admin": true }""", 400, "member_unknown")]
    public async Task Grants_that_do_not_fit_together_make_no_key(string body, int status, string code)
    {
        (await shared.Operator.Write("/v1/keys", body)).IsProblem(status, code);

        Assert.DoesNotContain("\"client\":\"x\"", (await shared.Operator.Read("/v1/keys")).IsOk().Text, StringComparison.Ordinal);
    }

    private async Task<Reply> Make(string body) => (await shared.Operator.Write("/v1/keys", body)).IsOk(HttpStatusCode.Created);
}
