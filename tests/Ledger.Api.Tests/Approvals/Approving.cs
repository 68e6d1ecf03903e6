using System.Text.Json.Nodes;
using Ledger.Api.Security;
using Ledger.Api.Tests.Serving;
using NodaTime;

namespace Ledger.Api.Tests.Approvals;

/// <summary>Two operators, an app and a resident, each test in a community of its own.</summary>
public sealed class Approving(SharedApi shared)
{
    private const string Programme =
        """
        { "adjustments": { "secondOperatorAbove": 100, "expiresAfterDays": 3 },
          "activities": [
            { "type": "service", "award": { "kind": "per_unit", "points": 1 }, "approval": { "kind": "second_person", "expiresAfterDays": 14 },
              "checks": [ { "kind": "overlap" }, { "kind": "organiser_is_beneficiary" } ] },
            { "type": "talk", "award": { "kind": "fixed", "points": 5 }, "approval": { "kind": "objection", "days": 3 } } ] }
        """;

    [Fact]
    public async Task An_award_waits_is_listed_and_is_approved_once_by_somebody_else()
    {
        var (app, ann, bo, names) = await Community();
        var earned = (await app.Event(Entered(60, names.Ann, "r-9"))).IsOk();
        Assert.Equal((60, 0, 60), (earned.Number("credited"), earned.Number("balance.available"), earned.Number("balance.pending")));
        Assert.Equal(("2026-03-14T16:00:00Z", "lapsed"), (earned.Word("awaitsApproval.until"), earned.Word("awaitsApproval.otherwise")));

        var waiting = Assert.Single((await ann.Read("/v1/approvals")).IsOk().At("data").AsArray())!;
        Assert.Equal(("r-1", 1, "service", 60), (Word(waiting["resident"]), Number(waiting["transaction"]), Word(waiting["activity"]), Number(waiting["points"])));
        Assert.Contains(names.Ann, waiting["makers"]!.AsArray().Select(Word));
        var balance = (await app.Balance("r-1")).IsOk();
        Assert.Equal(60, Number(balance.At("awaitingApproval")[0]!["points"]));

        var key = Guid.NewGuid().ToString();
        (await Decide(ann, "approve")).IsProblem(422, "approval_own_entry");
        var approved = (await Decide(bo, "approve", """{ "reason": "与签到表一致" }""", key)).IsOk();
        Assert.Equal((60, 60, "1"), (approved.Number("approved"), approved.Number("balance.available"), approved.Word("lot")));
        var again = (await Decide(bo, "approve", """{ "reason": "与签到表一致" }""", key)).IsOk();
        Assert.Equal((true, approved.Text), (again.IsReplayed, again.Text));
        var view = (await bo.Read("/v1/residents/r-1/transactions/3", ("Accept-Language", "zh-CN"))).IsOk();
        Assert.Equal(("approved", "与签到表一致"), (view.Word("summary.kind"), view.Word("reason")));
        Assert.Equal($"交易 1 的 60 分已由 {names.Bo} 审批通过。", Word(view.At("explanation")[0]));
        Assert.Equal("approved", (await Decide(ann, "reject")).IsProblem(422, "approval_already_decided").Word("outcome"));
        Assert.Empty((await ann.Read("/v1/approvals")).IsOk().At("data").AsArray());
    }

    [Fact]
    public async Task A_decision_without_a_reason_needs_no_body()
    {
        var (app, ann, bo, names) = await Community();
        (await app.Event(Entered(60, names.Ann, null))).IsOk();
        using var decision = new HttpRequestMessage(HttpMethod.Post, "/v1/residents/r-1/transactions/1/approve") { Headers = { { "Idempotency-Key", "agreed" } } };

        Assert.Equal(60, (await bo.Ask(decision)).IsOk().Number("approved"));
        (await ann.Write("/v1/residents/r-1/transactions/1/approve", "agreed", "text/plain", ("Idempotency-Key", "other"))).IsProblem(415, "media_type_unsupported");
    }

    [Fact]
    public async Task A_rejected_award_goes_back_and_its_history_says_who_and_why()
    {
        var (app, ann, bo, names) = await Community();
        (await app.Event(Entered(60, names.Ann, null))).IsOk();
        Assert.Equal(60, (await Decide(ann, "reject", """{ "reason": "录错了" }""")).IsOk().Number("rejected"));

        Assert.Equal((0, 0), ((await app.Balance("r-1")).Number("available"), (await app.Balance("r-1")).Number("pending")));
        var view = (await bo.Read("/v1/residents/r-1/transactions/2", ("Accept-Language", "en"))).IsOk();
        Assert.Equal(("rejected", "录错了", 1), (view.Word("summary.kind"), view.Word("reason"), view.Number("refersTo")));
        Assert.Equal(-60, view.Number("summary.change"));
        Assert.Equal($"Transaction 1 was rejected by {names.Ann}. 60 points were taken back.", view.At("explanation")[0]!.GetValue<string>());
        Assert.Equal(["pending", "issuance/service"], [Word(view.At("postings")[0]!["from"]), Word(view.At("postings")[0]!["to"])]);
    }

