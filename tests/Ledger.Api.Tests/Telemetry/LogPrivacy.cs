using System.Net;
using Ledger.Api.Tests.Serving;
using Ledger.Grains.Journal;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Api.Tests.Telemetry;

/// <summary>Logs are kept, copied and read by many: whatever is asked of the service, no line says whose it was, nor holds a key.</summary>
public sealed class LogPrivacy
{
    // What the requests below are about; each stands for its kind, and none occurs by chance.
    private static readonly string Resident = LedgerApi.NewName("r");
    private static readonly string EventId = LedgerApi.NewName("visit");
    private static readonly string CommandId = LedgerApi.NewName("command");
    private static readonly string Merchant = LedgerApi.NewName("m");
    private const string Reason = "与王阿姨电话核实";
    private const string Quantity = "77113";
    private const string Phone = "+8613877113417";
    private const string Name = "欧阳小明";
    private const string Pin = "80517394";

    [Fact]
    public async Task No_line_of_the_log_names_a_resident_a_command_a_note_or_a_key()
    {
        var logs = new LogRecords();
        var secrets = new List<string> { Resident, EventId, CommandId, Merchant, Reason, Quantity, Phone, Name, Pin };
        var api = new LedgerApi(("Logging:LogLevel:Default", "Trace")) { Logs = logs, Journal = FailingJournal.Around };
        await using (api)
        {
            await api.Furnish();
            var (app, @operator) = (await api.App(), await api.Operator());
            secrets.AddRange(new[] { app, @operator }.Select(client => client.DefaultRequestHeaders.Authorization!.Parameter!));
            await UseIt(app, @operator);
            secrets.Add(await UseAKey(api, @operator));
            await MakeItFail(api, app);
            await api.Stop();
        }

        Assert.Contains(logs.Lines, line => line.Contains("note of a transaction", StringComparison.Ordinal));
        Assert.Contains(logs.Lines, line => line.Contains("is to be erased", StringComparison.Ordinal));
        Assert.Contains(logs.Lines, line => line.Contains("answered unavailable", StringComparison.Ordinal));
        Assert.Contains(logs.Lines, line => line.Contains("nobody foresaw", StringComparison.Ordinal));
        Assert.Contains(logs.Lines, line => line.Contains("snapshot could not be", StringComparison.Ordinal));
        foreach (var secret in secrets)
        {
            Assert.DoesNotContain(logs.Lines, line => line.Contains(secret, StringComparison.Ordinal));
        }
    }

