using Ledger.Accounts;
using Ledger.Grains.Journal;
using Ledger.Grains.Merchants;
using Ledger.Grains.Tests.Hosting;
using Ledger.Grains.Wallets;
using Ledger.Json;
using Ledger.Paycodes;
using Ledger.PrivatePostgres;
using Ledger.Wallets;
using NodaTime;
using static Ledger.Grains.Tests.Wallets.Commands;

namespace Ledger.Grains.Tests.Wallets;

/// <summary>Holds and merchants' references through grains and a store: one reference, one outcome.</summary>
public abstract class HoldTests(SharedPostgres? shared) : HostedTests(shared)
{
    private static readonly MerchantId s_teaHouse = MerchantId.Parse("tea-house");

    private int _runs;

    [Fact]
    public async Task The_same_hold_under_another_key_is_the_same_hold()
    {
        await Rich("r1");
        var first = await Host.Wallet("r1").Record(Hold("r1", "k1", "sale-1", 30));

        var again = await Host.Wallet("r1").Record(Hold("r1", "k2", "sale-1", 30));
        await Restart();
        var afterwards = await Host.Wallet("r1").Record(Hold("r1", "k3", "sale-1", 30));

        var held = Assert.IsType<PointsHeld>(first.Transaction.Events[^1]);
        var repeated = new HoldRepeated(first.Transaction.Sequence, held.Reference, held.Points, held.Until);
        Assert.Equal((repeated, repeated), (again.Transaction.Events[^1], afterwards.Transaction.Events[^1]));
        Assert.Equal(new Points(30), (await State("r1")).HeldPoints);
        Assert.Equal(4, (await State("r1")).Sequence);
    }

    [Fact]
    public async Task The_other_key_of_a_hold_has_one_outcome_for_ever_too()
    {
        await Rich("r1");
        await Host.Wallet("r1").Record(Hold("r1", "k1", "sale-1", 30));
        var again = await Host.Wallet("r1").Record(Hold("r1", "k2", "sale-1", 30));
        await Host.Wallet("r1").Record(Hold("r1", "k3", "sale-2", 999_999));
        await Host.Wallet("r1").Record(Hold("r1", "k4", "sale-2", 999_999));
        await Restart();

        foreach (var key in new[] { "k2", "k4" })
        {
            Assert.IsType<CommandResult.KeyReused>(await Host.Wallet("r1").Send(Hold("r1", key, "sale-3", 5)));
        }

        var repeat = await Host.Wallet("r1").Record(Hold("r1", "k2", "sale-1", 30));
        Assert.Equal((true, again.Transaction.Sequence), (repeat.Replayed, repeat.Transaction.Sequence));
        Assert.Equal("insufficient_points", (await Host.Wallet("r1").Record(Hold("r1", "k4", "sale-2", 999_999))).Transaction.Outcome);
        Assert.Equal(new Points(30), (await State("r1")).HeldPoints);
    }

    [Fact]
    public async Task Another_hold_under_a_used_reference_is_refused_for_good()
    {
        await Rich("r1");
        await Rich("r2");
        var first = await Host.Wallet("r1").Record(Hold("r1", "k1", "sale-1", 30));

        var more = await Host.Wallet("r1").Record(Hold("r1", "k2", "sale-1", 31));
        var other = await Host.Wallet("r2").Record(Hold("r2", "k3", "sale-1", 30));

        var reused = new Refusal.ReferenceReused(Sale("sale-1"), new(30), first.Transaction.EffectiveAt);
        Assert.Equal((reused, reused), (more.Transaction.Refusal, other.Transaction.Refusal));
        Assert.True((await Host.Wallet("r2").Record(Hold("r2", "k3", "sale-1", 30))).Replayed);
        Assert.Equal(Points.Zero, (await State("r2")).HeldPoints);
    }

    [Fact]
    public async Task Of_many_residents_with_one_reference_at_once_exactly_one_holds()
    {
        var residents = Enumerable.Range(0, 20).Select(i => $"r{i}").ToList();
        await Task.WhenAll(residents.Select(resident => Rich(resident)));

        var results = await Task.WhenAll(residents.Select(r => Host.Wallet(r).Record(Hold(r, $"k-{r}", "sale-1", 30))));

        Assert.Single(results, result => result.Transaction.Refusal is null);
        Assert.Equal(19, results.Count(result => result.Transaction.Refusal is Refusal.ReferenceReused));
        Assert.Equal(30, (await Host.Journal.ReadTotals(LedgerHost.Community))["held"]);
    }

