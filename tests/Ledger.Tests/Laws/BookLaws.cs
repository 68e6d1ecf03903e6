using Ledger.Tests.Sequences;
using Ledger.Wallets;

namespace Ledger.Tests.Laws;

public sealed class BookLaws
{
    [Fact]
    public void The_accounts_sum_to_zero_and_agree_with_the_wallet_after_every_step() => Law.Holds(Cases.Interrupted(), 40, BooksAreTrue);

    [Fact]
    public void The_accounts_agree_also_with_the_largest_amounts() => Law.Holds(Cases.Large(), 20, BooksAreTrue);

    [Fact]
    public void The_sums_over_a_life_add_up_to_the_balance_after_every_step() =>
        Law.Holds(Cases.Interrupted(), 40, sequence => Play.Steps(sequence, (_, _, _, wallet) =>
        {
            var life = wallet.State.Lifetime;
            Assert.Equal(
                wallet.State.Balances.Net,
                life.Earned - life.ClawedBack - life.Spent + life.Restored - life.Expired + life.Adjusted - life.Given + life.Received - life.Sent);
        }));

    private static void BooksAreTrue(Sequence sequence)
    {
        var books = new Books();
        var posted = 0;
        Play.Steps(sequence, (before, _, _, wallet) =>
        {
            foreach (var transaction in wallet.Journal.Skip(posted))
            {
                posted++;
                books.Post(transaction);
                Assert.Equal(posted, transaction.Sequence);
                Assert.Equal(wallet.State.Balances, transaction.After);
                Assert.True(transaction.EffectiveAt >= before.LastAt);
            }

            books.MustBeTrueTo(wallet.State);
            MustBeSound(wallet.State);
        });
    }

    // History warns nobody, so what must not expire without a warning stays.
    private static bool Waits(WalletState state, Lot lot) =>
        state.Warnings is not null && state.Lots.Any(other => other.ExpiresAt == lot.ExpiresAt && other.Warnings?.NoWarningNoExpiry == true)
        && state.Warnings.Ahead.Any(warning => warning.Required && warning.ExpiresAt == lot.ExpiresAt);

    private static void MustBeSound(WalletState state)
    {
        Assert.InRange(state.Available.Value, 0, Points.Max.Value);
        Assert.False(state.Debt < Points.Zero);
        Assert.True(state.Debt.IsZero || state.Available.IsZero, "Whoever owes has nothing: what comes in repays first.");
        Assert.All(state.Lots, lot => Assert.True(lot.Open.IsPositive && (!lot.IsExpiredAt(state.LastAt) || Waits(state, lot)), $"{lot}"));
        Assert.All(state.Pending, lot => Assert.True(lot.Points.IsPositive && lot.ActiveAt > state.LastAt, $"{lot}"));
        Assert.All(state.Holds, hold => Assert.True(hold.Points.IsPositive && hold.Until > state.LastAt, $"{hold}"));
        Assert.All(state.Undecided, entry => Assert.True(entry.Approval.DueAt > state.LastAt && entry.Of <= state.Sequence, $"{entry}"));
        Assert.All(state.Undecided, entry => Assert.True(entry.Award is null ? !entry.Points.IsZero : entry.Points.IsPositive, $"{entry}"));
        Assert.Equal(state.Lots.Count, state.Lots.Select(lot => lot.Id).Distinct().Count());
        Assert.Equal(state.Lots.Total.Value, state.Lots.Sum(lot => lot.Open.Value));
        Assert.All(state.CapBuckets.All, bucket => Assert.False(bucket.Value.Used < Points.Zero, $"{bucket}"));
    }
}
