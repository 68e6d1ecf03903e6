using Ledger.Api.Tests.Serving;

namespace Ledger.Api.Tests.Events;

public sealed class EventModes(SharedApi shared)
{
    [Fact]
    public async Task A_structured_event_earns_and_its_receipt_says_what()
    {
        var resident = LedgerApi.NewName("r");
        var receipt = (await shared.App.Event(Event.Earn(resident, 22))).IsOk();

        Assert.Equal(1, receipt.Number("transaction"));
        Assert.Equal("accepted", receipt.Word("outcome"));
        Assert.Equal(22, receipt.Number("credited"));
        Assert.Equal("1", receipt.Word("lot"));
        Assert.Equal("2027-03-01", receipt.Word("usableThrough"));
        Assert.Equal("2027-03-01T16:00:00Z", receipt.Word("expiresAt"));
        Assert.Equal(22, receipt.Number("balance.available"));
        Assert.False(receipt.IsReplayed);
    }

    [Fact]
    public async Task A_binary_event_is_the_same_command_as_the_structured_one()
    {
        var resident = LedgerApi.NewName("r");
        var id = LedgerApi.NewName("报名");
        var first = (await shared.App.Event(Event.Earn(resident, 5, id))).IsOk();

        var again = await shared.App.Write(
            "/v1/events", """{ "activity": "service", "quantity": 5 }""", "application/json",
            ("ce-specversion", "1.0"), ("ce-id", Uri.EscapeDataString(id)), ("ce-source", Sources.Own), ("ce-subject", resident),
            ("ce-type", "community.points.activity-completed.v1"), ("ce-time", "2026-03-01T03:00:00Z"));

        Assert.True(again.IsOk().IsReplayed);
        Assert.Equal(first.Text, again.Text);
    }

    [Fact]
    public async Task A_batch_has_one_result_per_event_and_a_bad_one_stops_no_other()
    {
        var resident = LedgerApi.NewName("r");
        var id = LedgerApi.NewName("e");
        var reply = (await shared.App.Batch(
            Event.Earn(resident, 10, id),
            Event.Of("activity-completed", resident, """{ "activity": "service", "quantity": 0 }""", id + "-zero"),
            "42",
            Event.Spend(resident, 4),
            Event.Spend(resident, 100),
            Event.Earn(resident, 10, id),
            Event.Earn(resident, 11, id),
            Event.Earn(resident, 1, source: Sources.Other))).IsOk();

        var results = reply.At("results").AsArray();
        Assert.Equal([200, 400, 400, 200, 422, 200, 422, 403], results.Select(result => result!["status"]!.GetValue<int>()));
        Assert.Equal("quantity_invalid", results[1]!["problem"]!["code"]!.GetValue<string>());
        Assert.Equal(id + "-zero", results[1]!["id"]!.GetValue<string>());
        Assert.Equal("event_invalid", results[2]!["problem"]!["code"]!.GetValue<string>());
        Assert.Equal("insufficient_points", results[4]!["problem"]!["code"]!.GetValue<string>());
        Assert.True(results[5]!["replayed"]!.GetValue<bool>());
        Assert.Equal(results[0]!["receipt"]!.ToJsonString(), results[5]!["receipt"]!.ToJsonString());
        Assert.Equal("command_id_reused", results[6]!["problem"]!["code"]!.GetValue<string>());
        Assert.Equal("source_not_granted", results[7]!["problem"]!["code"]!.GetValue<string>());
        Assert.Equal(6, (await shared.App.Balance(resident)).Number("available"));
    }

