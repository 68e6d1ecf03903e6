using Ledger.Accounts;
using Ledger.Programmes;
using Ledger.Tests.Sequences;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Laws;

public sealed class ClosingLaws
{
    private static readonly FundId s_charity = new("charity");

    [Fact]
    public void A_closed_wallet_holds_nothing_and_waits_for_nothing_whatever_comes() =>
        Law.Holds(Cases.Interrupted(), 60, sequence => Play.Steps(sequence, (_, _, _, wallet) =>
        {
            if (wallet.State.Closed is not null)
            {
                Assert.Equal(default, wallet.State.Balances);
                Assert.Null(wallet.State.NextDue);
                Assert.Empty(wallet.State.Waiting);
                Assert.Null(wallet.State.Frozen);
            }
        }));

    [Fact]
    public void Every_wallet_can_be_closed_when_time_has_ended_what_was_under_way_and_erasing_it_moves_nothing_more() =>
        Law.Holds(Cases.Any(), 40, sequence =>
        {
            var (closed, at) = Ended(sequence);
            var erased = Play.Copy(closed);
            var fund = FundOf(sequence, at);
            Accept(closed.Send(new CloseWallet(fund, true), at));
            Accept(erased.Send(new EraseResident(fund, true), at));
            Assert.Equal(Play.Text(closed.State), Play.Text(erased.State with { Erased = null, Recent = closed.State.Recent }));

            Accept(closed.Send(new EraseResident(null, false), at));

            Assert.Empty(Postings.Of(closed.Journal[^1].Events));
            Assert.Equal(Play.Standing(erased.State), Play.Standing(closed.State));
            Assert.Equal(erased.State.Lifetime, closed.State.Lifetime);
        });

    [Fact]
    public void A_refund_leaves_the_same_books_before_and_after_the_closing() =>
        Law.Holds(Cases.Any(), 60, sequence =>
        {
            var (before, at) = Ended(sequence);
            if (before.State.Debt.IsPositive || before.Journal.LastOrDefault(Refundable(before)) is not { } spend)
            {
                return;
            }

            var fund = sequence.Steps.Length % 2 == 0 ? FundOf(sequence, at) : null;
            var after = Play.Copy(before);
            Accept(before.Send(new RefundSpend(spend.Key, null), at));
            Accept(before.Send(new CloseWallet(fund, false), at));
            Accept(after.Send(new CloseWallet(fund, false), at));
            Accept(after.Send(new RefundSpend(spend.Key, null), at));

            Assert.Equal(Totals(before), Totals(after));
            Assert.Equal(before.State.Lifetime, after.State.Lifetime);
        });

    // Long after the last hold and decision, and with every gift arrived.
    private static (RecordedWallet Wallet, Instant At) Ended(Sequence sequence)
    {
        var wallet = Play.All(sequence);
        var at = wallet.State.LastAt + Duration.FromDays(30);
        wallet.Send(new ApplyDue(), at);
        foreach (var gift in wallet.State.GiftsUnderWay.ToList())
        {
            wallet.Send(new EndGift(gift.Of, GiftEnd.Delivered), at);
        }

        return (wallet, at);
    }

    private static FundId? FundOf(Sequence sequence, Instant at) =>
        new PublishedProgrammes(sequence.Setup.Versions).InForceAt(at)?.Programme.Funds.ContainsKey(s_charity) == true ? s_charity : null;

    private static Func<Transaction, bool> Refundable(RecordedWallet wallet) =>
        transaction => Thawed.From(transaction, wallet.Journal) is Thawed.Spend { Left.IsPositive: true } or Thawed.Held { Redemption.Left.IsPositive: true };

    private static string Totals(RecordedWallet wallet)
    {
        var totals = new SortedDictionary<string, Int128>(StringComparer.Ordinal);
        foreach (var posting in wallet.Journal.SelectMany(transaction => Postings.Of(transaction.Events)))
        {
            totals[posting.From.Name] = totals.GetValueOrDefault(posting.From.Name) - posting.Points.Value;
            totals[posting.To.Name] = totals.GetValueOrDefault(posting.To.Name) + posting.Points.Value;
        }

        return string.Join(' ', totals.Where(total => total.Value != 0));
    }

    private static void Accept(Decision decision) => Assert.IsType<Decision.Accepted>(decision);
}
