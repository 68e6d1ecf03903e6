using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Ledger.Households;
using Ledger.Merchants;
using Ledger.Tests.Laws;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Households;

/// <summary>Whatever is asked of a household and told to it, in any order: each spend is decided once in time, and ends once as it was decided.</summary>
public sealed class HouseholdLaws
{
    private static readonly Instant Start = Instant.FromUtc(2026, 3, 1, 4, 0);
    private static readonly Refusal Frozen = new Refusal.Frozen(Start);

    private static Gen<HouseholdCommand> Command =>
        from resident in Gen.Choose(0, 3).Select(i => new ResidentId($"r-{i}"))
        from of in Gen.Choose(1, 60)
        from points in Gen.Elements(1L, 5, 12, 60, 61)
        from phase in Gen.Elements<SpendPhase?>(SpendPhase.Holding, SpendPhase.Taking, SpendPhase.GivingBack)
        from outcome in Gen.Frequency((6, Gen.Constant(StepOutcome.Done)), (1, Gen.Constant(StepOutcome.Refused)), (1, Gen.Constant(StepOutcome.Failed)))
        from command in Gen.Frequency(
            (3, Gen.Constant((HouseholdCommand)new AddMember(resident))),
            (1, Gen.Constant((HouseholdCommand)new RemoveMember(resident))),
            (3, Gen.Constant((HouseholdCommand)new SpendTogether(resident, new(new("tea-house"), $"sale-{of}"), new(points)))),
            (2, Gen.Elements<Points?>(null, new(1), new(5), new(60)).Select(some => (HouseholdCommand)new RefundTogether(of, some))),
            (8, Gen.Constant((HouseholdCommand)new TellHousehold(of, phase, outcome, resident, Frozen))))
        select command;

    // Mostly of what is under way, seconds apart, sometimes minutes: who tells late is too late.
    private static Arbitrary<(HouseholdCommand Command, int Which, int Seconds)[]> Commands => (
        from count in Gen.Choose(0, 80)
        from commands in (
            from command in Command
            from which in Gen.Choose(0, 100)
            from seconds in Gen.Frequency((8, Gen.Choose(0, 5)), (1, Gen.Elements(119, 120, 121, 15_000)))
            select (command, which, seconds)).ArrayOf(count)
        select commands).ToArbitrary();

    [Fact]
    public void A_spend_is_taken_only_where_that_was_decided_in_time_and_ends_once() => Law.Holds(Commands, 500, commands =>
    {
        var (decided, ended) = (new Dictionary<long, bool>(), new HashSet<long>());
        Play(commands, (before, happened, after) =>
        {
            switch (happened)
            {
                case PooledSpendDecided { Why: null } taken:
                    Assert.True(decided.TryAdd(taken.Of, true));
                    Assert.True(after.LastAt < ((SpendUnderWay)before.Standing.Find(taken.Of)!).DecideBefore);
                    break;
                case PooledSpendDecided back:
                    Assert.False(decided.TryGetValue(back.Of, out var takes) && !takes);
                    decided[back.Of] = false;
                    break;
                case PooledSpendEnded e:
                    Assert.True(ended.Add(e.Of));
                    Assert.Equal(decided[e.Of], e.Taken);
                    Assert.Null(after.Standing.Find(e.Of));
                    break;
                case PooledSpendOpened opened:
                    Assert.Equal(opened.Points, opened.Shares.Total());
                    Assert.All(opened.Shares, share => Assert.True(before.Standing.Has(share.Resident)));
                    break;
            }
        });
    });

    [Fact]
    public void No_more_comes_back_than_was_taken_and_to_nobody_more_than_the_share() => Law.Holds(Commands, 500, commands =>
    {
        var (spends, back) = (new Dictionary<long, PooledSpendOpened>(), new Dictionary<(long, ResidentId), Points>());
        Play(commands, (_, happened, after) =>
        {
            if (happened is PooledSpendOpened opened)
            {
                spends[after.Sequence] = opened;
            }

            if (happened is PooledRefundOpened refund)
            {
                Assert.Equal(refund.Points, refund.Parts.Total());
                foreach (var part in refund.Parts)
                {
                    var all = back[(refund.Of, part.Resident)] = back.GetValueOrDefault((refund.Of, part.Resident)) + part.Points;
                    Assert.True(all <= spends[refund.Of].Shares.Single(share => share.Resident == part.Resident).Points);
                }
            }
        });
    });

