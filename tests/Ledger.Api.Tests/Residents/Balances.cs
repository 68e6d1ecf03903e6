using System.Net;
using Ledger.Api.Tests.Serving;
using NodaTime;

namespace Ledger.Api.Tests.Residents;

public sealed class Balances(SharedApi shared)
{
    [Fact]
    public async Task A_resident_without_transactions_has_nothing()
    {
        var balance = (await shared.App.Balance(LedgerApi.NewName("r"))).IsOk();

        Assert.Equal((0, 0), (balance.Number("available"), balance.Number("version")));
        Assert.Empty(balance.At("expiring").AsArray());
    }

    [Fact]
    public async Task An_unchanged_balance_is_304_and_a_changed_one_is_not()
    {
        var resident = LedgerApi.NewName("r");
        (await shared.App.Event(Event.Earn(resident, 3))).IsOk();
        var tag = (await shared.App.Balance(resident)).IsOk().Message.Headers.ETag!.ToString();
        Assert.Equal("\"1.0\"", tag);

        var unchanged = await shared.App.Read($"/v1/residents/{resident}/balance", ("If-None-Match", $"\"0.0\", W/{tag}"));
        Assert.Equal((HttpStatusCode.NotModified, string.Empty), (unchanged.Status, unchanged.Text));

        (await shared.App.Spend(resident, 1)).IsOk();
        var changed = (await shared.App.Read($"/v1/residents/{resident}/balance", ("If-None-Match", tag))).IsOk();
        Assert.Equal(2, changed.Number("available"));
    }

    [Fact]
    public async Task Points_that_wait_for_their_warning_are_shown_with_the_date_that_they_would_get_today()
    {
        await using var api = new LedgerApi(("Ledger:SweepEvery", "00:00:00"));
        await api.Furnish("""
            { "expiry": { "kind": "rolling", "months": 2 }, "expiryWarnings": { "daysBefore": [ 7 ], "noWarningNoExpiry": true },
              "activities": [ { "type": "service", "award": { "kind": "per_unit", "points": 1 } } ] }
            """);
        var app = await api.App();
        (await app.Event(Event.Earn("r-1", 5))).IsOk();

        api.Clock.Reset(Instant.FromUtc(2026, 6, 1, 4, 0));
        var today = (await app.Balance("r-1")).IsOk();
        api.Clock.Reset(Instant.FromUtc(2026, 6, 2, 4, 0));
        var tomorrow = (await app.Read("/v1/residents/r-1/balance", ("If-None-Match", today.Message.Headers.ETag!.ToString()))).IsOk();

        Assert.Equal((5, "2026-06-08"), (today.Number("available"), today.At("expiring")[0]!["usableThrough"]!.GetValue<string>()));
        Assert.Equal((5, "2026-06-09"), (tomorrow.Number("available"), tomorrow.At("expiring")[0]!["usableThrough"]!.GetValue<string>()));

        // Recorded by whatever happens next, the date stands.
        (await app.Spend("r-1", 1)).IsOk();
        api.Clock.Reset(Instant.FromUtc(2026, 6, 9, 15, 59));
        Assert.Equal(4, (await app.Balance("r-1")).Number("available"));
        api.Clock.Reset(Instant.FromUtc(2026, 6, 9, 16, 0));
        Assert.Equal(0, (await app.Balance("r-1")).Number("available"));
    }

    [Fact]
    public async Task What_fell_due_counts_at_once_and_changes_the_tag()
    {
        await using var api = new LedgerApi(("Ledger:SweepEvery", "00:00:00"));
        await api.Furnish();
        var app = await api.App();
        (await app.Event(Event.Earn("r-1", 3, time: "2026-02-20T10:00:00+08:00"))).IsOk();
        (await app.Event(Event.Earn("r-1", 4, time: "2026-03-01T10:00:00+08:00"))).IsOk();
        var before = (await app.Balance("r-1")).IsOk();
        Assert.Equal(["2027-02-20", "2027-03-01"], before.At("expiring").AsArray().Select(e => e!["usableThrough"]!.GetValue<string>()));

        // The last moment of the last day in Shanghai, and the first of the next.
        api.Clock.Reset(Instant.FromUtc(2027, 2, 20, 15, 59, 59));
        Assert.Equal(7, (await app.Balance("r-1")).Number("available"));
        api.Clock.Reset(Instant.FromUtc(2027, 2, 20, 16, 0));
        var after = await app.Read("/v1/residents/r-1/balance", ("If-None-Match", "\"2.0\""));

        Assert.Equal(4, after.IsOk().Number("available"));
        Assert.Equal("\"2.1\"", after.Message.Headers.ETag!.ToString());
        Assert.Equal(2, after.Number("version"));
        Assert.Single((await app.Read("/v1/residents/r-1/lots")).IsOk().At("data").AsArray());
    }
}
