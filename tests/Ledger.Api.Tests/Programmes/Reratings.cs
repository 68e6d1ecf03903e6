using System.Net;
using Ledger.Api.Reratings;
using Ledger.Api.Tests.Serving;
using Ledger.Grains.Journal;
using Ledger.Grains.Stores;
using Ledger.Grains.Wallets;
using Ledger.Transactions;
using Ledger.Wallets;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Ledger.Api.Tests.Programmes;

public sealed class Reratings
{
    private const string Double = """{ "activities": [ { "type": "service", "award": { "kind": "per_unit", "points": 2 } } ] }""";
    private const string Half = """{ "activities": [ { "type": "service", "award": { "kind": "per_unit", "points": 1, "units": 2 } } ] }""";

    [Fact]
    public async Task What_one_proposes_another_approves_and_every_resident_is_corrected_once()
    {
        await using var api = new LedgerApi(("Ledger:SweepEvery", "00:00:00"));
        await api.Furnish();
        var (app, maker, checker) = (await api.App(), await api.Operator(), await api.Operator());
        (await app.Event(Event.Earn("r-more", 10))).IsOk();
        (await app.Event(Event.Earn("r-spent", 30))).IsOk();
        (await app.Spend("r-spent", 25)).IsOk();
        (await app.Event(Event.Earn("r-back", 40, "e-back"))).IsOk();
        (await app.Event(Event.Reverse("r-back", "e-back"))).IsOk();
        var until = Settle(api);
        (await app.Event(Event.Earn("r-late", 7))).IsOk();

        var proposal = (await Propose(maker, Double, until)).IsOk(HttpStatusCode.Created);
        var url = proposal.Message.Headers.Location!.ToString();
        Assert.Equal(("proposed", 2, 40, 0), (proposal.Word("status"), proposal.Number("residents"), proposal.Number("given"), proposal.Number("taken")));
        Assert.Equal(10, (await app.Balance("r-more")).Number("available"));
        (await maker.Write(url + "/approve", "")).IsProblem(422, "rerating_own_proposal");

        Assert.Equal("approved", (await checker.Write(url + "/approve", "")).IsOk().Word("status"));
        var done = await Done(checker, url);

        Assert.Equal((0, proposal.Word("proposedBy")), (done.Number("refused"), done.Word("proposedBy")));
        Assert.NotEqual(done.Word("proposedBy"), done.Word("decidedBy"));
        Assert.Equal((20, 35), ((await app.Balance("r-more")).Number("available"), (await app.Balance("r-spent")).Number("available")));
        Assert.Equal((0, 7), ((await app.Balance("r-back")).Number("available"), (await app.Balance("r-late")).Number("available")));
        var corrected = (await maker.Read("/v1/residents/r-spent/transactions/3")).IsOk();
        Assert.Equal("corrected", corrected.Word("summary.kind"));
        Assert.Contains($"Re-rating '{done.Word("id")}' decided transactions 1 to 2 again: 30 points more.", corrected.Text, StringComparison.Ordinal);
        Assert.Equal(0, (await maker.Read("/v1/trial-balance")).IsOk().Number("sum"));
        Assert.Single((await maker.Read("/v1/programmes")).IsOk().At("data").AsArray());

        (await checker.Write(url + "/approve", "")).IsProblem(409, "rerating_decided");
        (await checker.Write(url + "/reject", "")).IsProblem(409, "rerating_decided");
    }