    private static async Task UseIt(HttpClient app, HttpClient @operator)
    {
        var wallet = $"/v1/residents/{Resident}";
        (await app.Event(Event.Earn(Resident, 77_113, EventId))).IsOk();
        (await app.Event(Event.Earn(Resident, 77_113, EventId))).IsOk();
        (await app.Event(Event.Earn(Resident, 77_114, EventId))).IsProblem(422, "command_id_reused");
        (await app.Event(Event.Earn(Resident, 77_113, EventId + "-2", activity: "unheard-of"))).IsProblem(422, "unknown_activity");
        (await app.Event(Event.Earn(Resident, 77_113, EventId + "-3", source: Sources.Other))).IsProblem(403, "source_not_granted");
        (await app.Event($$"""{ "id": "{{EventId}}", "subject": "{{Resident}}", "data": 77113 """)).IsProblem(400, "json_malformed");
        (await app.Batch(Event.Earn(Resident, 5), Event.Spend(Resident, 771_130), $"\"{Resident}\"")).IsOk();
        (await app.Spend(Resident, 77_113, CommandId, Merchant)).IsOk();
        (await app.Spend(Resident, 77_113, CommandId + "-2", Merchant)).IsProblem(422, "insufficient_points");
        (await app.Command($"{wallet}/transactions/1/refunds", "{ }", CommandId + "-3")).IsProblem(422, "not_a_spend");
        (await @operator.Command($"{wallet}/adjustments", $$"""{ "points": 1, "reason": "{{Reason}}" }""", CommandId + "-4")).IsOk();
        (await @operator.Command($"{wallet}/adjustments", $$"""{ "points": 1.5, "reason": "{{Reason}}" }""", CommandId + "-5")).IsProblem(400, "points_invalid");
        foreach (var part in new[] { "balance", "lots", "transactions", "transactions/1" })
        {
            (await app.Read($"{wallet}/{part}")).IsOk();
        }

        (await app.Ask(HttpMethod.Put, $"{wallet}/profile", $$"""{ "name": "{{Name}}", "phone": "{{Phone}}", "pin": "{{Pin}}" }""")).IsOk();
        var found = (await app.Write("/v1/members/find", $$"""{ "phone": "{{Phone}}" }""")).IsOk().Word("paycode");
        (await app.Command(
            "/v1/holds",
            $$"""{ "merchant": "{{Merchant}}", "reference": "{{CommandId}}", "paycode": "{{found}}", "points": 771130, "pin": "{{Pin}}1" }""",
            CommandId + "-6")).IsProblem(403, "pin_wrong");
        (await app.Ask(new(HttpMethod.Delete, $"{wallet}/profile"))).IsOk(HttpStatusCode.NoContent);
        (await app.Read($"{wallet}/nothing")).IsProblem(404, "not_found");
        (await app.Read($"{wallet}/lots?cursor={Resident}")).IsProblem(400, "cursor_invalid");
        (await app.Read($"/v1/events?source={Sources.Own}&id={EventId}")).IsOk();
        (await @operator.Ask(new(HttpMethod.Delete, $"{wallet}/transactions/1/note"))).IsOk(HttpStatusCode.NoContent);
        (await @operator.Read("/v1/trial-balance")).IsOk();
        (await @operator.Command($"{wallet}-2/freeze", $$"""{ "reason": "{{Reason}}" }""", CommandId + "-6")).IsOk();
        (await @operator.Command($"{wallet}-2/erase", $$"""{ "confirm": "{{Resident}}-2", "remainder": "expire" }""", CommandId + "-7")).IsOk();
    }

    private static async Task<string> UseAKey(LedgerApi api, HttpClient @operator)
    {
        var made = (await @operator.Write("/v1/keys", $$"""{ "client": "{{LedgerApi.NewName("till")}}", "roles": ["resident"], "resident": "{{Resident}}" }"""))
            .IsOk(HttpStatusCode.Created);
        var itself = api.ClientWith(made.Word("key"));
        (await itself.Balance(Resident)).IsOk();
        (await itself.Balance(Resident + "-2")).IsProblem(403, "resident_not_granted");
        (await @operator.Write($"/v1/keys/{made.Word("id")}/revoke", "")).IsOk();
        (await itself.Balance(Resident)).IsProblem(401, "unauthenticated");
        return made.Word("key");
    }

    private static async Task MakeItFail(LedgerApi api, HttpClient app)
    {
        var journal = api.Services.GetRequiredService<IJournal>();
        FailingJournal.Fail(journal, new JournalUnavailableException("the disk is full"));
        (await app.Event(Event.Earn(Resident, 1))).IsProblem(503, "unavailable");
        FailingJournal.Fail(journal, new InvalidOperationException("somebody made a mistake"));
        (await app.Event(Event.Earn(Resident, 1))).IsProblem(500, "internal_error");

        // Snapshots can no longer be written, nor read.
        await using (var store = new SqliteConnection($"Data Source={api.StoreFile};Pooling=False"))
        {
            await store.OpenAsync(TestContext.Current.CancellationToken);
            await using var drop = store.CreateCommand();
            drop.CommandText = "DROP TABLE grain_state";
            await drop.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        (await app.Batch([.. Enumerable.Range(0, 500).Select(i => Event.Earn(Resident, 1, $"{EventId}-{i}"))])).IsOk();
        (await app.Batch([.. Enumerable.Range(500, 500).Select(i => Event.Earn(Resident, 1, $"{EventId}-{i}"))])).IsOk();
    }
}
