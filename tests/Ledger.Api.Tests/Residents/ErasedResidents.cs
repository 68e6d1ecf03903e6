using System.Text;
using Ledger.Api.Tests.Merchants;
using Ledger.Api.Tests.Serving;
using Ledger.Grains.Exporting;
using Ledger.Grains.Journal;
using Ledger.Grains.Stores;
using Ledger.Grains.Verification;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Api.Tests.Residents;

public sealed class ErasedResidents
{
    private const string Reason = "与王阿姨电话核实";
    private const string Name = "欧阳小明";

    [Fact]
    public async Task On_SQLite_a_person_is_forgotten_and_every_report_stays_as_it_was()
    {
        await using var api = new LedgerApi();

        await ErasesAPerson(api);

        await api.Stop();
        var file = await File.ReadAllBytesAsync(api.StoreFile, TestContext.Current.CancellationToken);
        foreach (var text in new[] { Reason, Name + "r-1" })
        {
            Assert.Equal(-1, file.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)));
        }
    }

    /// <summary>The law, on any store.</summary>
    internal static async Task ErasesAPerson(LedgerApi api)
    {
        await api.Furnish();
        var (app, @operator, till) = (await api.App(), await api.Operator(), await api.Merchant("tea-house"));
        await api.Resident("r-1");
        var other = await api.Resident("r-2");
        foreach (var (resident, reason) in new[] { ("r-1", Reason), ("r-2", "补发") })
        {
            (await app.Event(Event.Earn(resident, 20, $"{resident}-earned"))).IsOk();
            (await @operator.Command($"/v1/residents/{resident}/adjustments", $$"""{ "points": 5, "reason": "{{reason}}" }""")).IsOk();
            (await app.Spend(resident, 4, $"{resident}-spent")).IsOk();
            (await Profile(@operator, resident)).IsOk();
        }

        (await app.Hold("sale-1", 3, resident: "r-1")).IsOk();
        (await till.Command("/v1/holds/tea-house,sale-1/capture", "{}")).IsOk();
        (await @operator.Command("/v1/residents/r-1/close", $$"""{ "remainder": "fund/charity", "reason": "{{Reason}}" }""")).IsOk();
        var before = await Reports(api);

        var erased = (await Erase(@operator, "k")).IsOk();

        Assert.Equal(("erased", "charity"), (erased.Word("status"), erased.Word("fund")));
        var after = await Reports(api);
        Assert.Equal(before.Residents, after.Residents);
        Assert.Equal(before.Totals, after.Totals);
        Assert.Single(after.Journal.Except(before.Journal));
        Assert.Empty(before.Journal.Except(after.Journal));
        Assert.Contains("resident_erased.v1", after.Journal.Except(before.Journal).Single(), StringComparison.Ordinal);

        // Nothing personal is left of this one, and all of the other.
        var journal = api.Services.GetRequiredService<IJournal>();
        await foreach (var row in journal.ReadAll(new(LedgerApi.Community), TestContext.Current.CancellationToken))
        {
            var note = await journal.ReadNote(row.Stream, row.Sequence, TestContext.Current.CancellationToken);
            Assert.Equal(row.Stream.Name == "resident/r-2" && row.Sequence == 2, note is not null);
        }

        (await till.Write("/v1/members/find", """{ "memberCode": "r-1" }""")).IsProblem(404, "member_not_found");
        (await till.Write("/v1/members/find", """{ "memberCode": "r-2" }""")).IsOk();
        (await Profile(@operator, "r-1")).IsProblem(410, "resident_erased");
        (await till.Write("/v1/members/find", """{ "memberCode": "r-1" }""")).IsProblem(404, "member_not_found");

        var keys = await api.Catalogue.ListKeys(TestContext.Current.CancellationToken);
        Assert.All(keys, key => Assert.Equal(key.Scopes.Contains(ApiKey.ScopeOf(new("r-1"))), key.RevokedAt is not null));
        (await other.Balance("r-2")).IsOk();

        // What was acknowledged stays acknowledged; nothing more is told or done.
        Assert.True((await app.Event(Event.Earn("r-1", 20, "r-1-earned"))).IsOk().IsReplayed);
        Assert.True((await app.Spend("r-1", 4, "r-1-spent")).IsOk().IsReplayed);
        foreach (var url in new[] { "balance", "lots", "transactions", "transactions/1", "redemptions", "rewards", "rewards/tea", "gifts/1", "household" })
        {
            (await @operator.Read($"/v1/residents/r-1/{url}")).IsProblem(410, "resident_erased");
        }

        (await app.Write("/v1/residents/r-1/gifts/1/cancel", "")).IsProblem(410, "resident_erased");
        (await @operator.Write("/v1/keys", """{ "client": "back-again", "roles": ["resident"], "resident": "r-1" }""")).IsProblem(410, "resident_erased");
        (await app.Event(Event.Earn("r-1", 20))).IsProblem(410, "resident_erased");
        (await app.Spend("r-1", 1)).IsProblem(410, "resident_erased");
        (await app.Hold("sale-2", 1, resident: "r-1")).IsProblem(410, "resident_erased");
        Assert.Equal(erased.Text, (await Erase(@operator, "k")).IsOk().Text);
        Assert.Equal(erased.Text, (await Erase(@operator, "another")).IsOk().Text);
        Assert.Equal("refunded", (await till.Write("/v1/merchants/tea-house/refs/sale-1/void", "")).IsOk().Word("status"));
    }

    [Fact]
    public async Task Erasing_closes_a_wallet_that_is_open_and_asks_for_the_id_once_more()
    {
        await using var api = new LedgerApi();
        await api.Furnish();
        var (app, @operator) = (await api.App(), await api.Operator());
        (await app.Event(Event.Earn("r-1", 20))).IsOk();
        (await @operator.Command("/v1/residents/r-1/erase", """{ "confirm": "r-2", "remainder": "expire" }""")).IsProblem(400, "confirmation_wrong");
        (await @operator.Command("/v1/residents/r-1/erase", """{ "remainder": "expire" }""")).IsProblem(400, "member_missing");
        (await app.Balance("r-1")).IsOk();

        (await Erase(@operator, "k")).IsOk();

        var totals = await api.Services.GetRequiredService<IJournal>().ReadTotals(new(LedgerApi.Community), TestContext.Current.CancellationToken);
        Assert.Equal(20, totals["breakage"]);
    }

    private static Task<Reply> Erase(HttpClient client, string key) =>
        client.Command("/v1/residents/r-1/erase", """{ "confirm": "r-1", "remainder": "expire" }""", key);

    private static async Task<(string Residents, string Totals, HashSet<string> Journal)> Reports(LedgerApi api)
    {
        var community = new CommunityId(LedgerApi.Community);
        var journal = api.Services.GetRequiredService<IJournal>();
        var report = await new JournalVerifier(journal, (IJournalInspection)journal).Verify(community, null, TestContext.Current.CancellationToken);
        Assert.True(report.IsSound, string.Join('\n', report.Findings));
        await using var residents = new StringWriter();
        await ResidentsExport.WriteCsv(await new ResidentsExport(journal).Read(community, null, TestContext.Current.CancellationToken), residents);
        using var lines = new MemoryStream();
        await new JournalExport(journal, api.Catalogue).Write(community, null, lines, TestContext.Current.CancellationToken);
        var totals = await journal.ReadTotals(community, TestContext.Current.CancellationToken);
        return (
            residents.ToString(),
            string.Join(' ', totals.OrderBy(total => total.Key, StringComparer.Ordinal).Select(total => $"{total.Key}={total.Value}")),
            [.. Encoding.UTF8.GetString(lines.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries)]);
    }

    private static Task<Reply> Profile(HttpClient client, string resident) => client.Ask(
        HttpMethod.Put, $"/v1/residents/{resident}/profile", $$"""{ "name": "{{Name}}{{resident}}", "memberCode": "{{resident}}" }""");
}