    [Fact]
    public async Task What_was_given_too_much_is_taken_or_owed_and_the_export_still_adds_up()
    {
        await using var api = new LedgerApi(("Ledger:SweepEvery", "00:00:00"));
        await api.Furnish();
        var (app, maker, checker) = (await api.App(), await api.Operator(), await api.Operator());
        (await app.Event(Event.Earn("r-1", 10))).IsOk();
        (await app.Event(Event.Earn("r-2", 10))).IsOk();
        (await app.Spend("r-2", 8)).IsOk();
        var url = (await Propose(maker, Half, Settle(api))).IsOk(HttpStatusCode.Created).Message.Headers.Location!.ToString();

        (await checker.Write(url + "/approve", "")).IsOk();
        await Done(checker, url);

        Assert.Equal(5, (await app.Balance("r-1")).Number("available"));
        Assert.Equal((0, 3), ((await app.Balance("r-2")).Number("available"), (await app.Balance("r-2")).Number("debt")));
        var transaction = (await maker.Read("/v1/residents/r-2/transactions/3", ("Accept-Language", "zh-CN"))).IsOk();
        Assert.Contains("其中 3 分已被使用，记为欠分。", transaction.Text, StringComparison.Ordinal);
        await api.Stop();
        var export = await CommandLine.CommandRun.Run("export", "residents", "--community", LedgerApi.Community, "--store", api.StoreFile);
        Assert.Equal(
            "resident,balance,earned,spent,expired,rejected,capped,clawed_back,restored,shortfall,debt,adjusted\n"
            + "r-1,5,10,0,0,0,0,0,0,0,0,-5\nr-2,-3,10,8,0,0,0,0,0,0,3,-5\n",
            export.Output);
        Assert.Equal(0, (await CommandLine.CommandRun.Run("verify", "--community", LedgerApi.Community, "--store", api.StoreFile)).Code);
    }

    [Fact]
    public async Task What_is_taken_back_between_the_period_and_the_proposal_is_not_given_and_what_comes_later_changes_nothing()
    {
        await using var api = new LedgerApi(("Ledger:SweepEvery", "00:00:00"));
        await api.Furnish();
        var (app, maker, checker) = (await api.App(), await api.Operator(), await api.Operator());
        (await app.Event(Event.Earn("r-back", 40, "e-back"))).IsOk();
        (await app.Event(Event.Earn("r-later", 10, "e-later"))).IsOk();
        var until = Settle(api);
        (await app.Event(Event.Reverse("r-back", "e-back"))).IsOk();
        api.Clock.AdvanceMinutes(2);

        var proposal = (await Propose(maker, Double, until)).IsOk(HttpStatusCode.Created);
        Assert.Equal((1, 10), (proposal.Number("residents"), proposal.Number("given")));
        (await app.Event(Event.Reverse("r-later", "e-later"))).IsOk();
        api.Clock.AdvanceMinutes(2);
        var url = proposal.Message.Headers.Location!.ToString();
        (await checker.Write(url + "/approve", "")).IsOk();
        Assert.Equal(0, (await Done(checker, url)).Number("refused"));

        Assert.Equal((0, 10), ((await app.Balance("r-back")).Number("available"), (await app.Balance("r-later")).Number("available")));
    }

    [Fact]
    public async Task A_service_that_was_killed_in_the_middle_goes_on_when_it_is_started_again()
    {
        await using var first = new LedgerApi(("Ledger:SweepEvery", "00:00:00"));
        await first.Furnish();
        var (app, maker) = (await first.App(), await first.Operator());
        for (var i = 0; i < 20; i++)
        {
            (await app.Event(Event.Earn($"r-{i}", 10))).IsOk();
        }

        var proposal = (await Propose(maker, Double, Settle(first))).IsOk(HttpStatusCode.Created);
        var (id, community) = (proposal.Word("id"), new CommunityId(LedgerApi.Community));

        // Approved, some corrections written, and then nobody was there any more.
        Assert.True(await first.Services.GetRequiredService<IReratings>().DecideRerating(
            community, id, ReratingStatus.Approved, "checker", first.Clock.GetCurrentInstant(), TestContext.Current.CancellationToken));
        for (var i = 0; i < 7; i++)
        {
            var resident = new ResidentId($"r-{i}");
            await first.Services.GetRequiredService<IGrainFactory>().GetWallet(community, resident).Send(new()
            {
                Community = community,
                Resident = resident,
                Key = CommandKey.Rerating(id, resident),
                Command = new CorrectPoints(id, 1, 1, new(10)),
            });
        }

        await first.Stop();
        await using var second = new LedgerApi(("ConnectionStrings:Ledger", $"Data Source={first.StoreFile}"), ("Ledger:SweepEvery", "00:00:00"));
        var @operator = await second.Operator();
        await Done(@operator, $"/v1/reratings/{id}");

        for (var i = 0; i < 20; i++)
        {
            var transactions = (await @operator.Read($"/v1/residents/r-{i}/transactions")).IsOk().At("data").AsArray();
            Assert.Equal((2, 20), (transactions.Count, (await @operator.Balance($"r-{i}")).Number("available")));
        }
    }

