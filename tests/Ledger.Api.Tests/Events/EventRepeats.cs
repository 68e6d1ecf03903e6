using Ledger.Api.Security;
using Ledger.Api.Tests.Serving;
using NodaTime;

namespace Ledger.Api.Tests.Events;

/// <summary>An event has one outcome, for ever.</summary>
public sealed class EventRepeats(SharedApi shared)
{
    [Fact]
    public async Task A_repeat_is_answered_as_before_and_says_so()
    {
        var resident = LedgerApi.NewName("r");
        var sent = Event.Earn(resident, 9);
        var first = (await shared.App.Event(sent)).IsOk();
        (await shared.App.Event(Event.Spend(resident, 5))).IsOk();

        var again = (await shared.App.Event(sent)).IsOk();

        Assert.True(again.IsReplayed);
        Assert.Equal(first.Text, again.Text);
        Assert.Equal(4, (await shared.App.Balance(resident)).Number("available"));
    }

    [Fact]
    public async Task A_refusal_repeats_word_for_word_also_when_it_could_succeed_by_now()
    {
        var resident = LedgerApi.NewName("r");
        var spend = Event.Spend(resident, 30);
        var refused = (await shared.App.Event(spend)).IsProblem(422, "insufficient_points");
        Assert.Equal((0, 30), (refused.Number("available"), refused.Number("requested")));
        Assert.False(refused.IsReplayed);
        (await shared.App.Event(Event.Earn(resident, 100))).IsOk();

        var again = (await shared.App.Event(spend)).IsProblem(422, "insufficient_points");

        Assert.True(again.IsReplayed);
        Assert.Equal(refused.Text, again.Text);
        Assert.Equal(100, (await shared.App.Balance(resident)).Number("available"));
    }

    [Fact]
    public async Task Another_content_or_another_resident_under_the_same_id_is_refused()
    {
        var (resident, id) = (LedgerApi.NewName("r"), LedgerApi.NewName("e"));
        (await shared.App.Event(Event.Earn(resident, 9, id))).IsOk();

        (await shared.App.Event(Event.Earn(resident, 8, id))).IsProblem(422, "command_id_reused");
        (await shared.App.Event(Event.Earn(LedgerApi.NewName("r"), 9, id))).IsProblem(422, "command_id_reused");
        (await shared.App.Event(Event.Spend(resident, 9, id))).IsProblem(422, "command_id_reused");
    }

    [Fact]
    public async Task An_event_acknowledged_long_ago_repeats_though_source_clock_and_programme_have_changed()
    {
        await using var api = new LedgerApi(("Ledger:SweepEvery", "00:00:00"));
        await api.Furnish();
        var sent = Event.Earn("r-1", 9, "e-1");
        var first = (await (await api.App(LedgerApi.Community, Sources.Own)).Event(sent)).IsOk();
        var fresh = await api.Operator();
        var start = api.Clock.GetCurrentInstant() + Duration.FromDays(1);
        (await fresh.Write("/v1/programmes", $$"""{ "effectiveFrom": "{{start}}", "programme": { "activities": [] } }""")).IsOk(System.Net.HttpStatusCode.Created);
        api.Clock.AdvanceDays(3_000);
        var stranger = await api.App(LedgerApi.Community, Sources.Other);

        var again = (await stranger.Event(sent)).IsOk();

        Assert.True(again.IsReplayed);
        Assert.Equal(first.Text, again.Text);
        Assert.Equal(1, (await stranger.Balance("r-1")).Number("version"));
        (await stranger.Event(Event.Earn("r-1", 10, "e-1"))).IsProblem(403, "source_not_granted");
        (await stranger.Event(Event.Earn("r-1", 9, "e-2"))).IsProblem(403, "source_not_granted");
    }

    [Fact]
    public async Task A_reversal_of_another_source_needs_that_source_too()
    {
        var resident = LedgerApi.NewName("r");
        var data = $$"""{ "of": { "source": "{{Sources.Other}}", "id": "x" } }""";

        (await shared.App.Event(Event.Of("activity-reversed", resident, data))).IsProblem(403, "source_not_granted");
    }

    [Fact]
    public async Task An_app_learns_what_became_of_its_event_by_path_and_by_query()
    {
        await using var api = LedgerApi.OverTheWire();
        await api.Furnish();
        var app = await api.App();
        const string Id = "e/2 %2F é";
        var receipt = (await app.Event(Event.Earn("r-1", 9, Id))).IsOk();
        (await app.Event(Event.Spend("r-1", 10, "s-1"))).IsProblem(422, "insufficient_points");

        var byPath = (await app.Read($"/v1/events/{Uri.EscapeDataString(Sources.Own)}/{Uri.EscapeDataString(Id)}?x=/y")).IsOk();
        var byQuery = (await app.Read($"/v1/events?source={Sources.Own}&id={Uri.EscapeDataString(Id)}")).IsOk();
        var refused = (await app.Read($"/v1/events/{Uri.EscapeDataString(Sources.Own)}/s-1")).IsOk();

        Assert.Equal(receipt.Json.ToJsonString(), byPath.At("receipt").ToJsonString());
        Assert.Equal(byPath.Text, byQuery.Text);
        Assert.Equal((422, "insufficient_points"), (refused.Number("status"), refused.Word("problem.code")));
        (await app.Read("/v1/events/%2Fapps%2Fvolunteers/never-sent")).IsProblem(404, "event_not_found");
        (await app.Read("/v1/events/%2Fapps%2Fclinic/e-1")).IsProblem(403, "source_not_granted");
        (await app.Read("/v1/events/alone")).IsProblem(400, "event_invalid");
    }

    [Theory]
    [InlineData("/v1/events?source=/apps/volunteers&id=never-sent", 404, "event_not_found")]
    [InlineData("/v1/events?source=/apps/clinic&id=e-1", 403, "source_not_granted")]
    [InlineData("/v1/events?source=/apps/volunteers", 400, "event_invalid")]
    [InlineData("/v1/events?source=&id=", 400, "event_invalid")]
    [InlineData("/v1/events", 400, "event_invalid")]
    public async Task What_was_never_recorded_or_is_not_granted_cannot_be_read(string url, int status, string code) =>
        (await shared.App.Read(url)).IsProblem(status, code);

    [Fact]
    public async Task The_same_id_in_two_communities_is_two_events()
    {
        var other = LedgerApi.NewName("c");
        Assert.True(await shared.Api.Catalogue.AddCommunity(new(new(other), "另一个社区", shared.Api.Clock.GetCurrentInstant())));
        Assert.True(await shared.Api.Catalogue.AddProgramme(
            new(new(other), 1, Instant.MinValue, LedgerApi.Programme, "test", shared.Api.Clock.GetCurrentInstant())));
        var app = await shared.Api.ClientOf(new(LedgerApi.NewName("app"), Roles.App, new(other), [Sources.Own], null, null, null));
        var (resident, id) = (LedgerApi.NewName("r"), LedgerApi.NewName("e"));

        (await shared.App.Event(Event.Earn(resident, 1, id))).IsOk();
        var second = (await app.Event(Event.Earn(resident, 2, id))).IsOk();

        Assert.False(second.IsReplayed);
        Assert.Equal(2, second.Number("balance.available"));
    }
}