    [Fact]
    public async Task In_one_set_the_first_hold_of_a_reference_counts()
    {
        await Rich("r1");
        await Host.Wallet("r1").Record(Hold("r1", "k0", "sale-0", 1));

        var results = await Host.Wallet("r1").SendMany(
        [
            Hold("r1", "k1", "sale-1", 30), Hold("r1", "k2", "sale-1", 30), Hold("r1", "k3", "sale-1", 31), Hold("r1", "k4", "sale-0", 1),
            Hold("r1", "k5", "sale-0", 2), Capture("r1", "k6", "sale-1"), Capture("r1", "k7", "sale-1"),
        ]);

        Assert.Equal(
            ["accepted", "accepted", "reference_reused", "accepted", "reference_reused", "accepted", "hold_ended"],
            results.Select(result => Assert.IsType<CommandResult.Recorded>(result).Transaction.Outcome));
        Assert.Equal(
            [typeof(PointsHeld), typeof(HoldRepeated), typeof(CommandRefused), typeof(HoldRepeated), typeof(CommandRefused), typeof(HoldCaptured), typeof(CommandRefused)],
            results.Select(result => ((CommandResult.Recorded)result).Transaction.Events[^1].GetType()));
    }

    [Fact]
    public async Task A_refused_hold_has_used_its_reference_up()
    {
        var refused = await Host.Wallet("r1").Record(Hold("r1", "k1", "sale-1", 30));
        await Rich("r1");

        var again = await Host.Wallet("r1").Record(Hold("r1", "k2", "sale-1", 30));

        Assert.Equal("insufficient_points", refused.Transaction.Outcome);
        Assert.Equal(refused.Transaction.Refusal, again.Transaction.Refusal);
        Assert.Equal("hold_not_found", (await Host.Wallet("r1").Record(Capture("r1", "k3", "sale-1"))).Transaction.Outcome);
    }

    [Fact]
    public async Task A_reference_that_was_voided_before_its_hold_came_refuses_it_also_when_both_come_at_once()
    {
        await Rich("r1");
        await Void("sale-0");
        var before = await Host.Wallet("r1").Record(Hold("r1", "k0", "sale-0", 1));
        Assert.Equal(new Refusal.ReferenceVoided(Sale("sale-0"), Now), before.Transaction.Refusal);

        var held = 0;
        for (var i = 1; i <= 20; i++)
        {
            var (reference, key) = ($"sale-{i}", $"k{i}");
            var hold = Task.Run(() => Host.Wallet("r1").Record(Hold("r1", key, reference, 1)));
            await Task.WhenAll(hold, Task.Run(() => Void(reference)), Task.Run(() => Void(reference, "till-2")));

            var stands = (await Stands(reference))!;
            var isHeld = (await hold).Transaction.Refusal is null;
            Assert.Equal(isHeld, stands.Stream.Resident is not null);
            held += isHeld ? 1 : 0;
        }

        Assert.Equal(held, (await State("r1")).HeldPoints.Value);

        // A void that came first and one that comes after the hold leave the same.
        foreach (var hold in (await State("r1")).Holds)
        {
            await Host.Wallet("r1").Record(Envelope("r1", $"void {hold.Reference}", new VoidHold(hold.Reference)));
        }

        Assert.Equal((100L, 0L), ((await State("r1")).Available.Value, (await State("r1")).HeldPoints.Value));
    }

    [Fact]
    public async Task A_closed_hold_is_thawed_from_the_journal()
    {
        await Rich("r1");
        await Host.Wallet("r1").Record(Hold("r1", "k1", "sale-1", 30));
        await Host.Wallet("r1").Record(Capture("r1", "k2", "sale-1", 10, final: false));
        await Host.Wallet("r1").Record(Envelope("r1", "k3", new RefundSpend(Key("k1"), new(4))));
        Host.Clock.AdvanceMinutes(5);
        var late = await Host.Wallet("r1").Record(Capture("r1", "k4", "sale-1", 10));
        await Restart();
        await Host.Wallet("r1").SendMany([.. Enumerable.Range(0, 40).Select(i => Earn("r1", $"e{i}", 1, Now))]);

        var later = await Host.Wallet("r1").Record(Capture("r1", "k5", "sale-1", 10));
        var tooMuch = await Host.Wallet("r1").Record(Envelope("r1", "k6", new RefundSpend(Key("k1"), new(7))));
        var undone = await Host.Wallet("r1").Record(Envelope("r1", "k7", new VoidHold(Sale("sale-1"))));

        var ended = new Refusal.HoldEnded(Sale("sale-1"), HoldEnd.TimedOut, Now, new(30), new(10));
        Assert.Equal((ended, ended), (late.Transaction.Refusal, later.Transaction.Refusal));
        Assert.Equal(new Refusal.RefundExceedsSpend(Key("k1"), new(10), new(4), new(7)), tooMuch.Transaction.Refusal);
        Assert.Equal(6, Assert.IsType<SpendRefunded>(Assert.Single(undone.Transaction.Events)).Points.Value);
        Assert.IsType<CommandResult.NothingDue>(await Host.Wallet("r1").Send(Envelope("r1", "k8", new VoidHold(Sale("sale-1")))));
        Assert.Equal((140L, 0L), ((await State("r1")).Available.Value, (await Host.Journal.ReadTotals(LedgerHost.Community))["merchant/tea-house"]));
    }

