using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ledger.Fault.Tests.Clients;

/// <summary>Sends commands over connections of its own, and notes in the record whatever no service may do.</summary>
internal sealed class LedgerClient : IDisposable
{
    // Longer than any answer that a service means to give: "try again" comes before. Only a silo that stands still takes longer.
    private static readonly TimeSpan s_answerWithin = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan s_batchAnswerWithin = TimeSpan.FromSeconds(60);

    private readonly ClientRecord _record;
    private readonly HttpClient _http;

    public LedgerClient(Tenant tenant, ClientRecord record)
    {
        _record = record;
        _http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5) }) { Timeout = s_batchAnswerWithin };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tenant.Secret);
    }

    /// <summary>Sends a command once; true when it was acknowledged.</summary>
    public async Task<bool> Send(SentCommand command, Uri silo)
    {
        try
        {
            using var request = command.ToRequest(silo);
            using var patience = new CancellationTokenSource(s_answerWithin);
            using var response = await _http.SendAsync(request, patience.Token);
            var body = await response.Content.ReadAsStringAsync(patience.Token);
            if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.UnprocessableEntity)
            {
                Acknowledge(command, Answer.Of(response.StatusCode, JsonNode.Parse(body)!, response.Headers.Contains("Idempotency-Replayed")));
                return true;
            }

            NotAcknowledged(command, response, body);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or JsonException)
        {
            _record.Failed("connection");
        }
        catch (TaskCanceledException)
        {
            _record.Failed("no answer");
        }

        return false;
    }

    /// <summary>Sends acknowledged events as one batch: each must be answered as before. False when the service was not able to.</summary>
    public async Task<bool> SendAgain(IReadOnlyList<SentCommand> events, Uri silo)
    {
        try
        {
            var batch = new JsonArray([.. events.Select(sent => (JsonNode)sent.ToEvent())]);
            using var content = new StringContent(batch.ToJsonString(), System.Text.Encoding.UTF8, "application/cloudevents-batch+json");
            using var response = await _http.PostAsync(new Uri(silo, "/v1/events"), content);
            if (!response.IsSuccessStatusCode)
            {
                return false;
            }

            var results = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["results"]!.AsArray();
            foreach (var (sent, result) in events.Zip(results))
            {
                var status = (HttpStatusCode)result!["status"]!.GetValue<int>();
                if (status == HttpStatusCode.ServiceUnavailable)
                {
                    return false;
                }

                Acknowledge(sent, Answer.Of(
                    status, (result["receipt"] ?? result["problem"])!.DeepClone(), result["replayed"]?.GetValue<bool>() == true));
            }

            return true;
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or TaskCanceledException)
        {
            return false;
        }
    }

    /// <summary>What a silo says a resident has; null when it does not answer.</summary>
    public Task<JsonObject?> Balance(string resident, Uri silo) => Read($"/v1/residents/{resident}/balance", silo);

    /// <summary>What a silo answers; null when it does not.</summary>
    public async Task<JsonObject?> Read(string path, Uri silo)
    {
        try
        {
            return JsonNode.Parse(await _http.GetStringAsync(new Uri(silo, path)))!.AsObject();
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or TaskCanceledException)
        {
            return null;
        }
    }

    public void Dispose() => _http.Dispose();

    private void Acknowledge(SentCommand command, Answer answer)
    {
        if (!answer.Replayed)
        {
            _record.Decide();
        }

        if (command.Answer is not { } first)
        {
            command.Acknowledge(answer);
            return;
        }

        if (!answer.Replayed)
        {
            _record.Wrongs.Enqueue($"Done a second time: {command}, then {answer}.");
        }
        else if (!first.Agrees(answer))
        {
            _record.Wrongs.Enqueue($"Answered differently: {command}, then {answer}.");
        }
    }

    private void NotAcknowledged(SentCommand command, HttpResponseMessage response, string body)
    {
        if (response.StatusCode != HttpStatusCode.ServiceUnavailable)
        {
            _record.Wrongs.Enqueue($"Answered {(int)response.StatusCode} {body}: {command}.");
            return;
        }

        if (response.Headers.RetryAfter is null)
        {
            _record.Wrongs.Enqueue($"503 without Retry-After: {body}.");
        }

        _record.Failed(JsonNode.Parse(body)!["code"]!.GetValue<string>());
    }
}
