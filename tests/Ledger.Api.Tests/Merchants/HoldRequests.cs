using Ledger.Api.Tests.Serving;

namespace Ledger.Api.Tests.Merchants;

internal static class HoldRequests
{
    /// <summary>A hold as apps send it, which may name the resident.</summary>
    public static Task<Reply> Hold(
        this HttpClient client, string reference, long points, string? key = null, string resident = "r-1", string merchant = "tea-house") =>
        client.Command(
            "/v1/holds",
            $$"""
            { "merchant": "{{merchant}}", "reference": "{{reference}}", "resident": "{{resident}}", "points": {{points}},
              "terminal": "t-1", "cashier": "c-9" }
            """,
            key);

    /// <summary>The same as tills send it, with what the resident shows.</summary>
    public static Task<Reply> HoldBy(this HttpClient client, string paycode, string reference, long points, string? key = null, string merchant = "tea-house") =>
        client.Command(
            "/v1/holds", $$"""{ "merchant": "{{merchant}}", "reference": "{{reference}}", "paycode": "{{paycode}}", "points": {{points}} }""", key);

    /// <summary>A code that a resident shows.</summary>
    public static async Task<string> Paycode(this HttpClient client, string resident = "r-1") =>
        (await client.Write($"/v1/residents/{resident}/paycodes", "")).IsOk().Word("paycode");
}
