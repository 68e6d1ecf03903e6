using System.Text.Json.Nodes;
using Ledger.Api.Tests.Serving;
using NodaTime;

namespace Ledger.Api.Tests.Residents;

public sealed class Histories(SharedApi shared)
{
    [Fact]
    public async Task Pages_of_transactions_hold_each_once_newest_first()
    {
        var resident = LedgerApi.NewName("r");
        await Earn(resident, 7);
        var url = $"/v1/residents/{resident}/transactions?limit=3";
        var seen = new List<long>();
        var pages = 0;
        for (var next = url; next is not null && pages < 10; pages++)
        {
            var page = (await shared.App.Read(next)).IsOk();
            seen.AddRange(page.At("data").AsArray().Select(item => item!["transaction"]!.GetValue<long>()));
            next = Next(page);
        }

        Assert.Equal(3, pages);
        Assert.Equal([7, 6, 5, 4, 3, 2, 1], seen);
    }

    [Fact]
    public async Task A_line_says_what_it_was_by_how_much_and_from_whom()
    {
        var resident = LedgerApi.NewName("r");
        await Earn(resident, 1);
        (await shared.App.Spend(resident, 1, "till-key")).IsOk();
        (await shared.App.Spend(resident, 1)).IsProblem(422, "insufficient_points");

        var lines = (await shared.App.Read($"/v1/residents/{resident}/transactions")).IsOk().At("data").AsArray();

        Assert.Equal(["refused", "spent", "earned"], lines.Select(line => line!["kind"]!.GetValue<string>()));
        Assert.Equal([0, -1, 1], lines.Select(line => line!["change"]!.GetValue<long>()));
        Assert.Equal("insufficient_points", lines[0]!["outcome"]!.GetValue<string>());
        Assert.Equal("till-key", lines[1]!["id"]!.GetValue<string>());
        Assert.Equal(Sources.Own, lines[2]!["source"]!.GetValue<string>());
    }

    [Fact]
    public async Task Pages_of_lots_hold_each_once_in_the_order_in_which_they_are_spent()
    {
        var resident = LedgerApi.NewName("r");
        await Earn(resident, 5);
        var first = (await shared.App.Read($"/v1/residents/{resident}/lots?limit=2")).IsOk();
        // The first lot of the page goes while somebody reads: the next page neither skips nor repeats one.
        (await shared.App.Spend(resident, 1)).IsOk();
        var second = (await shared.App.Read(Next(first)!)).IsOk();
        var third = (await shared.App.Read(Next(second)!)).IsOk();

        var lots = new[] { first, second, third }.SelectMany(page => page.At("data").AsArray()).Select(lot => lot!["lot"]!.GetValue<string>());
        Assert.Equal(["1", "2", "3", "4", "5"], lots);
        Assert.Null(Next(third));
        Assert.False(third.At("hasMore").GetValue<bool>());
    }

    [Theory]
    [InlineData("limit=0", "limit_invalid")]
    [InlineData("limit=201", "limit_invalid")]
    [InlineData("limit=-1", "limit_invalid")]
    [InlineData("limit=ten", "limit_invalid")]
    [InlineData("cursor=", "cursor_invalid")]
    [InlineData("cursor=abc", "cursor_invalid")]
    [InlineData("cursor=AAAAAAAAAAAAAAAAAAAAAAA", "cursor_invalid")]
    [InlineData("cursor=%F0%9F%8D%B5", "cursor_invalid")]
    public async Task A_page_that_is_none_is_a_mistake(string query, string code)
    {
        (await shared.App.Read($"/v1/residents/r-1/transactions?{query}")).IsProblem(400, code);
        (await shared.App.Read($"/v1/residents/r-1/lots?{query}")).IsProblem(400, code);
    }

    [Fact]
    public async Task A_cursor_belongs_to_the_list_that_gave_it()
    {
        var resident = LedgerApi.NewName("r");
        await Earn(resident, 2);
        var cursor = (await shared.App.Read($"/v1/residents/{resident}/transactions?limit=1")).IsOk().Word("nextCursor");

        (await shared.App.Read($"/v1/residents/{LedgerApi.NewName("r")}/transactions?cursor={cursor}")).IsProblem(400, "cursor_invalid");
        (await shared.App.Read($"/v1/residents/{resident}/lots?cursor={cursor}")).IsProblem(400, "cursor_invalid");
    }

    [Fact]
    public async Task A_clipped_award_explains_itself_in_both_languages()
    {
        var resident = LedgerApi.NewName("r");
        (await shared.App.Event(Event.Earn(resident, 2, activity: "class"))).IsOk();
        (await shared.App.Event(Event.Earn(resident, 2, activity: "class"))).IsOk();
        var url = $"/v1/residents/{resident}/transactions/2";

        Assert.Contains("22 computed, 18 paid: cap of the local day 2026-03-01 40, used 22.", Sentences(await shared.App.Read(url)));
        Assert.Contains("计算 22 分，实发 18 分：当日（2026-03-01）上限 40 分，已用 22 分。", Sentences(await shared.App.Read(url, ("Accept-Language", "zh-CN"))));
    }