    [Fact]
    public async Task Another_residents_hold_cannot_be_captured()
    {
        await Rich("r1");
        await Host.Wallet("r1").Record(Hold("r1", "k1", "sale-1", 30));

        Assert.Equal("hold_not_found", (await Host.Wallet("r2").Record(Capture("r2", "k2", "sale-1"))).Transaction.Outcome);
        Assert.Equal("hold_not_found", (await Host.Wallet("r1").Record(Capture("r1", "k3", "never"))).Transaction.Outcome);
    }

    [Fact]
    public async Task A_lost_answer_of_a_hold_is_found_again_by_its_reference()
    {
        await Rich("r1");
        Host.Journal.FailNext(Fault.UnknownCommitted);
        await Assert.ThrowsAnyAsync<JournalException>(() => Host.Wallet("r1").Send(Hold("r1", "k1", "sale-1", 30)));

        Assert.Equal(2, (await Stands("sale-1"))?.Sequence);
    }

    [Fact]
    public async Task Whatever_two_tills_do_at_once_comes_to_what_they_do_in_some_order()
    {
        // 50 points, two sales of 30: one of them is held, whoever is first; then both tills go on with what they were told.
        for (var i = 0; i < 10; i++)
        {
            var resident = $"two-{i}";
            await Host.Wallet(resident).Record(Earn(resident, $"e-{resident}", 50, Now));
            var tills = await Task.WhenAll(Enumerable.Range(1, 2).Select(till => Task.Run(async () =>
            {
                var sale = $"{resident}-till-{till}";
                var hold = await Host.Wallet(resident).Record(Hold(resident, $"h-{sale}", sale, 30));
                return hold.Transaction.Refusal is null
                    ? (await Host.Wallet(resident).Record(Capture(resident, $"c-{sale}", sale, till == 1 ? 30 : 20))).Transaction
                    : hold.Transaction;
            })));

            // Till 2 first leaves 30, and then till 1 may come too late or in time, but never for more than there is.
            var spent = tills.SelectMany(transaction => transaction.Events).OfType<HoldCaptured>().Sum(captured => captured.Points.Value);
            Assert.Contains(spent, new long[] { 20, 30, 50 });
            var state = await State(resident);
            Assert.Equal((50 - spent, 0L), (state.Available.Value, state.HeldPoints.Value));
            Assert.All(tills, transaction => Assert.True(
                transaction.Refusal is null or Refusal.InsufficientPoints { Available.Value: 20 or 30 }, $"{transaction.Refusal}"));
        }
    }

    [Fact]
    public async Task Of_two_tills_with_one_paycode_at_once_one_holds_and_each_hears_the_same_again()
    {
        await Rich("r1");
        for (var i = 0; i < 20; i++)
        {
            var code = new PaycodeDigest($"{i:x32}");
            CommandEnvelope By(string id, int till) => Hold("r1", id, $"sale-{i}-{till}", 1) with
            {
                Command = new HoldPoints(Sale($"sale-{i}-{till}"), new(1), 5, Paycode: code),
                PaycodeUntil = Now + Duration.FromMinutes(1),
            };
            var answers = await Task.WhenAll(Enumerable.Range(0, 2).Select(till => Task.Run(() => Host.Wallet("r1").Record(By($"k{i}-{till}", till)))));

            var loser = Assert.Single(Enumerable.Range(0, 2), till => answers[till].Transaction.Refusal is not null);
            Assert.Equal(new Refusal.PaycodeUsed(answers[1 - loser].Transaction.EffectiveAt), answers[loser].Transaction.Refusal);
            var again = await Host.Wallet("r1").Record(By($"again{i}-{loser}", loser) with { PaycodeUntil = null });
            Assert.Equal(answers[loser].Transaction.Refusal, again.Transaction.Refusal);
            var held = await Host.Wallet("r1").Record(By($"again{i}-{1 - loser}", 1 - loser) with { PaycodeUntil = null });
            Assert.Equal(answers[1 - loser].Transaction.Sequence, Assert.IsType<HoldRepeated>(held.Transaction.Events[^1]).Of);
        }

        await Restart();
        Assert.Equal((20L, 20), ((await State("r1")).HeldPoints.Value, (await State("r1")).UsedPaycodes!.Value.Length));
    }

