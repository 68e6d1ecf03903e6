using System.Collections.Immutable;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Ledger.Accounts;
using Ledger.Benchmarks.Wallets;
using Ledger.Grains.Journal;
using Ledger.Grains.Wallets;
using Ledger.Json;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Benchmarks.Json;

/// <summary>What is written and hashed for each transaction: events, fingerprint, key, chain.</summary>
public class StoredForms
{
    private CommandEnvelope _envelope = null!;
    private ImmutableArray<WalletEvent> _earned;
    private ImmutableArray<WalletEvent> _spent;
    private byte[] _earnedBytes = [];
    private byte[] _spentBytes = [];
    private JournalRow _row = null!;

    [GlobalSetup]
    public void Setup()
    {
        var wallet = WalletAtWork.WithPast(100);
        var earned = wallet.Do(WalletAtWork.Walk(wallet.Now), Duration.FromMinutes(1));
        _envelope = wallet.Envelope(WalletAtWork.Walk(wallet.Now), long.MaxValue);
        _earned = earned.Events;
        _spent = wallet.Do(WalletAtWork.Spend(5), Duration.FromMinutes(1)).Events;
        _earnedBytes = LedgerJson.BytesOf(_earned);
        _spentBytes = LedgerJson.BytesOf(_spent);
        _row = earned.ToRow(StreamId.Of(_envelope.Community, _envelope.Resident), HashChain.Start.Span);
    }

    [Benchmark]
    public byte[] Earned_to_bytes() => LedgerJson.BytesOf(_earned);

    [Benchmark]
    public ImmutableArray<WalletEvent> Earned_from_bytes() => LedgerJson.EventsOf(_earnedBytes);

    [Benchmark]
    public byte[] Spent_to_bytes() => LedgerJson.BytesOf(_spent);

    [Benchmark]
    public ImmutableArray<WalletEvent> Spent_from_bytes() => LedgerJson.EventsOf(_spentBytes);

    [Benchmark]
    public ImmutableArray<Posting> Postings_of_earned() => Postings.Of(_earned);

    [Benchmark]
    public ReadOnlyMemory<byte> Fingerprint() => _envelope.Fingerprint();

    [Benchmark]
    public KeyHash Key_hash() => _envelope.Key.HashIn(_envelope.Community);

    [Benchmark]
    public byte[] Chain_hash() => HashChain.Compute(_row, HashChain.Start.Span);
}

/// <summary>A wallet's state to JSON and back: what a snapshot costs.</summary>
public class StateForms
{
    private WalletState _state = null!;
    private byte[] _bytes = [];

    [Params(10, 1_000)]
    public int OpenLots { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _state = WalletAtWork.WithOpenLots(OpenLots).State;
        _bytes = To_bytes();
    }

    [Benchmark]
    public byte[] To_bytes() => JsonSerializer.SerializeToUtf8Bytes(_state, LedgerJson.Default.WalletState);

    [Benchmark]
    public WalletState? From_bytes() => JsonSerializer.Deserialize(_bytes, LedgerJson.Default.WalletState);
}