    [Fact]
    public async Task A_transaction_shows_its_double_entry_and_the_lots_that_paid()
    {
        var resident = LedgerApi.NewName("r");
        await Earn(resident, 2);
        (await shared.App.Spend(resident, 2)).IsOk();

        var spend = (await shared.App.Read($"/v1/residents/{resident}/transactions/3", ("Accept-Language", "zh"))).IsOk();

        var postings = spend.At("postings").AsArray();
        Assert.Equal(["1", "2"], postings.Select(posting => posting!["lot"]!.GetValue<string>()));
        Assert.All(postings, posting => Assert.Equal(("available", "merchant/tea-house"), (posting!["from"]!.GetValue<string>(), posting["to"]!.GetValue<string>())));
        Assert.Equal(["在商户 tea-house 消费 2 分。", "由批次 1 1 分（可用至 2027-03-01）、批次 2 1 分（可用至 2027-03-01）支付。"], Sentences(spend));
    }

    [Fact]
    public async Task An_act_says_in_both_languages_until_when_it_keeps_what_idles()
    {
        await using var api = new LedgerApi(("Ledger:SweepEvery", "00:00:00"));
        await api.Furnish("""
            { "expiry": { "kind": "inactivity", "months": 2 }, "activities": [ { "type": "service", "award": { "kind": "per_unit", "points": 1 } } ] }
            """);
        var app = await api.App();
        (await app.Event(Event.Earn("r-1", 5))).IsOk();
        api.Clock.Reset(Instant.FromUtc(2026, 4, 17, 16, 0));
        (await app.Spend("r-1", 2)).IsOk();

        const string url = "/v1/residents/r-1/transactions/2";
        var spend = (await app.Read(url)).IsOk();
        Assert.Equal("spent", spend.At("summary")["kind"]!.GetValue<string>());
        Assert.Equal("The resident was active: points that expire after 2 months without activity are usable through 2026-06-18.", Sentences(spend)[0]);
        Assert.Equal("账户有活动：2 个月无活动即过期的积分，有效期延至 2026-06-18。", Sentences(await app.Read(url, ("Accept-Language", "zh-CN")))[0]);
    }

    [Fact]
    public async Task Every_kind_of_transaction_has_words_in_both_languages()
    {
        var resident = LedgerApi.NewName("r");
        var (earned, spent) = (LedgerApi.NewName("e"), LedgerApi.NewName("s"));
        (await shared.App.Event(Event.Reverse(resident, LedgerApi.NewName("later")))).IsOk();
        (await shared.App.Event(Event.Earn(resident, 50, earned))).IsOk();
        (await shared.App.Event(Event.Spend(resident, 30, spent))).IsOk();
        (await shared.App.Event(Event.Refund(resident, spent, 10))).IsOk();
        (await shared.App.Event(Event.Reverse(resident, earned))).IsOk();
        (await shared.Operator.Command($"/v1/residents/{resident}/adjustments", """{ "points": 40, "reason": "goodwill" }""")).IsOk();
        (await shared.Operator.Command($"/v1/residents/{resident}/adjustments", """{ "points": -5, "reason": "too much" }""")).IsOk();
        (await shared.App.Event(Event.Spend(resident, 1_000))).IsProblem(422, "insufficient_points");

        for (var number = 1; number <= 8; number++)
        {
            var url = $"/v1/residents/{resident}/transactions/{number}";
            Assert.All(Sentences(await shared.App.Read(url)), sentence => Assert.DoesNotContain(sentence, c => c > 0x2fff));
            Assert.All(Sentences(await shared.App.Read(url, ("Accept-Language", "zh-CN"))), sentence => Assert.Contains(sentence, c => c > 0x2fff));
        }

        (await shared.App.Read($"/v1/residents/{resident}/transactions/9")).IsProblem(404, "transaction_not_found");
    }

    private static string[] Sentences(Reply reply)
    {
        var sentences = reply.IsOk().At("explanation").AsArray().Select(sentence => sentence!.GetValue<string>()).ToArray();
        Assert.NotEmpty(sentences);
        return sentences;
    }

    private static string? Next(Reply page)
    {
        var cursor = page.Json["nextCursor"]?.GetValue<string>();
        var link = page.Message.Headers.TryGetValues("Link", out var links) ? links.Single() : null;
        Assert.Equal(cursor is null, link is null);
        if (link is null)
        {
            return null;
        }

        Assert.EndsWith(">; rel=\"next\"", link, StringComparison.Ordinal);
        Assert.Contains($"cursor={cursor}", link, StringComparison.Ordinal);
        return link[1..link.IndexOf('>', StringComparison.Ordinal)];
    }

    private async Task Earn(string resident, int times)
    {
        var results = (await shared.App.Batch([.. Enumerable.Range(0, times).Select(_ => Event.Earn(resident, 1))])).IsOk().At("results").AsArray();
        Assert.All(results, (JsonNode? result) => Assert.Equal(200, result!["status"]!.GetValue<int>()));
    }
}