    [Fact]
    public async Task Evidence_and_signals_are_for_operators_and_evidence_can_be_erased()
    {
        var (app, ann, _, _) = await Community();
        var json = Event.Of("activity-completed", "r-1", """
            { "activity": "service", "quantity": 60, "organiser": "r-1", "evidence": [ "photos/2026/17", "签到表 3" ] }
            """, "e-1");
        (await app.Event(json)).IsOk();
        (await app.Event(Event.Earn("r-1", 30, time: "2026-03-01T10:45:00+08:00"))).IsOk();

        var view = (await ann.Read("/v1/residents/r-1/transactions/1", ("Accept-Language", "zh-CN"))).IsOk();
        Assert.Equal(["photos/2026/17", "签到表 3"], view.At("evidence").AsArray().Select(Word));
        Assert.Equal("organiser_is_beneficiary", Word(view.At("signals")[0]!["check"]));
        Assert.Contains("须由第二人审批，最迟 2026-03-14。", view.At("explanation").AsArray().Select(Word));
        Assert.Null((await app.Read("/v1/residents/r-1/transactions/1")).Json["evidence"]);
        Assert.Null((await app.Read("/v1/residents/r-1/transactions/1")).Json["signals"]);
        var overlap = (await ann.Read("/v1/approvals?activity=service", ("Accept-Language", "en"))).At("data")[1]!["signals"]![0]!;
        Assert.Equal(("overlap", false, 30), (Word(overlap["check"]), overlap["holds"]!.GetValue<bool>(), Number(overlap["numbers"]!["minutes"])));
        Assert.Equal(
            "It overlaps transaction 1 (2026-03-01 02:00Z to 2026-03-01 03:00Z) by 30 minutes.", Word(overlap["detail"]));

        var fed = (await ann.Read("/v1/feed")).IsOk().At("data").AsArray();
        Assert.Equal(["organiser_is_beneficiary", "overlap"], fed.Select(entry => Word(entry!["signals"]![0]!["check"])));

        // While it is there, other evidence is another event; once it is erased, nobody can tell.
        (await app.Event(json.Replace("签到表 3", "签到表 4", StringComparison.Ordinal))).IsProblem(422, "command_id_reused");
        Assert.Equal(204, (int)(await ann.Ask(new(HttpMethod.Delete, "/v1/residents/r-1/transactions/1/note"))).Status);
        Assert.Null((await ann.Read("/v1/residents/r-1/transactions/1")).Json["evidence"]);
        Assert.True((await app.Event(json)).IsOk().IsReplayed);
    }

    [Theory]
    [InlineData("""{ "activity": "service", "quantity": 1, "enteredBy": "two words" }""", "identifier_invalid")]
    [InlineData("""{ "activity": "service", "quantity": 1, "organiser": 7 }""", "member_wrong_type")]
    [InlineData("""{ "activity": "service", "quantity": 1, "evidence": "photo" }""", "member_wrong_type")]
    [InlineData("""{ "activity": "service", "quantity": 1, "evidence": [ "" ] }""", "text_invalid")]
    [InlineData("""{ "activity": "service", "quantity": 1, "evidence": [ "a\nb" ] }""", "text_invalid")]
    [InlineData("""{ "activity": "service", "quantity": 1, "evidence": ["1","2","3","4","5","6","7","8","9","10","11","12","13","14","15","16","17"] }""", "text_invalid")]
    public async Task What_an_app_tells_for_approvers_is_checked(string data, string code) =>
        (await shared.App.Event(Event.Of("activity-completed", "r-1", data))).IsProblem(400, code);

    [Fact]
    public async Task An_objection_period_says_that_silence_approves()
    {
        var (app, ann, bo, _) = await Community();
        var earned = (await app.Event(Event.Earn("r-1", 1, activity: "talk"))).IsOk();
        Assert.Equal("approved", earned.Word("awaitsApproval.otherwise"));
        var view = (await ann.Read("/v1/residents/r-1/transactions/1", ("Accept-Language", "en"))).IsOk();
        Assert.Contains("It counts once nobody has objected through 2026-03-03.", view.At("explanation").AsArray().Select(Word));
        Assert.Equal(5, (await Decide(bo, "reject")).IsOk().Number("rejected"));
    }