    [Fact]
    public void A_household_stays_bounded_and_what_is_not_told_is_looked_at_again() => Law.Holds(Commands, 500, commands =>
        Play(commands, (_, happened, after) =>
        {
            Assert.InRange(after.Standing.Members.Length, 0, Household.MembersMax);
            Assert.InRange(after.Standing.Undertakings.Length, 0, Household.UndertakingsMax);
            Assert.Equal(after.Standing.Members.Length, after.Standing.Members.Select(member => member.Resident).Distinct().Count());
            Assert.All(after.Standing.Undertakings, undertaking => Assert.True(undertaking.LookAt > undertaking.Since));
            if (happened is UndertakingPutOff putOff)
            {
                Assert.InRange(putOff.Until - after.LastAt, Household.LookAfter, Duration.FromHours(4));
            }
        }));

    [Fact]
    public void Who_is_not_offered_enough_learns_what_each_could_give()
    {
        var household = Next(Next(HouseholdState.Empty, new AddMember(new("a"))), new AddMember(new("b")));
        var spend = new SpendTogether(new("a"), new(new("tea-house"), "sale-1"), new(11));

        var refused = Assert.IsType<HouseholdRefused>(Household.Decide(household, spend, Start, [new(new("a"), new(4)), new(new("b"), new(6))]));

        Assert.Equal(new HouseholdRefusal.PoolTooSmall(new(11), [new(new("a"), new(4)), new(new("b"), new(6))]), refused.Why);
        Assert.Equal(new Points(10), ((HouseholdRefusal.PoolTooSmall)refused.Why).Offered);
        Assert.Equal(spend.Reference, refused.Reference);
    }

    [Fact]
    public void Households_have_limits()
    {
        var household = HouseholdState.Empty;
        for (var i = 0; i < Household.MembersMax; i++)
        {
            household = Next(household, new AddMember(new($"r-{i}")));
        }

        Assert.Equal(new HouseholdRefused(new HouseholdRefusal.Full(20)), Refusal(household, new AddMember(new("more"))));
        Assert.Equal(new HouseholdRefused(new HouseholdRefusal.Busy(20)), Refusal(household, new RemoveMember(new("r-1"))));
        Assert.Equal(new HouseholdRefused(new HouseholdRefusal.Busy(20)), Refusal(household, new AddMember(new("r-1"))));

        var stranger = new SpendTogether(new("more"), new(new("tea-house"), "s"), new(1));
        Assert.Equal(new HouseholdRefused(new HouseholdRefusal.NotAMember(new("more")), stranger.Reference), Refusal(household, stranger));
        Assert.Equal(new HouseholdRefused(new HouseholdRefusal.ReferenceTaken(stranger.Reference)), Household.Decide(household, stranger, Start, isTaken: true)! with { After = HouseholdStanding.Empty });
    }

    [Fact]
    public void Who_belongs_to_it_already_can_be_added_again_also_to_a_full_one()
    {
        var household = HouseholdState.Empty;
        for (var i = 0; i < Household.MembersMax; i++)
        {
            household = Next(household, new AddMember(new($"r-{i}")));
            household = Next(household, new TellHousehold(household.Sequence, null, StepOutcome.Done));
        }

        var again = Next(household, new AddMember(new("r-3")));
        Assert.Equal(household.Standing.Members, again.Standing.Members);
        Assert.Equal(new(new("r-3"), Joins: true) { Of = again.Sequence, Since = Start, LookAt = Start + Household.LookAfter }, again.Standing.MoveOf(new("r-3")));
        Assert.Equal(household.Standing.Members, Next(household, new RemoveMember(new("more"))).Standing.Members);
    }

    [Fact]
    public void What_was_decided_too_late_cannot_have_happened()
    {
        var household = Next(HouseholdState.Empty, new AddMember(new("a")));
        var opened = Household.Decide(household, new SpendTogether(new("a"), new(new("tea-house"), "sale-1"), new(5)), Start, [new(new("a"), new(10))])!;
        household = Household.Evolve(household, opened, Start);
        var taken = Household.Decide(household, new TellHousehold(household.Sequence, SpendPhase.Holding, StepOutcome.Done), Start)!;

        Assert.Equal(taken.After, Household.Evolve(household, taken, Start).Standing);
        Assert.Throws<InvalidOperationException>(() => Household.Evolve(household, taken with { After = After(Start + Household.DecideWithin) }, Start + Household.DecideWithin));

        HouseholdStanding After(Instant at) => taken.After with { Undertakings = [.. taken.After.Undertakings.Select(one => one is SpendUnderWay ? one with { Since = at, LookAt = at + Household.LookAfter } : one)] };
    }

