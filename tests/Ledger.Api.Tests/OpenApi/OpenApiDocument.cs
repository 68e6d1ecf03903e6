using System.Text.Json.Nodes;
using Ledger.Api.Tests.Serving;

namespace Ledger.Api.Tests.OpenApi;

public sealed class OpenApiDocument(SharedApi shared)
{
    private static readonly string[] WithoutBody = ["/statements/{day}/close", "/settlements/{day}/close", "/paycodes", "/rotate", "/revoke", "/approve", "/reject", "/release", "/void", "/pay", "/ready", "/deliver", "/no-show", "/cancel"];

    [Fact]
    public async Task What_is_served_is_what_is_committed()
    {
        var served = (await shared.Api.CreateClient().Read("/openapi/v1.json")).IsOk();

        Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse(Repository.Read("openapi/v1.json")), served.Json),
            "openapi/v1.json differs: build, look at the difference, commit it.");
        Assert.StartsWith("3.1", served.Word("openapi"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_operation_says_what_it_is_for_and_what_can_go_wrong()
    {
        var document = (await shared.Api.CreateClient().Read("/openapi/v1.json")).IsOk();
        foreach (var (path, methods) in document.At("paths").AsObject())
        {
            foreach (var (method, operation) in methods!.AsObject())
            {
                var name = $"{method} {path}";
                var isClosed = path.StartsWith("/v1", StringComparison.Ordinal);
                Assert.True(operation!["operationId"] is not null && operation["summary"] is not null && operation["description"] is not null, name);
                Assert.True(!isClosed || operation["security"] is not null, name);
                Assert.True(!isClosed || operation["responses"]!["401"] is not null, name);
                Assert.True(method != "post" || WithoutBody.Any(verb => path.EndsWith(verb, StringComparison.Ordinal))
                    || operation["requestBody"]!["content"]!.AsObject().First().Value!["example"] is not null, name);
            }
        }
    }

    [Fact]
    public async Task Points_are_whole_numbers_and_times_are_times()
    {
        var schemas = (await shared.Api.CreateClient().Read("/openapi/v1.json")).IsOk().At("components.schemas");

        var available = schemas["Balance"]!["properties"]!["available"]!;
        Assert.Equal(("integer", "int64"), (available["type"]!.GetValue<string>(), available["format"]!.GetValue<string>()));
        Assert.Equal("date-time", schemas["Instant"]!["format"]!.GetValue<string>());
    }
}
