using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using Ledger.Benchmarks.Wallets;
using Ledger.Grains.Wallets;
using Ledger.Grains.Wire;
using Ledger.Wallets;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Orleans.Serialization;

namespace Ledger.Benchmarks.Wire;

/// <summary>What a call of a wallet costs at the grain boundary: nothing is copied inside a silo; between silos it is JSON.</summary>
public class MessageForms
{
    private Serializer _serializer = null!;
    private DeepCopier _copier = null!;
    private CommandEnvelope _command = null!;
    private ImmutableArray<CommandEnvelope> _commands;
    private CommandResult _result = null!;
    private WalletReading _reading = null!;
    private byte[] _commandBytes = [];
    private byte[] _resultBytes = [];
    private byte[] _readingBytes = [];

    [GlobalSetup]
    public void Setup()
    {
        var services = new ServiceCollection().AddSerializer(serializer => serializer.AddDomainCodec()).BuildServiceProvider();
        _serializer = services.GetRequiredService<Serializer>();
        _copier = services.GetRequiredService<DeepCopier>();
        var wallet = WalletAtWork.WithOpenLots(10);
        _command = wallet.Envelope(WalletAtWork.Walk(wallet.Now), long.MaxValue);
        _commands = [.. Enumerable.Repeat(_command, 100)];
        _result = new CommandResult.Recorded(wallet.Do(WalletAtWork.Walk(wallet.Now), Duration.FromMinutes(1)), Replayed: false);
        _reading = new(wallet.State, wallet.Now);
        (_commandBytes, _resultBytes, _readingBytes) = (Command_to_bytes(), Result_to_bytes(), Reading_to_bytes());
        Console.WriteLine($"// Bytes: command {_commandBytes.Length}, result {_resultBytes.Length}, reading {_readingBytes.Length}");
    }

    [Benchmark(Baseline = true)]
    public CommandEnvelope Command_in_one_silo() => _copier.Copy(_command);

    [Benchmark]
    public ImmutableArray<CommandEnvelope> Commands_100_in_one_silo() => _copier.Copy(_commands);

    [Benchmark]
    public WalletReading Reading_in_one_silo() => _copier.Copy(_reading);

    [Benchmark]
    public byte[] Command_to_bytes() => _serializer.SerializeToArray(_command);

    [Benchmark]
    public CommandEnvelope? Command_from_bytes() => _serializer.Deserialize<CommandEnvelope>(_commandBytes);

    [Benchmark]
    public byte[] Result_to_bytes() => _serializer.SerializeToArray(_result);

    [Benchmark]
    public CommandResult? Result_from_bytes() => _serializer.Deserialize<CommandResult>(_resultBytes);

    [Benchmark]
    public byte[] Reading_to_bytes() => _serializer.SerializeToArray(_reading);

    [Benchmark]
    public WalletReading? Reading_from_bytes() => _serializer.Deserialize<WalletReading>(_readingBytes);
}