    [Fact]
    public async Task A_member_that_comes_twice_or_has_the_wrong_type_costs_only_its_own_event()
    {
        var resident = LedgerApi.NewName("r");
        var id = LedgerApi.NewName("e");
        var reply = (await shared.App.Batch(
            Event.Earn(resident, 10),
            Event.Of("points-spent", resident, """{ "merchant": "tea-house", "points": 1, "points": 2 }""", id + "-points"),
            Event.Earn(resident, 1, id).Replace("{ \"specversion\"", "{ \"type\": \"x\", \"specversion\"", StringComparison.Ordinal),
            Event.Of("points-spent", resident, """{ "merchant": "tea-house", "points": 1, "\ud800": 2 }"""),
            Event.Of("points-spent", resident, """{ "merchant": "tea-house", "points": "1" }"""),
            Event.Of("points-spent", resident, """{ "merchant": ["tea-house"], "points": 1 }"""),
            Event.Earn(resident, 1).Replace("\"1.0\"", "1.0", StringComparison.Ordinal),
            "null",
            Event.Spend(resident, 4))).IsOk();

        var results = reply.At("results").AsArray();
        Assert.Equal([200, 400, 400, 400, 400, 400, 400, 400, 200], results.Select(result => result!["status"]!.GetValue<int>()));
        Assert.Equal(
            [
                "member_duplicate", "member_duplicate", "json_malformed", "member_wrong_type", "member_wrong_type", "event_invalid", "event_invalid",
            ],
            results.Skip(1).Take(7).Select(result => result!["problem"]!["code"]!.GetValue<string>()));
        Assert.Equal([id + "-points", id], results.Skip(1).Take(2).Select(result => result!["id"]!.GetValue<string>()));
        Assert.Equal((6, 2), ((await shared.App.Balance(resident)).Number("available"), (await shared.App.Balance(resident)).Number("version")));
    }

    [Theory]
    [InlineData("[{}, {]")]
    [InlineData("""[{ "id": "a", "id": "b" }, {]""")]
    [InlineData("""[{ "id": "a", "id": "b" }""")]
    [InlineData("""[{ "id": "a", "id": "b" }] []""")]
    public async Task A_batch_that_is_no_JSON_is_refused_whole(string body) =>
        (await shared.App.Write("/v1/events", body, Requests.BatchType)).IsProblem(400, "json_malformed");

    [Fact]
    public async Task A_batch_of_five_hundred_is_taken_and_one_more_is_not()
    {
        var residents = Enumerable.Range(0, 20).Select(_ => LedgerApi.NewName("r")).ToArray();
        var events = Enumerable.Range(0, 501).Select(i => Event.Earn(residents[i % 20], 1)).ToArray();

        (await shared.App.Batch(events)).IsProblem(413, "batch_too_large");
        Assert.Equal(0, (await shared.App.Balance(residents[0])).Number("version"));

        var reply = (await shared.App.Batch(events[..500])).IsOk();
        Assert.All(reply.At("results").AsArray(), result => Assert.Equal(200, result!["status"]!.GetValue<int>()));
        Assert.Equal(25, (await shared.App.Balance(residents[0])).Number("available"));
    }

    [Fact]
    public async Task An_empty_batch_has_no_results() => Assert.Empty((await shared.App.Batch()).IsOk().At("results").AsArray());

    [Fact]
    public async Task All_four_types_do_what_they_say()
    {
        var resident = LedgerApi.NewName("r");
        var (earned, spent) = (LedgerApi.NewName("e"), LedgerApi.NewName("s"));
        (await shared.App.Event(Event.Earn(resident, 50, earned))).IsOk();
        Assert.Equal(30, (await shared.App.Event(Event.Spend(resident, 30, spent))).IsOk().Number("spent"));
        Assert.Equal(10, (await shared.App.Event(Event.Refund(resident, spent, 10))).IsOk().Number("refunded"));
        var reversed = (await shared.App.Event(Event.Reverse(resident, earned))).IsOk();

        Assert.Equal(50, reversed.Number("claimed"));
        Assert.Equal(20, reversed.Number("becameDebt"));
        Assert.Equal(20, reversed.Number("balance.debt"));
    }

    [Fact]
    public async Task A_reversal_before_its_activity_waits_and_then_counts_at_once()
    {
        var resident = LedgerApi.NewName("r");
        var activity = LedgerApi.NewName("e");
        Assert.Equal("waiting", (await shared.App.Event(Event.Reverse(resident, activity))).IsOk().Word("outcome"));

        var receipt = (await shared.App.Event(Event.Earn(resident, 7, activity))).IsOk();

        Assert.Equal((7, 7, 0), (receipt.Number("credited"), receipt.Number("claimed"), receipt.Number("balance.available")));
    }
}
