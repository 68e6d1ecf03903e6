using FsCheck;
using FsCheck.Fluent;
using Ledger.Accounts;
using Ledger.Programmes;
using Ledger.Tests.Sequences;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Laws;

/// <summary>The most that awards bring a wallet to: never exceeded, nothing lost, and taken back as if it had never come.</summary>
public sealed class HoldingLaws
{
    [Fact]
    public void No_award_brings_a_wallet_above_the_most_and_none_overflows_while_there_is_room() =>
        Law.Holds(Cases.Any(), 60, sequence => Play.Steps(sequence, (before, envelope, decision, wallet) =>
        {
            if (decision is not Decision.Accepted { Events: var events } || events.OfType<PointsEarned>().SingleOrDefault() is not { } earned)
            {
                return;
            }

            var due = Due.Apply(before, envelope.At).After;
            var after = Wallet.Evolve(due, earned);
            var most = wallet.Programmes.Find(earned.ProgrammeVersion)!.Programme.Holding?.PointsMax;
            Assert.True(most is null || Held(after) <= Points.Max && Held(after) <= Larger(most.Value, Held(due)), $"{earned}");
            Assert.True(earned.Overflow is null || (Held(after) >= most && earned.Overflow.Points.IsPositive), $"{earned}");
            Assert.Equal(earned.AfterCaps, earned.Credited + (earned.Overflow?.Points ?? Points.Zero));
            Assert.True(earned.AfterCaps <= earned.Computed, $"{earned}");
        }));

    [Fact]
    public void A_fund_has_what_overflowed_less_what_was_taken_back_what_was_donated_and_what_expired_for_it() =>
        Law.Holds(Cases.Any(), 40, sequence =>
        {
            var (books, given) = (new Books(), Points.Zero);
            foreach (var transaction in Play.All(sequence).Journal)
            {
                books.Post(transaction);
                foreach (var happened in transaction.Events)
                {
                    given += happened switch
                    {
                        PointsEarned { Overflow: { } overflow } => overflow.Donated,
                        EarningReversed { FromFund: { } fund } => -fund.Points,
                        PointsDonated donated => donated.Points,
                        PointsExpired { Fund: not null } expired => expired.Lots.Total(),
                        _ => Points.Zero,
                    };
                }

                Assert.Equal((Int128)given.Value, books.Of(Account.Fund(new("charity"))));
                Assert.False(given < Points.Zero);
            }
        });

    [Fact]
    public void Earning_and_reversing_a_part_is_earning_less() => Law.Holds(Parts(), 300, part =>
    {
        var programme = new HoldingPolicy(new(part.Most), new FundId("charity"));
        var (whole, less) = (Filled(programme, part.Before), Filled(programme, part.Before));
        var at = whole.State.LastAt;
        whole.Send(new EarnPoints(Setup.Service, part.Earned, at), at);
        whole.Send(new ReverseEarning(whole.Journal[^1].Key, new(part.Reversed)), at);
        less.Send(new EarnPoints(Setup.Service, part.Earned - part.Reversed, at), at);

        Assert.Equal(Play.Standing(less.State), Play.Standing(whole.State));
        Assert.Equal(FundOf(less), FundOf(whole));
    });

    private static RecordedWallet Filled(HoldingPolicy holding, long before)
    {
        var at = Instant.FromUtc(2024, 1, 10, 4, 0);
        var wallet = new RecordedWallet(new([new(1, Instant.MinValue, Wallets.Story.Plain with { Holding = holding })]));
        wallet.Send(new AdjustPoints(new(before)), at);
        return wallet;
    }

    private static Arbitrary<(long Most, long Before, long Earned, long Reversed)> Parts() => Arb.From(
        from most in Gen.Choose(1, 30)
        from before in Gen.Choose(1, 35)
        from earned in Gen.Choose(2, 40)
        from reversed in Gen.Choose(1, earned - 1)
        select ((long)most, (long)before, (long)earned, (long)reversed));

    private static Int128 FundOf(RecordedWallet wallet)
    {
        var books = new Books();
        wallet.Journal.ForEach(books.Post);
        return books.Of(Account.Fund(new("charity")));
    }

    private static Points Held(WalletState wallet) => wallet.Available + wallet.PendingPoints + wallet.HeldPoints;

    private static Points Larger(Points one, Points other) => one > other ? one : other;
}
