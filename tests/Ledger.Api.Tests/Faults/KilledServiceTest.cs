using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Ledger.Api.Keys;
using Ledger.Grains.Journal.Sqlite;
using Ledger.Grains.Stores.Sqlite;
using Ledger.Grains.Verification;
using NodaTime;

namespace Ledger.Api.Tests.Faults;

/// <summary>
/// The service is killed in the middle of writing, many times, while clients post and keep their own record. Afterwards record and journal
/// are compared: everything acknowledged is there, with that outcome, once; everything in the journal was sent; the books verify.
/// </summary>
public sealed class KilledServiceTest : IDisposable
{
    private const string Source = "/apps/fault-test";
    private const int Residents = 12;
    private const int Clients = 8;
    private const int Kills = 5;

    private static readonly CommunityId Community = CommunityId.Parse("fault-test");

    private readonly string _directory = Directory.CreateTempSubdirectory("ledger-killed-").FullName;
    private readonly KeySecret _secret = KeySecret.Mint();
    private readonly ConcurrentDictionary<string, Sent> _sent = new();
    private readonly int _seed = Environment.GetEnvironmentVariable("LEDGER_FAULT_SEED") is { } text
        ? int.Parse(text, CultureInfo.InvariantCulture)
        : Environment.TickCount;

    private string Database => Path.Combine(_directory, "ledger.db");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task What_was_acknowledged_survives_kills_in_the_middle_of_writing_and_nothing_is_done_twice()
    {
        TestContext.Current.SendDiagnosticMessage($"LEDGER_FAULT_SEED={_seed}");
        await Prepare();
        var chance = new Random(_seed);
        for (var round = 0; round < Kills; round++)
        {
            using var service = await ServiceProcess.Start(Database);
            await PostUntilKilled(service, round, acknowledgements: chance.Next(20, 400));
        }

        using (var service = await ServiceProcess.Start(Database))
        {
            await ResendEverything(service);
        }

        await CompareWithJournal();
    }

    private async Task Prepare()
    {
        using var store = SqliteStore.Open(Database, "test");
        var catalogue = new SqliteCatalogue(store);
        var now = SystemClock.Instance.GetCurrentInstant();
        await catalogue.AddCommunity(new(Community, "Fault test", now));
        await catalogue.AddKey(new()
        {
            Id = _secret.Id,
            Client = "fault-test",
            Community = Community,
            Scopes = ["app", "operator"],
            Sources = [Source],
            Hash = _secret.Hash(),
            CreatedAt = now,
        });
        await catalogue.AddProgramme(new(
            Community, 1, Instant.MinValue, """{ "activities": [ { "type": "*", "award": { "kind": "per_unit", "points": 1 } } ] }""", "test", now));
    }

    // The kill falls at a moment that depends on how many were acknowledged: never between two writes on purpose.
    private async Task PostUntilKilled(ServiceProcess service, int round, int acknowledgements)
    {
        var left = acknowledgements;
        var killed = 0;
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            using var http = Client(service);
            var chance = new Random(_seed + (round * Clients) + client);
            for (var i = 0; Volatile.Read(ref killed) == 0; i++)
            {
                var sent = Draw(chance, $"{round}-{client}-{i}");
                _sent[sent.Id] = sent;
                if (await Post(http, sent) && Interlocked.Decrement(ref left) == 0)
                {
                    service.Kill();
                    Volatile.Write(ref killed, 1);
                }
            }
        })));
    }

    private Sent Draw(Random chance, string id)
    {
        var resident = "r" + chance.Next(Residents);
        // One look, for others add meanwhile.
        var known = _sent.Keys;
        var earlier = known.Count == 0 ? id : known.ElementAt(chance.Next(known.Count));
        var points = chance.Next(1, 60);
        return chance.Next(10) switch
        {
            < 5 => new(id, resident, "activity-completed", new() { ["activity"] = "service", ["quantity"] = points }),
            < 8 => new(id, resident, "points-spent", new() { ["merchant"] = "tea-house", ["points"] = points }),
            < 9 => new(id, _sent.TryGetValue(earlier, out var spend) ? spend.Resident : resident, "spend-refunded",
                new() { ["of"] = new JsonObject { ["id"] = earlier }, ["points"] = points }),
            _ => new(id, _sent.TryGetValue(earlier, out var earn) ? earn.Resident : resident, "activity-reversed",
                new() { ["of"] = new JsonObject { ["id"] = earlier } }),
        };
    }

    /// <summary>True when the service acknowledged it: with a receipt, or with a refusal that is remembered.</summary>
    private static async Task<bool> Post(HttpClient http, Sent sent)
    {
        try
        {
            using var response = await http.PostAsync("/v1/events", sent.ToContent());
            var body = await response.Content.ReadAsStringAsync();
            if ((int)response.StatusCode is not (200 or 422))
            {
                Assert.Equal(503, (int)response.StatusCode);
                return false;
            }

            var replayed = response.Headers.Contains("Idempotency-Replayed");
            if (sent.Answer is { } first)
            {
                Assert.True(replayed, $"{sent.Id} was acknowledged and then done again.");
                Assert.Equal(first, Comparable(body));
            }

            sent.Answer = Comparable(body);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task ResendEverything(ServiceProcess service)
    {
        using var http = Client(service);
        foreach (var sent in _sent.Values)
        {
            Assert.True(await Post(http, sent), $"{sent.Id} was not acknowledged by a healthy service.");
            Assert.True(await Post(http, sent));
        }
    }

    private async Task CompareWithJournal()
    {
        using var store = SqliteStore.OpenReadOnly(Database);
        await using var journal = new SqliteJournal(store);
        var found = new Dictionary<string, string>();
        await foreach (var row in journal.ReadAll(Community))
        {
            Assert.True(found.TryAdd(row.Key.Id, row.Outcome), $"{row.Key.Id} is in the journal twice.");
        }

        Assert.Equal(_sent.Keys.Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
        foreach (var (id, outcome) in found)
        {
            Assert.Equal(outcome, _sent[id].Outcome);
        }

        var report = await new JournalVerifier(journal, journal).Verify(Community);
        Assert.True(report.IsSound, string.Join('\n', report.Findings));
    }

    private HttpClient Client(ServiceProcess service)
    {
        var http = new HttpClient { BaseAddress = service.Address, Timeout = TimeSpan.FromSeconds(30) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _secret.Text);
        return http;
    }

    // A trace id belongs to the request, not to the outcome.
    private static string Comparable(string body)
    {
        var json = JsonNode.Parse(body)!.AsObject();
        json.Remove("traceId");
        return json.ToJsonString();
    }

    private sealed record Sent(string Id, string Resident, string Type, JsonObject Data)
    {
        private readonly string _occurredAt = SystemClock.Instance.GetCurrentInstant().ToString();

        public string? Answer { get; set; }

        public string? Outcome => Answer is null ? null : JsonNode.Parse(Answer) switch
        {
            { } json when json["code"] is { } code => code.GetValue<string>(),
            { } json => json["outcome"]!.GetValue<string>(),
            _ => null,
        };

        public StringContent ToContent() => new(
            new JsonObject
            {
                ["specversion"] = "1.0",
                ["id"] = Id,
                ["source"] = Source,
                ["type"] = $"community.points.{Type}.v1",
                ["subject"] = Resident,
                ["time"] = _occurredAt,
                ["data"] = Data.DeepClone(),
            }.ToJsonString(),
            Encoding.UTF8,
            "application/cloudevents+json");
    }
}