    [Fact]
    public void A_buyer_whose_wallet_is_in_the_way_spends_nothing_of_others()
    {
        var household = Next(Next(HouseholdState.Empty, new AddMember(new("a"))), new AddMember(new("b")));
        var spend = new SpendTogether(new("a"), new(new("tea-house"), "sale-1"), new(5));

        var refused = Household.Decide(household, spend, Start, [new(new("b"), new(10))], buyer: Frozen)!;

        Assert.Equal(new HouseholdRefused(new HouseholdRefusal.BuyerRefused(Frozen), spend.Reference), refused with { After = HouseholdStanding.Empty });
    }

    [Fact]
    public void A_merchant_that_may_not_sell_is_no_fault_of_a_member()
    {
        var household = Next(HouseholdState.Empty, new AddMember(new("a")));
        var spend = new SpendTogether(new("a"), new(new("tea-house"), "sale-1"), new(5), Terminal: "t-9");
        var merchants = new MerchantBook([new() { Id = new("tea-house"), NameZh = "茶馆", NameEn = "Tea house", Category = "shops", Status = MerchantStatus.Active, Terminals = ["t-1"] }]);

        var refused = (HouseholdRefused)Household.Decide(household, spend, Start, [new(new("a"), new(10))], merchants: merchants)!;

        Assert.Equal(new HouseholdRefusal.TillRefused(new Refusal.UnknownTerminal(new("tea-house"), "t-9")), refused.Why);
    }

    [Fact]
    public void What_is_still_being_taken_is_refunded_later_and_not_refused_for_ever()
    {
        var household = Next(HouseholdState.Empty, new AddMember(new("a")));
        var opened = (PooledSpendOpened)Household.Decide(household, new SpendTogether(new("a"), new(new("tea-house"), "sale-1"), new(5)), Start, [new(new("a"), new(10))])!;
        var spend = new PooledSpend(household.Sequence + 1, Start, opened);

        Assert.Null(Household.Decide(household, new RefundTogether(spend.Sequence, null), Start, spend: spend));
        var givenBack = spend.After(new PooledSpendDecided(spend.Sequence, new HouseholdRefusal.NotInTime(Start)), Start);
        Assert.Equal(new HouseholdRefusal.NotTaken(spend.Sequence), Assert.IsType<HouseholdRefused>(Household.Decide(household, new RefundTogether(spend.Sequence, null), Start, spend: givenBack)).Why);
    }

    private static HouseholdEvent Refusal(HouseholdState household, HouseholdCommand command) => Household.Decide(household, command, Start)! with { After = HouseholdStanding.Empty };

    private static HouseholdState Next(HouseholdState household, HouseholdCommand command) => Household.Evolve(household, Household.Decide(household, command, Start)!, Start);

    private static void Play((HouseholdCommand Command, int Which, int Seconds)[] commands, Action<HouseholdState, HouseholdEvent, HouseholdState> told)
    {
        var (household, at) = (HouseholdState.Empty, Start);
        var spends = new SortedDictionary<long, PooledSpend>();
        foreach (var (command, which, seconds) in commands)
        {
            at += Duration.FromSeconds(seconds);
            var aimed = Aimed(command, which, household, spends);
            ImmutableArray<PoolPart> offers = [.. household.Standing.Members.Select(member => new PoolPart(member.Resident, new(20)))];
            var spend = aimed is RefundTogether refund ? spends.GetValueOrDefault(refund.Spend) : null;
            if ((aimed is RefundTogether && spend is null) || Household.Decide(household, aimed, at, offers, spend: spend) is not { } happened)
            {
                continue;
            }

            var before = household;
            household = Household.Evolve(household, happened, at);
            foreach (var known in spends.Values.ToList())
            {
                spends[known.Sequence] = known.After(happened, at);
            }

            if (happened is PooledSpendOpened opened)
            {
                spends[household.Sequence] = new(household.Sequence, at, opened);
            }

            told(before, happened, household);
        }
    }

    private static HouseholdCommand Aimed(HouseholdCommand command, int which, HouseholdState household, SortedDictionary<long, PooledSpend> spends) => command switch
    {
        TellHousehold told when which < 90 && household.Standing.Undertakings is { IsEmpty: false } open && open[which % open.Length] is var undertaking =>
            told with { Of = undertaking.Of, By = (undertaking as SpendUnderWay)?.Shares[0].Resident ?? told.By, In = which < 80 ? (undertaking as SpendUnderWay)?.Phase : told.In },
        TellHousehold told when household.Standing.Find(told.Of) is SpendUnderWay { Shares: [var first, ..] } => told with { By = first.Resident },
        RefundTogether refund when spends.Count > 0 => refund with { Spend = spends.Keys.ElementAt(which % spends.Count) },
        _ => command,
    };
}
