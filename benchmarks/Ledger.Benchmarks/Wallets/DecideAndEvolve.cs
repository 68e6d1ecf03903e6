using BenchmarkDotNet.Attributes;
using Ledger.Transactions;
using Ledger.Wallets;

namespace Ledger.Benchmarks.Wallets;

/// <summary>One command on a wallet with few and with many open lots: deciding it, and the state after its events.</summary>
public class DecideAndEvolve
{
    private WalletAtWork _wallet = null!;
    private CommandEnvelope _earn = null!;
    private CommandEnvelope _spendPart = null!;
    private CommandEnvelope _spendTen = null!;
    private CommandEnvelope _spendTooMuch = null!;
    private CommandEnvelope _hold = null!;
    private CommandEnvelope _capture = null!;

    [Params(10, 1_000, 10_000)]
    public int OpenLots { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _wallet = WalletAtWork.WithOpenLots(OpenLots);
        _earn = Known(WalletAtWork.Service(_wallet.Now));
        _spendPart = Known(WalletAtWork.Spend(15));
        _spendTen = Known(WalletAtWork.Spend(195));
        _spendTooMuch = Known(WalletAtWork.Spend(1_000_000));
        var sale = new MerchantReference(WalletAtWork.TeaHouse, "sale-1");
        _hold = Known(new HoldPoints(sale, new(15), Minutes: 5));
        _capture = Known(new CaptureHold(sale, null, Final: true));
    }

    [Benchmark]
    public WalletState Earn() => DecidedAndEvolved(_wallet.State, _earn);

    /// <summary>A part of the first lot.</summary>
    [Benchmark(Baseline = true)]
    public WalletState Spend_from_one_lot() => DecidedAndEvolved(_wallet.State, _spendPart);

    [Benchmark]
    public WalletState Spend_from_ten_lots() => DecidedAndEvolved(_wallet.State, _spendTen);

    [Benchmark]
    public WalletState Spend_refused() => DecidedAndEvolved(_wallet.State, _spendTooMuch);

    /// <summary>The two commands of a sale at a till, a part of the first lot.</summary>
    [Benchmark]
    public WalletState Hold_and_capture() => DecidedAndEvolved(DecidedAndEvolved(_wallet.State, _hold), _capture);

    /// <summary>Also the fingerprint and the transaction: all that the pure code does for a command.</summary>
    [Benchmark]
    public (Transaction Transaction, WalletState After) Spend_from_one_lot_and_record()
    {
        var decision = Wallet.Decide(WalletAtWork.Programmes, _wallet.State, _spendPart, Thawed.Nothing.Instance);
        return Wallet.Record(_wallet.State, _spendPart, decision, _wallet.Now);
    }

    private CommandEnvelope Known(WalletCommand command)
    {
        // The hash of the key is computed once per envelope: here, because another table shows what it costs.
        var envelope = _wallet.Envelope(command, long.MaxValue);
        _ = envelope.KeyHash;
        return envelope;
    }

    private static WalletState DecidedAndEvolved(WalletState state, CommandEnvelope envelope)
    {
        var events = Wallet.Decide(WalletAtWork.Programmes, state, envelope, Thawed.Nothing.Instance) switch
        {
            Decision.Accepted accepted => accepted.Events,
            Decision.Refused refused => refused.Events,
            _ => throw new InvalidOperationException("A new command is not a repeat."),
        };
        foreach (var happened in events)
        {
            state = Wallet.Evolve(state, happened);
        }

        return state;
    }
}
