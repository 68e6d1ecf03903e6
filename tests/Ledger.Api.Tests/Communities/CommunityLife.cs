using System.Net;
using Ledger.Api.Tests.Serving;

namespace Ledger.Api.Tests.Communities;

public sealed class CommunityLife(SharedApi shared)
{
    [Fact]
    public async Task An_operator_of_the_platform_adds_a_community_once()
    {
        var platform = await shared.Api.Operator(community: null);
        var body = $$"""{ "id": "{{LedgerApi.NewName("c")}}", "name": "南苑社区" }""";

        Assert.Equal("南苑社区", (await platform.Write("/v1/communities", body)).IsOk(HttpStatusCode.Created).Word("name"));
        (await platform.Write("/v1/communities", body)).IsProblem(409, "community_exists");
    }

    [Fact]
    public async Task An_operator_of_one_community_sees_that_one_and_adds_none()
    {
        var list = (await shared.Operator.Read("/v1/communities")).IsOk().At("data").AsArray();

        Assert.Equal("lakeside", Assert.Single(list)!["id"]!.GetValue<string>());
        (await shared.Operator.Write("/v1/communities", """{ "id": "mine", "name": "x" }""")).IsProblem(403, "community_not_granted");
    }

    [Theory]
    [InlineData("""{ "name": "x" }""", "member_missing")]
    [InlineData("""{ "id": "c-1" }""", "member_missing")]
    [InlineData("""{ "id": "南苑", "name": "x" }""", "identifier_invalid")]
    [InlineData("""{ "id": "*", "name": "x" }""", "identifier_invalid")]
    [InlineData("""{ "id": "c-1", "name": "" }""", "text_invalid")]
    [InlineData("""{ "id": "c-1", "name": "x", "zone": "y" }""", "member_unknown")]
    public async Task A_mistake_adds_none(string body, string code) =>
        (await (await shared.Api.Operator(community: null)).Write("/v1/communities", body)).IsProblem(400, code);
}