    [FsCheck.Xunit.Property(MaxTest = 15)]
    public void Many_at_once_equal_one_by_one(byte[] steps)
    {
        // The same words for two wallets: one gets them as a set, the other one by one. Each command names one of those before it.
        var (together, alone) = ($"t{_runs}", $"a{_runs++}");
        CommandEnvelope Of(string who, int i, byte step)
        {
            var earlier = $"{who}-{step % (i + 1)}";
            var points = step % 3 == 0 ? null as long? : 1 + (step / 50);
            return (step % 9) switch
            {
                0 => Earn(who, $"{who}-{i}", 1 + (step / 5), Now),
                1 => Hold(who, $"{who}-{i}", step % 5 == 0 ? earlier : $"{who}-{i}", 1 + (step / 20)),
                2 => Envelope(who, $"{who}-{i}", new HoldPoints(Sale(step % 5 == 0 ? earlier : $"{who}-{i}"), new(1 + (step / 20)), 5, Paycode: new($"code {step % 4}"))) with
                {
                    PaycodeUntil = step % 11 == 0 ? Now : Now + Duration.FromMinutes(1),
                },
                3 => Capture(who, $"{who}-{i}", earlier, points, step % 2 == 0),
                4 => Envelope(who, $"{who}-{i}", new ReleaseHold(Sale(earlier))),
                5 => Envelope(who, $"{who}-{i}", new VoidHold(Sale(earlier))),
                6 => Envelope(who, $"{who}-{i}", step % 2 == 0 ? new FreezeWallet() : new UnfreezeWallet()),
                7 => Envelope(who, $"{who}-{i}", step % 5 == 0 ? new EraseResident(null, false) : new CloseWallet(new("charity"), false)),
                _ => Refund(who, $"{who}-{i}", earlier, points),
            };
        }

        Task.Run(async () =>
        {
            var many = await Host.Wallet(together).SendMany([Earn(together, $"{together}-0", 40, Now), .. steps.Select((step, i) => Of(together, i + 1, step))]);
            var single = new List<CommandResult> { await Host.Wallet(alone).Send(Earn(alone, $"{alone}-0", 40, Now)) };
            foreach (var (step, i) in steps.Select((step, i) => (step, i)))
            {
                single.Add(await Host.Wallet(alone).Send(Of(alone, i + 1, step)));
            }

            Assert.Equal(Text(single, alone), Text(many, together));
        }).GetAwaiter().GetResult();

        static string Text(IEnumerable<CommandResult> results, string who) => string.Join('\n', results.Select(result => result is CommandResult.Recorded r
            ? $"{r.Replayed} {r.Transaction.Sequence} {r.Transaction.Outcome} {r.Transaction.After} {System.Text.Encoding.UTF8.GetString(LedgerJson.BytesOf(r.Transaction.Events))}"
                .Replace($"{who}-", string.Empty, StringComparison.Ordinal)
            : result.GetType().Name));
    }

    [Fact]
    public async Task The_sweeper_gives_back_what_timed_out()
    {
        await Rich("r1");
        await Host.Wallet("r1").Record(Hold("r1", "k1", "sale-1", 30));
        Host.Clock.AdvanceMinutes(5);

        Assert.Equal(1, await Sweep());

        Assert.Equal(0, (await Host.Journal.ReadTotals(LedgerHost.Community))[Account.Held.Name]);
    }

    private static MerchantReference Sale(string name) => new(s_teaHouse, name);

    private static CommandEnvelope Hold(string resident, string id, string sale, long points) =>
        Envelope(resident, id, new HoldPoints(Sale(sale), new(points), 5));

    private static CommandEnvelope Capture(string resident, string id, string sale, long? points = null, bool final = true) =>
        Envelope(resident, id, new CaptureHold(Sale(sale), points is { } some ? new Points(some) : null, final));

    private Task Void(string sale, string client = "till-1") => Host.Journal.VoidReference(LedgerHost.Community, Sale(sale), client, Now);

    private Task<StoredReference?> Stands(string sale) => Host.Journal.FindReference(LedgerHost.Community, "merchant/tea-house", sale);
}

public sealed class HoldsOnSqlite() : HoldTests(null);

public sealed class HoldsOnPostgres(SharedPostgres shared) : HoldTests(shared);
