using System.Net;
using System.Text;
using Ledger.Api.Tests.Serving;
using Ledger.Grains.Journal;
using Ledger.Grains.Verification;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Api.Tests.Residents;

public sealed class Erasures(SharedApi shared)
{
    private const string Reason = "与王阿姨电话核实";

    [Fact]
    public async Task An_erased_reason_is_gone_and_everything_else_stays()
    {
        var resident = LedgerApi.NewName("r");
        var key = Guid.NewGuid().ToString();
        var adjusted = (await Adjust(shared.Operator, resident, key)).IsOk();
        var before = (await shared.Operator.Read($"/v1/residents/{resident}/transactions/1")).IsOk();
        Assert.Equal(Reason, before.Word("reason"));

        Assert.Empty((await Erase(shared.Operator, resident, 1)).IsOk(HttpStatusCode.NoContent).Text);

        var after = (await shared.Operator.Read($"/v1/residents/{resident}/transactions/1")).IsOk();
        Assert.Null(after.Json["reason"]);
        Assert.Equal(before.At("postings").ToJsonString(), after.At("postings").ToJsonString());
        var again = (await Adjust(shared.Operator, resident, key)).IsOk();
        Assert.True(again.IsReplayed);
        Assert.Equal(adjusted.Text, again.Text);
    }

    [Fact]
    public async Task To_erase_again_or_where_nothing_is_changes_nothing()
    {
        var resident = LedgerApi.NewName("r");
        (await shared.App.Event(Event.Earn(resident, 5))).IsOk();
        (await Adjust(shared.Operator, resident)).IsOk();

        foreach (var number in new[] { 1, 2, 2 })
        {
            (await Erase(shared.Operator, resident, number)).IsOk(HttpStatusCode.NoContent);
        }

        Assert.Equal(2, (await shared.Operator.Balance(resident)).Number("version"));
    }

    [Theory]
    [InlineData("r-nobody", "1", 404, "transaction_not_found")]
    [InlineData("r-nobody", "0", 404, "transaction_not_found")]
    [InlineData("r-nobody", "9223372036854775807", 404, "transaction_not_found")]
    [InlineData("r-nobody", "x", 404, "transaction_not_found")]
    [InlineData("-r", "1", 400, "identifier_invalid")]
    public async Task What_is_not_there_cannot_be_erased(string resident, string number, int status, string code) =>
        (await shared.Operator.Ask(new(HttpMethod.Delete, $"/v1/residents/{resident}/transactions/{number}/note"))).IsProblem(status, code);

    [Fact]
    public async Task After_erasing_the_books_still_prove_themselves_and_the_log_says_who_but_not_whose()
    {
        var logs = new LogRecords();
        await using var api = new LedgerApi { Logs = logs };
        await api.Furnish();
        var @operator = await api.Operator();
        var resident = LedgerApi.NewName("r");
        (await Adjust(@operator, resident)).IsOk();
        (await Adjust(@operator, resident)).IsOk();
        logs.Clear();

        (await Erase(@operator, resident, 1)).IsOk(HttpStatusCode.NoContent);

        var line = Assert.Single(logs.Lines, line => line.Contains("note of a transaction", StringComparison.Ordinal));
        Assert.Contains($"Community={LedgerApi.Community}", line, StringComparison.Ordinal);
        Assert.DoesNotContain(resident, line, StringComparison.Ordinal);
        var journal = api.Services.GetRequiredService<IJournal>();
        var report = await new JournalVerifier(journal, (IJournalInspection)journal)
            .Verify(new(LedgerApi.Community), null, TestContext.Current.CancellationToken);
        Assert.True(report.IsSound, string.Join('\n', report.Findings));
    }

    [Fact]
    public async Task The_file_keeps_no_copy_of_an_erased_reason()
    {
        await using var api = new LedgerApi();
        await api.Furnish();
        var @operator = await api.Operator();
        var resident = LedgerApi.NewName("r");
        (await Adjust(@operator, resident)).IsOk();
        (await Adjust(@operator, resident)).IsOk();
        (await Erase(@operator, resident, 1)).IsOk(HttpStatusCode.NoContent);
        (await Erase(@operator, resident, 2)).IsOk(HttpStatusCode.NoContent);

        await api.Stop();

        Assert.Equal(-1, (await File.ReadAllBytesAsync(api.StoreFile, TestContext.Current.CancellationToken)).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Reason)));
        Assert.False(File.Exists(api.StoreFile + "-wal"));
    }

    private static Task<Reply> Adjust(HttpClient client, string resident, string? key = null) =>
        client.Command($"/v1/residents/{resident}/adjustments", $$"""{ "points": 1, "reason": "{{Reason}}" }""", key);

    private static Task<Reply> Erase(HttpClient client, string resident, int number) =>
        client.Ask(new(HttpMethod.Delete, $"/v1/residents/{resident}/transactions/{number}/note"));
}
