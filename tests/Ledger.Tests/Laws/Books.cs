using Ledger.Accounts;
using Ledger.Transactions;
using Ledger.Wallets;

namespace Ledger.Tests.Laws;

/// <summary>All accounts, kept from postings alone: what an outside auditor would do.</summary>
internal sealed class Books
{
    private readonly Dictionary<Account, Int128> _balances = [];
    private readonly Dictionary<LotId, Int128> _available = [];

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
        Assert.Equal(-(Int128)state.Debt.Value, Of(Account.Debt));
        Assert.Equal(
            state.Lots.Select(lot => (lot.Id, (Int128)lot.Open.Value)).OrderBy(lot => lot.Id),
            _available.Where(lot => lot.Value != 0).Select(lot => (lot.Key, lot.Value)).OrderBy(lot => lot.Key));
        foreach (var (account, balance) in _balances)
        {
            var wrongSide = account.Name.StartsWith("issuance/", StringComparison.Ordinal) || account == Account.Debt || account == Account.WriteOff
                ? balance > 0
                : account != Account.Adjustment && balance < 0;
            Assert.False(wrongSide, $"{account} is {balance}");
        }
    }

    private void Add(Account account, Int128 points) => _balances[account] = Of(account) + points;

    private void MoveLot(Posting posting)
    {
        if (posting.Lot is not { } lot)
        {
            Assert.True(posting.From != Account.Available && posting.To != Account.Available, $"{posting} moves no lot");
            return;
        }

        var sign = posting.To == Account.Available ? 1 : posting.From == Account.Available ? -1 : 0;
        Assert.NotEqual(0, sign);
        _available[lot] = _available.GetValueOrDefault(lot) + (sign * (Int128)posting.Points.Value);
    }
}