    [Fact]
    public async Task What_is_wrong_with_a_proposal_is_told_and_a_rejected_one_does_nothing()
    {
        await using var api = new LedgerApi(("Ledger:SweepEvery", "00:00:00"));
        await api.Furnish();
        var (app, maker, checker) = (await api.App(), await api.Operator(), await api.Operator());
        (await app.Event(Event.Earn("r-1", 10))).IsOk();
        var until = Settle(api);

        (await maker.Write("/v1/reratings", $$"""{ "until": "{{until}}", "reason": "x" }""")).IsProblem(400, "member_missing");
        (await maker.Write("/v1/reratings", """{ "version": 1, "reason": "x" }""")).IsProblem(400, "member_missing");
        (await maker.Write("/v1/reratings", $$"""{ "version": 1, "until": "{{until}}" }""")).IsProblem(400, "member_missing");
        (await maker.Write("/v1/reratings", $$"""{ "version": 1, "until": "{{until}}", "reason": "x", "to": 1 }""")).IsProblem(400, "member_unknown");
        (await maker.Write("/v1/reratings", $$"""{ "version": 9, "until": "{{until}}", "reason": "x" }""")).IsProblem(404, "programme_not_found");
        (await Propose(maker, """{ "zone": "Nowhere", "activities": [] }""", until)).IsProblem(422, "programme_invalid");
        (await Propose(maker, Double, api.Clock.GetCurrentInstant() - Duration.FromSeconds(59))).IsProblem(400, "time_invalid");
        (await Propose(maker, Double, until, from: until)).IsProblem(400, "time_invalid");
        (await Propose(maker, LedgerApi.Programme, until)).IsProblem(422, "rerating_empty");
        (await maker.Read("/v1/reratings/none")).IsProblem(404, "rerating_not_found");
        (await maker.Write("/v1/reratings/none/approve", "")).IsProblem(404, "rerating_not_found");

        var url = (await Propose(maker, Double, until)).IsOk(HttpStatusCode.Created).Message.Headers.Location!.ToString();
        Assert.Equal("rejected", (await maker.Write(url + "/reject", "")).IsOk().Word("status"));
        (await checker.Write(url + "/approve", "")).IsProblem(409, "rerating_decided");
        Assert.Equal(10, (await app.Balance("r-1")).Number("available"));
        Assert.Equal("rejected", (await maker.Read("/v1/reratings")).IsOk().At("data").AsArray().Single()!["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_long_list_comes_in_pages()
    {
        await using var api = new LedgerApi(("Ledger:SweepEvery", "00:00:00"));
        await api.Furnish();
        var (app, @operator) = (await api.App(), await api.Operator());
        (await app.Event(Event.Earn("r-1", 10))).IsOk();
        var until = Settle(api);
        var proposed = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            proposed.Add((await Propose(@operator, Double, until)).IsOk(HttpStatusCode.Created).Word("id"));
            api.Clock.AdvanceMinutes(1);
        }

        var read = new List<string>();
        for (var next = "/v1/reratings?limit=2"; next is not null;)
        {
            var page = (await @operator.Read(next)).IsOk();
            read.AddRange(page.At("data").AsArray().Select(rerating => rerating!["id"]!.GetValue<string>()));
            next = page.Json["nextCursor"] is { } cursor ? $"/v1/reratings?limit=2&cursor={cursor.GetValue<string>()}" : null;
            Assert.Equal(next is not null, page.At("hasMore").GetValue<bool>());
        }

        Assert.Equal(proposed, read);
        (await @operator.Read("/v1/reratings?cursor=x.y")).IsProblem(400, "cursor_invalid");
        (await @operator.Read("/v1/reratings?limit=0")).IsProblem(400, "limit_invalid");
    }

    [Fact]
    public async Task No_award_is_corrected_twice_and_what_changed_meanwhile_is_not_approved()
    {
        await using var api = new LedgerApi(("Ledger:SweepEvery", "00:00:00"));
        await api.Furnish();
        var (app, maker, checker) = (await api.App(), await api.Operator(), await api.Operator());
        (await app.Event(Event.Earn("r-1", 10))).IsOk();
        var until = Settle(api);
        var (first, second) = (await Proposed(Double), await Proposed(Half));
        (await checker.Write(first + "/approve", "")).IsOk();
        await Done(checker, first);

        (await checker.Write(second + "/approve", "")).IsProblem(409, "rerating_overlaps");
        Assert.Equal(20, (await app.Balance("r-1")).Number("available"));

        // History that is written into a period that is over: the importer does that, into wallets that are not ahead of it.
        (await Propose(maker, Double, until - Duration.FromDays(1))).IsProblem(422, "rerating_empty");
        await Import("r-old", until - Duration.FromDays(3));
        var third = (await Propose(maker, Double, until - Duration.FromDays(1))).IsOk(HttpStatusCode.Created);
        await Import("r-older", until - Duration.FromDays(4));
        (await checker.Write(third.Message.Headers.Location + "/approve", "")).IsProblem(409, "rerating_changed");

        async Task<string> Proposed(string programme) =>
            (await Propose(maker, programme, until)).IsOk(HttpStatusCode.Created).Message.Headers.Location!.ToString();

        async Task Import(string resident, Instant at) => await api.Services.GetRequiredService<IGrainFactory>()
            .GetWallet(new(LedgerApi.Community), new(resident)).Send(new()
            {
                Community = new(LedgerApi.Community),
                Resident = new(resident),
                Key = CommandKey.Import(resident),
                Command = new EarnPoints(new("service"), 5, at),
                At = at,
                Historic = true,
            });
    }

    [Fact]
    public async Task One_that_cannot_be_repeated_ends_and_keeps_no_other_waiting()
    {
        await using var api = new LedgerApi(("Ledger:SweepEvery", "00:00:00"));
        await api.Furnish();
        var (app, maker, checker) = (await api.App(), await api.Operator(), await api.Operator());
        (await app.Event(Event.Earn("r-1", 10))).IsOk();
        var until = Settle(api);
        var url = (await Propose(maker, Double, until, from: until - Duration.FromDays(1))).IsOk(HttpStatusCode.Created).Message.Headers.Location!.ToString();

        // What no import, no upgrade and no hand should do, and yet: they were approved before the one that is to be done.
        await ApproveInStore("changed", Double, until - Duration.FromDays(40));
        await ApproveInStore("unread", "{ \"zone\": 1 }", until - Duration.FromDays(80));
        (await checker.Write(url + "/approve", "")).IsOk();
        await Done(checker, url);

        Assert.Equal(20, (await app.Balance("r-1")).Number("available"));
        var changed = await Done(checker, "/v1/reratings/changed", "failed");
        Assert.Equal(("rerating_changed", api.Clock.GetCurrentInstant().ToString()), (changed.Word("failure"), changed.Word("doneAt")));
        Assert.Equal("programme_invalid", (await Done(checker, "/v1/reratings/unread", "failed")).Word("failure"));
        (await checker.Write("/v1/reratings/changed/approve", "")).IsProblem(409, "rerating_decided");

        async Task ApproveInStore(string id, string programme, Instant end)
        {
            var (reratings, community) = (api.Services.GetRequiredService<IReratings>(), new CommunityId(LedgerApi.Community));
            Assert.True(await reratings.AddRerating(new()
            {
                Community = community,
                Id = id,
                Programme = programme,
                From = end - Duration.FromDays(1),
                Until = end,
                Reason = "a wrong rate",
                Residents = 1,
                Given = new(10),
                Taken = Points.Zero,
                Digest = "00ff",
                ProposedBy = "maker",
                ProposedAt = end,
            }));
            Assert.True(await reratings.DecideRerating(community, id, ReratingStatus.Approved, "checker", end));
        }
    }

    [Fact]
    public async Task A_wallet_that_cannot_be_written_is_counted_and_one_that_is_busy_is_asked_again()
    {
        await using var api = new LedgerApi(("Ledger:SweepEvery", "00:00:00")) { Journal = FailingJournal.Around };
        await api.Furnish();
        var (app, @operator) = (await api.App(), await api.Operator());
        var (reratings, work) = (api.Services.GetRequiredService<IReratings>(), api.Services.GetRequiredService<ReratingWork>());
        var ids = new List<string>();
        var from = api.Clock.GetCurrentInstant();
        foreach (var resident in new[] { "r-full", "r-busy", "r-fine" })
        {
            (await app.Event(Event.Earn(resident, 10))).IsOk();
            var until = Settle(api);
            ids.Add((await Propose(@operator, Double, until, from)).IsOk(HttpStatusCode.Created).Word("id"));
            Assert.True(await reratings.DecideRerating(
                new(LedgerApi.Community), ids[^1], ReratingStatus.Approved, "checker", api.Clock.GetCurrentInstant(), TestContext.Current.CancellationToken));
            from = until;
        }

        FailingJournal.Fail(
            api.Services.GetRequiredService<IJournal>(), new JournalLimitException("The books are full."), new JournalBusyException("Too much waits."));
        await work.Finish(TestContext.Current.CancellationToken);

        Assert.Equal([("done", 10), ("approved", 10), ("done", 20)], await Now());
        Assert.Equal(1, (await @operator.Read($"/v1/reratings/{ids[0]}")).Number("refused"));

        await work.Finish(TestContext.Current.CancellationToken);
        Assert.Equal([("done", 10), ("done", 20), ("done", 20)], await Now());

        async Task<List<(string, long)>> Now()
        {
            var now = new List<(string, long)>();
            foreach (var (id, resident) in ids.Zip(["r-full", "r-busy", "r-fine"]))
            {
                now.Add(((await @operator.Read($"/v1/reratings/{id}")).IsOk().Word("status"), (await app.Balance(resident)).Number("available")));
            }

            return now;
        }
    }

    // The end of a period that holds all that was done so far.
    private static Instant Settle(LedgerApi api)
    {
        var until = api.Clock.GetCurrentInstant() + Duration.FromSeconds(1);
        api.Clock.AdvanceMinutes(5);
        return until;
    }

    private static Task<Reply> Propose(HttpClient client, string programme, Instant until, Instant? from = null) => client.Write(
        "/v1/reratings",
        $$"""{ "programme": {{programme}}, "until": "{{until}}", "reason": "a wrong rate"{{(from is { } start ? $", \"from\": \"{start}\"" : "")}} }""");

    private static async Task<Reply> Done(HttpClient client, string url, string status = "done")
    {
        for (var asked = 0; asked < 20_000; asked++)
        {
            var reply = (await client.Read(url)).IsOk();
            if (reply.Word("status") == status)
            {
                return reply;
            }
        }

        throw new Xunit.Sdk.XunitException("The re-rating never came to its end.");
    }
}