    [Fact]
    public async Task A_large_adjustment_needs_a_second_operator()
    {
        var (_, ann, bo, names) = await Community();
        var small = (await ann.Command("/v1/residents/r-1/adjustments", """{ "points": 100, "reason": "补录" }""")).IsOk();
        Assert.Equal(("accepted", 100), (small.Word("outcome"), small.Number("adjusted")));
        var large = (await ann.Command("/v1/residents/r-1/adjustments", """{ "points": -101, "reason": "重复" }""")).IsOk();
        Assert.Equal(("waiting", -101, 100), (large.Word("outcome"), large.Number("proposed"), large.Number("balance.available")));

        (await Decide(ann, "approve", number: 2)).IsProblem(422, "approval_own_entry");
        var missing = (await Decide(bo, "approve", number: 2)).IsProblem(422, "insufficient_points");
        Assert.Equal((100, 101), (missing.Number("available"), missing.Number("requested")));
        (await ann.Command("/v1/residents/r-1/adjustments", """{ "points": 1, "reason": "补一分" }""")).IsOk();
        Assert.Equal((-101, 0), ((await Decide(bo, "approve", number: 2)).IsOk() is var done ? done.Number("adjusted") : 0, done.Number("balance.available")));
        var view = (await ann.Read("/v1/residents/r-1/transactions/6", ("Accept-Language", "en"))).IsOk();
        Assert.Contains($"Transaction 2 proposed it; {names.Bo} approved.", view.At("explanation").AsArray().Select(Word));
    }

    [Fact]
    public async Task The_list_comes_in_pages_and_by_activity()
    {
        var (app, ann, _, _) = await Community();
        for (var i = 0; i < 5; i++)
        {
            (await app.Event(Event.Earn($"r-{i}", 10, activity: i % 2 == 0 ? "service" : "talk"))).IsOk();
        }

        var seen = new List<string>();
        var next = "/v1/approvals?limit=2";
        while (next is not null)
        {
            var page = (await ann.Read(next)).IsOk();
            seen.AddRange(page.At("data").AsArray().Select(entry => Word(entry!["resident"])));
            next = page.Json["nextCursor"] is { } cursor ? $"/v1/approvals?limit=2&cursor={cursor.GetValue<string>()}" : null;
        }

        Assert.Equal(["r-0", "r-1", "r-2", "r-3", "r-4"], seen);
        Assert.Equal(["r-1", "r-3"], (await ann.Read("/v1/approvals?activity=talk")).At("data").AsArray().Select(entry => Word(entry!["resident"])));
        (await ann.Read("/v1/approvals?activity=-")).IsProblem(400, "identifier_invalid");
        (await ann.Read("/v1/approvals?cursor=x.y")).IsProblem(400, "cursor_invalid");
        (await ann.Read("/v1/approvals?limit=0")).IsProblem(400, "limit_invalid");
    }

    [Fact]
    public async Task What_counts_at_once_or_is_not_there_cannot_be_decided()
    {
        var resident = LedgerApi.NewName("r");
        (await shared.App.Event(Event.Earn(resident, 60))).IsOk();

        (await shared.Operator.Command($"/v1/residents/{resident}/transactions/1/approve", "{}")).IsProblem(422, "not_awaiting_approval");
        (await shared.Operator.Command($"/v1/residents/{resident}/transactions/1/reject", "{}")).IsProblem(422, "not_awaiting_approval");
        (await shared.Operator.Command($"/v1/residents/{resident}/transactions/9/approve", "{}")).IsProblem(404, "transaction_not_found");
        (await shared.Operator.Command($"/v1/residents/{resident}/transactions/1/approve", """{ "why": "x" }""")).IsProblem(400, "member_unknown");
        (await shared.Operator.Command($"/v1/residents/{resident}/transactions/1/approve", """{ "reason": "" }""")).IsProblem(400, "text_invalid");
    }

    private static string Entered(long quantity, string? enteredBy, string? organiser) => Event.Of(
        "activity-completed",
        "r-1",
        new JsonObject { ["activity"] = "service", ["quantity"] = quantity, ["enteredBy"] = enteredBy, ["organiser"] = organiser }.ToJsonString());

    private static Task<Reply> Decide(HttpClient client, string how, string body = "{}", string? key = null, long number = 1) =>
        client.Command($"/v1/residents/r-1/transactions/{number}/{how}", body, key);

    private static string Word(JsonNode? node) => node!.GetValue<string>();

    private static long Number(JsonNode? node) => node!.GetValue<long>();

    private async Task<(HttpClient App, HttpClient Ann, HttpClient Bo, (string Ann, string Bo) Names)> Community()
    {
        var community = LedgerApi.NewName("c");
        var names = (Ann: LedgerApi.NewName("ann"), Bo: LedgerApi.NewName("bo"));
        var now = shared.Api.Clock.GetCurrentInstant();
        Assert.True(await shared.Api.Catalogue.AddCommunity(new(new(community), "审批社区", now)));
        Assert.True(await shared.Api.Catalogue.AddProgramme(new(new(community), 1, Instant.MinValue, Programme, "test", now)));
        return (await shared.Api.App(community), await Operator(names.Ann), await Operator(names.Bo), names);

        Task<HttpClient> Operator(string name) =>
            shared.Api.ClientOf(new(name, Roles.Operator, new CommunityId(community), [], null, null, null));
    }
}
