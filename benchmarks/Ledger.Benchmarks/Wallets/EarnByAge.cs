using BenchmarkDotNet.Attributes;
using Ledger.Transactions;
using Ledger.Wallets;

namespace Ledger.Benchmarks.Wallets;

/// <summary>The same award, with two caps, in a young wallet and in one with a long past and the same few points open.</summary>
public class EarnByAge
{
    private WalletAtWork _wallet = null!;
    private CommandEnvelope _earn = null!;

    [Params(10, 1_000, 100_000)]
    public int PastTransactions { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _wallet = WalletAtWork.WithPast(PastTransactions);
        _earn = _wallet.Envelope(WalletAtWork.Walk(_wallet.Now), long.MaxValue);
        _ = _earn.KeyHash;
    }

    [Benchmark]
    public (Transaction Transaction, WalletState After) Earn()
    {
        var decision = Wallet.Decide(WalletAtWork.Programmes, _wallet.State, _earn, Thawed.Nothing.Instance);
        return Wallet.Record(_wallet.State, _earn, decision, _wallet.Now);
    }
}
