using Ledger.Api.Tests.Serving;

namespace Ledger.Api.Tests.Merchants;

internal static class HoldRequests
{
    public static Task<Reply> Hold(
        this HttpClient client, string reference, long points, string? key = null, string resident = "r-1", string merchant = "tea-house") =>
        client.Command(
            "/v1/holds",
            $$"""
            { "merchant": "{{merchant}}", "reference": "{{reference}}", "resident": "{{resident}}", "points": {{points}},
              "terminal": "t-1", "cashier": "c-9" }
            """,
            key);
}
