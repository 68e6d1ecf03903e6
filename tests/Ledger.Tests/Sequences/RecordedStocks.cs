using Ledger.Rewards;
using Ledger.Stocks;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Sequences;

/// <summary>The stocks of limited rewards beside one wallet: does what their driver does around the pure functions, and nothing more.</summary>
/// <param name="wallet">The wallet.</param>
/// <param name="applyDue">Has the wallet record what is over by then.</param>
internal sealed class RecordedStocks(RecordedWallet wallet, Action<Instant> applyDue)
{
    private readonly Dictionary<RewardId, StockState> _stocks = [];

    // Each of these happens once for ever, which is the journal's part.
    private readonly HashSet<RedemptionId> _reserved = [];
    private readonly HashSet<RedemptionId> _back = [];

    /// <summary>A stock as it stands.</summary>
    public StockState Of(RewardId reward) => _stocks.GetValueOrDefault(reward, StockState.Empty);

    /// <summary>Puts some in.</summary>
    public void Put(RewardId reward, int count, Instant at) => Do(reward, new AdjustStock(count), at);

    /// <summary>Keeps some for a redemption; false when there are too few.</summary>
    public bool Reserve(RedeemReward command, Instant at) =>
        _reserved.Add(command.Redemption) && Do(command.Reward, new ReserveStock(command.Redemption, command.Quantity), at) is StockReserved;

    /// <summary>Keeps anew what may come back.</summary>
    public void Recall(RewardRedeemed made, Instant at)
    {
        if (made.FromStock && _back.Add(made.Redemption))
        {
            Do(made.Reward, new RecallStock(made.Redemption, made.Quantity), at);
        }
    }

    /// <summary>Finds out what became of every redemption that somebody has to look for.</summary>
    public void Look(Instant at)
    {
        foreach (var (reward, stock) in _stocks.ToList())
        {
            foreach (var redemption in stock.ToLookFor(at).ToList())
            {
                Look(reward, redemption, at);
            }
        }
    }

    /// <summary>Finds out what became of a redemption.</summary>
    public void Look(RewardId reward, RedemptionId redemption, Instant at)
    {
        var made = wallet.Find(redemption);
        if (made is not null && wallet.State.FindRedemption(redemption) is { Status: RedemptionStatus.AwaitsPayment } && wallet.State.HoldOf(made.Sequence).Until <= at)
        {
            applyDue(at);
        }

        var fate = made switch
        {
            null => new SettleStock(redemption, RedemptionFate.Never),
            { Events: [.., RewardRedeemed] } => wallet.State.FindRedemption(redemption) switch
            {
                { Status: RedemptionStatus.AwaitsPayment } => new(redemption, RedemptionFate.Unknown, wallet.State.HoldOf(made.Sequence).Until),
                not null => new(redemption, RedemptionFate.Open),
                null => new(redemption, Ended(made) ? RedemptionFate.Back : RedemptionFate.Kept),
            },
            _ => new(redemption, RedemptionFate.Back),
        };
        var isRecalled = Of(reward).Reservations.GetValueOrDefault(redemption)?.Recalled == true;
        switch (Do(reward, fate, at))
        {
            case StockFreed { Voided: true }:
                wallet.Voided[redemption] = new(null, at);
                Assert.True(_back.Add(redemption));
                break;
            case StockFreed when !isRecalled:
                Assert.True(_back.Add(redemption));
                break;
        }
    }

    private bool Ended(Ledger.Transactions.Transaction made) => Assert.IsType<Thawed.Redeemed>(Thawed.RedemptionFrom(made, wallet.Journal)).Ended
        is { Status: RedemptionStatus.TimedOut } or { Status: RedemptionStatus.Cancelled, KeepsStock: false };

    private StockEvent? Do(RewardId reward, StockCommand command, Instant at)
    {
        var stock = Of(reward);
        var now = Instant.Max(at, stock.LastAt);
        if (Stock.Decide(stock, command, now) is { } happened)
        {
            _stocks[reward] = Stock.Evolve(stock, happened, now);
            return happened;
        }

        return null;
    }
}
