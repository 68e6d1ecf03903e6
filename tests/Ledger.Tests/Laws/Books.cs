using Ledger.Accounts;
using Ledger.Transactions;
using Ledger.Wallets;

namespace Ledger.Tests.Laws;

/// <summary>All accounts, kept from postings alone: what an outside auditor would do.</summary>
internal sealed class Books
{
    private readonly Dictionary<Account, Int128> _balances = [];
    private readonly Dictionary<(Account Account, LotId Lot), Int128> _lots = [];

    public void Post(Transaction transaction)
    {
        foreach (var posting in Postings.Of(transaction.Events))
        {
            Assert.True(posting.Points.IsPositive, $"{posting}");
            Assert.NotEqual(posting.From, posting.To);
            Add(posting.From, -(Int128)posting.Points.Value);
            Add(posting.To, posting.Points.Value);
            MoveLot(posting);
        }
    }

    public Int128 Of(Account account) => _balances.GetValueOrDefault(account);

    public void MustBeTrueTo(WalletState state)
    {
        Assert.Equal(Int128.Zero, _balances.Values.Aggregate(Int128.Zero, (sum, balance) => sum + balance));
        Assert.Equal(state.Available.Value, Of(Account.Available));
        Assert.Equal(state.Balances.Pending.Value, Of(Account.Pending));
        Assert.Equal(state.HeldPoints.Value, Of(Account.Held));
        Assert.Equal(-(Int128)state.Debt.Value, Of(Account.Debt));
        Assert.Equal(state.Lots.Select(lot => (lot.Id, (Int128)lot.Open.Value)).OrderBy(lot => lot.Id), LotsIn(Account.Available));
        var undecided = state.Undecided.Where(entry => entry.Award is not null).Select(entry => (new LotId(entry.Of), (Int128)entry.Points.Value));
        Assert.Equal(
            state.Pending.Select(lot => (lot.Id, (Int128)lot.Points.Value)).Concat(undecided).OrderBy(lot => lot.Item1), LotsIn(Account.Pending));
        Assert.Equal(
            state.Holds.SelectMany(hold => hold.Lots).GroupBy(slice => slice.Lot, slice => (Int128)slice.Points.Value)
                .Select(lot => (lot.Key, lot.Aggregate((sum, points) => sum + points))).OrderBy(lot => lot.Key),
            LotsIn(Account.Held));
        foreach (var (account, balance) in _balances)
        {
            var wrongSide = account.Name.StartsWith("issuance/", StringComparison.Ordinal) || account == Account.Debt || account == Account.WriteOff
                ? balance > 0
                : account != Account.Adjustment && account != Account.Transit && balance < 0;
            Assert.False(wrongSide, $"{account} is {balance}");
        }
    }

    private void Add(Account account, Int128 points) => _balances[account] = Of(account) + points;

    private void MoveLot(Posting posting)
    {
        Assert.Equal(HasLots(posting.From) || HasLots(posting.To), posting.Lot is not null);
        if (posting.Lot is { } lot)
        {
            MoveLot(posting.From, lot, -(Int128)posting.Points.Value);
            MoveLot(posting.To, lot, posting.Points.Value);
        }
    }

    private void MoveLot(Account account, LotId lot, Int128 points)
    {
        if (HasLots(account))
        {
            _lots[(account, lot)] = _lots.GetValueOrDefault((account, lot)) + points;
            Assert.False(_lots[(account, lot)] < 0, $"{lot} in {account}");
        }
    }

    private IEnumerable<(LotId Lot, Int128 Points)> LotsIn(Account account) =>
        _lots.Where(lot => lot.Key.Account == account && lot.Value != 0).Select(lot => (lot.Key.Lot, lot.Value)).OrderBy(lot => lot.Lot);

    private static bool HasLots(Account account) => account == Account.Available || account == Account.Pending || account == Account.Held;
}
