using Ledger.Api.Tests.Serving;

namespace Ledger.Api.Tests.Mall;

internal static class MallRequests
{
    public const string Tea = """
        { "kind": "goods", "category": "shops", "merchant": "tea-house", "names": { "zh-CN": "龙井茶礼盒", "en": "Tea gift box" },
          "price": { "points": 12 }, "limits": [ { "per": "month", "max": 2 } ], "handover": "pick_up" }
        """;

    public const string Visit = """
        { "kind": "service", "category": "elder_care", "merchant": "clinic", "names": { "en": "A visit" },
          "price": { "points": 8, "cash": { "amount": 990, "currency": "CNY" } }, "handover": "appointment", "holdMinutes": 30 }
        """;

    public static Task<Reply> Put(this HttpClient client, string reward, string json, string? ifMatch = null) =>
        client.Ask(HttpMethod.Put, $"/v1/rewards/{reward}", json, ("If-Match", ifMatch));

    public static Task<Reply> Withdraw(this HttpClient client, string reward, string? ifMatch) =>
        client.Ask(HttpMethod.Delete, $"/v1/rewards/{reward}", null, ("If-Match", ifMatch));

    public static Task<Reply> Redeem(this HttpClient client, string resident, string reward, int quantity = 1, string? key = null) =>
        client.Command($"/v1/residents/{resident}/redemptions", $$"""{ "reward": "{{reward}}", "quantity": {{quantity}} }""", key);

    public static Task<Reply> Step(this HttpClient client, string redemption, string step, string body = "{}", string? key = null) =>
        client.Command($"/v1/redemptions/{redemption}/{step}", body, key);
}
