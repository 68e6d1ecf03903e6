using Ledger.Api.Tests.Serving;

namespace Ledger.Api.Tests.Books;

public sealed class Feeds
{
    [Fact]
    public async Task Whoever_reads_on_sees_every_transaction_once_and_those_of_a_wallet_in_order()
    {
        await using var api = new LedgerApi();
        await api.Furnish();
        var (app, @operator) = (await api.App(), await api.Operator());
        var seen = new List<(string Resident, long Transaction)>();
        var next = "";
        for (var round = 0; round < 4; round++)
        {
            for (var i = 0; i < 3; i++)
            {
                (await app.Event(Event.Earn($"r-{i}", 5))).IsOk();
            }

            (await app.Spend("r-0", 1)).IsOk();
            next = await ReadOn(@operator, next, seen);
        }

        Assert.Equal(16, seen.Count);
        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.All(seen.GroupBy(one => one.Resident), wallet => Assert.Equal(wallet.Select(one => one.Transaction).Order(), wallet.Select(one => one.Transaction)));
        Assert.Equal(next, await ReadOn(@operator, next, seen));
        Assert.Equal(16, seen.Count);
    }

    [Fact]
    public async Task An_entry_says_what_happened_and_what_moved()
    {
        await using var api = new LedgerApi();
        await api.Furnish();
        var (app, @operator) = (await api.App(), await api.Operator());
        (await app.Event(Event.Earn("r-1", 50, "e-1"))).IsOk();
        (await app.Spend("r-1", 80)).IsProblem(422, "insufficient_points");

        var entries = (await @operator.Read("/v1/feed")).IsOk().At("data").AsArray();

        Assert.Equal(["earned", "refused"], entries.Select(entry => entry!["summary"]!["kind"]!.GetValue<string>()));
        Assert.All(entries, entry => Assert.Equal("r-1", entry!["resident"]!.GetValue<string>()));
        var moved = Assert.Single(entries[0]!["postings"]!.AsArray())!;
        Assert.Equal(("issuance/service", "available", 50L), (moved["from"]!.GetValue<string>(), moved["to"]!.GetValue<string>(), moved["points"]!.GetValue<long>()));
        Assert.Empty(entries[1]!["postings"]!.AsArray());
        Assert.Equal(64, entries[0]!["hash"]!.GetValue<string>().Length);
    }

    [Theory]
    [InlineData("after=", "cursor_invalid")]
    [InlineData("after=abc", "cursor_invalid")]
    [InlineData("after=abc.def", "cursor_invalid")]
    [InlineData("after=.", "cursor_invalid")]
    [InlineData("limit=0", "limit_invalid")]
    public async Task A_position_that_is_made_up_is_refused(string query, string code)
    {
        await using var api = new LedgerApi();
        await api.Furnish();
        (await (await api.Operator()).Read($"/v1/feed?{query}")).IsProblem(400, code);
    }

    [Fact]
    public async Task It_is_for_operators()
    {
        await using var api = new LedgerApi();
        await api.Furnish();
        (await (await api.App()).Read("/v1/feed")).IsProblem(403, "forbidden");
    }

    private static async Task<string> ReadOn(HttpClient caller, string after, List<(string Resident, long Transaction)> seen)
    {
        for (var pages = 0; pages < 100; pages++)
        {
            var page = (await caller.Read($"/v1/feed?limit=2{(after.Length == 0 ? "" : "&after=" + after)}")).IsOk();
            seen.AddRange(page.At("data").AsArray().Select(entry => (
                entry!["resident"]!.GetValue<string>(), entry["summary"]!["transaction"]!.GetValue<long>())));
            after = page.Word("next");
            if (!page.At("hasMore").GetValue<bool>())
            {
                return after;
            }
        }

        throw new InvalidOperationException("The feed does not end.");
    }
}
