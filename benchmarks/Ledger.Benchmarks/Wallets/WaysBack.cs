using BenchmarkDotNet.Attributes;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Benchmarks.Wallets;

/// <summary>Refunds and reversals look for lots by their names; what falls due empties many at once. Decided and recorded.</summary>
public class WaysBack
{
    private static readonly Duration s_step = Duration.FromMinutes(1);

    private WalletAtWork _wallet = null!;
    private (CommandEnvelope Envelope, Thawed Thawed) _refundOne;
    private (CommandEnvelope Envelope, Thawed Thawed) _refundHundred;
    private (CommandEnvelope Envelope, Thawed Thawed) _reverse;
    private (CommandEnvelope Envelope, Thawed Thawed) _expire;

    [Params(200, 1_000, 10_000)]
    public int OpenLots { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _wallet = WalletAtWork.WithOpenLots(OpenLots);
        var earned = _wallet.Do(WalletAtWork.Service(_wallet.Now), s_step);
        var one = _wallet.Do(WalletAtWork.Spend(15), s_step);
        var hundred = _wallet.Do(WalletAtWork.Spend(2_000), s_step);
        _refundOne = Prepare(new RefundSpend(one.Key, null));
        _refundHundred = Prepare(new RefundSpend(hundred.Key, null));
        _reverse = Prepare(new ReverseEarning(earned.Key, null));
        _expire = Prepare(new ApplyDue());
        _expire.Envelope = _expire.Envelope with { At = _wallet.Now + Duration.FromDays(400) };
    }

    [Benchmark(Baseline = true)]
    public object Refund_to_one_lot() => Record(_refundOne);

    [Benchmark]
    public object Refund_to_a_hundred_lots() => Record(_refundHundred);

    [Benchmark]
    public object Reverse_an_earning() => Record(_reverse);

    /// <summary>Every open lot, by the day it was earned on.</summary>
    [Benchmark]
    public object Expire_all() => Record(_expire);

    private (CommandEnvelope Envelope, Thawed Thawed) Prepare(WalletCommand command)
    {
        var envelope = _wallet.Envelope(command, long.MaxValue);
        _ = envelope.KeyHash;
        return (envelope, _wallet.ThawedFor(command));
    }

    private (Transaction Transaction, WalletState After) Record((CommandEnvelope Envelope, Thawed Thawed) prepared)
    {
        var decision = Wallet.Decide(WalletAtWork.Programmes, _wallet.State, prepared.Envelope, prepared.Thawed);
        return Wallet.Record(_wallet.State, prepared.Envelope, decision, _wallet.Now);
    }
}
