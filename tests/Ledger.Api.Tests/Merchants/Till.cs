using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Ledger.Api.Tests.Merchants;

/// <summary>A till as docs/tills.md tells to build one: it knows of every sale how it ended, whatever the network loses.</summary>
internal sealed class Till(HttpClient network, string merchant, string terminal)
{
    private const int HoldTries = 3;

    private readonly Dictionary<string, long> _taken = [];

    /// <summary>Points that were taken in each sale that this till began, less those that were given back; 0 for one that came to nothing.</summary>
    public IReadOnlyDictionary<string, long> Taken => _taken;

    /// <summary>Sells: holds, and captures when the customer has what was bought; 0 points captured is a customer who went away.</summary>
    public async Task Sell(string reference, string paycode, long points, long captured)
    {
        // Written down before anything is sent.
        _taken[reference] = 0;
        var hold = $$"""
            { "merchant": "{{merchant}}", "reference": "{{reference}}", "paycode": "{{paycode}}", "points": {{points}}, "terminal": "{{terminal}}" }
            """;
        if (await Try(HoldTries, "/v1/holds", hold, $"{reference}-hold") is not { } held)
        {
            // Nothing is known of it, and nobody waits any longer: it must come to nothing, also when it arrives afterwards.
            await Void(reference);
            return;
        }

        if (held.Status != HttpStatusCode.OK)
        {
            return;
        }

        if (captured == 0)
        {
            await Void(reference);
            return;
        }

        var capture = await Insist($"/v1/holds/{merchant},{reference}/capture", $$"""{ "points": {{captured}} }""", $"{reference}-capture");
        _taken[reference] = capture.Status == HttpStatusCode.OK ? captured : (await Ask(reference))["captured"]!.GetValue<long>();
    }

    /// <summary>Gives points of a sale back; any till of the merchant may.</summary>
    public async Task<bool> Refund(string reference, long points, string key) =>
        (await Insist($"/v1/merchants/{merchant}/refs/{reference}/refunds", $$"""{ "points": {{points}} }""", key)).Status == HttpStatusCode.OK;

    /// <summary>Notes what another till gave back.</summary>
    public void Returned(string reference, long points) => _taken[reference] -= points;

    /// <summary>What the ledger says of a sale.</summary>
    public async Task<JsonNode> Ask(string reference)
    {
        for (; ; )
        {
            if (await Send(() => new(HttpMethod.Get, $"/v1/merchants/{merchant}/refs/{reference}")) is { Status: HttpStatusCode.OK } answer)
            {
                return JsonNode.Parse(answer.Text)!;
            }
        }
    }

    private async Task Void(string reference) => await Insist($"/v1/merchants/{merchant}/refs/{reference}/void", "", $"{reference}-void");

    private async Task<(HttpStatusCode Status, string Text)> Insist(string url, string body, string key)
    {
        for (; ; )
        {
            if (await Try(1, url, body, key) is { } answer)
            {
                return answer;
            }
        }
    }

    /// <summary>Sends the same until it is answered, but not more often than so.</summary>
    private async Task<(HttpStatusCode Status, string Text)?> Try(int times, string url, string body, string key)
    {
        for (var i = 0; i < times; i++)
        {
            var answer = await Send(() => new(HttpMethod.Post, url)
            {
                Content = new StringContent(body, Encoding.UTF8, "application/json"),
                Headers = { { "Idempotency-Key", key } },
            });
            if (answer is not null)
            {
                return answer;
            }
        }

        return null;
    }

    // No answer, or one that says "not now": the same may be sent again.
    private async Task<(HttpStatusCode Status, string Text)?> Send(Func<HttpRequestMessage> request)
    {
        try
        {
            using var message = request();
            using var response = await network.SendAsync(message);
            return (int)response.StatusCode is 429 or >= 500 ? null : (response.StatusCode, await response.Content.ReadAsStringAsync());
        }
        catch (Exception lost) when (lost is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }
}
