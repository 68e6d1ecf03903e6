using System.Text.Json;
using Ledger.Grains.Stores;
using Ledger.Grains.Telemetry;
using Ledger.Json;
using Ledger.Transactions;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace Ledger.Grains.Wallets;

/// <summary>A snapshot as Orleans stores it: immutable and detached, so that it may be serialised on any thread.</summary>
/// <param name="Format">The version of <paramref name="State"/>'s JSON; another one is ignored.</param>
/// <param name="Hash">The hash of the last transaction that is in it.</param>
/// <param name="State">The state as UTF-8 JSON.</param>
[GenerateSerializer, Immutable]
[Alias("ledger.wallet-snapshot")]
internal sealed record WalletSnapshot([property: Id(0)] int Format, [property: Id(1)] byte[] Hash, [property: Id(2)] byte[] State)
{
    public const int CurrentFormat = 1;
}

/// <summary>Keeps snapshots through Orleans' storage provider named <see cref="Provider"/>.</summary>
/// <param name="storage">The provider.</param>
/// <param name="gate">Where writers take turns; null for a store that needs none.</param>
/// <param name="logger">Is told what could not be read or written.</param>
internal sealed partial class StoredSnapshots(
    IGrainStorage storage, WriterGate? gate, ILogger<StoredSnapshots> logger) : ISnapshots
{
    public const string Provider = "snapshots";

    // The key of the row: the state's name, not the grain's. Unique among our grains, and never changed.
    public const string StateName = "wallet-snapshot";

    public async Task<LoadedWallet?> Read(StreamId stream)
    {
        try
        {
            var stored = new GrainState<WalletSnapshot>();
            await storage.ReadStateAsync(StateName, IdOf(stream), stored);
            var usable = stored is { RecordExists: true, State.Format: WalletSnapshot.CurrentFormat };
            LedgerInstruments.Snapshot(usable ? "read" : "missing");
            return usable ? Open(stored.State!) : null;
        }
        catch (Exception unreadable)
        {
            LedgerInstruments.Snapshot("unreadable");
            ReadFailed(logger, unreadable.GetType().Name, unreadable.Message);
            return null;
        }
    }

    public async Task Write(StreamId stream, LoadedWallet wallet)
    {
        try
        {
            var state = JsonSerializer.SerializeToUtf8Bytes(wallet.State, LedgerJson.Default.WalletState);
            using var turn = gate is null ? default : await gate.Enter();

            // Only its version matters: two activations may have written in turn.
            var stored = new GrainState<WalletSnapshot>();
            await storage.ReadStateAsync(StateName, IdOf(stream), stored);
            stored.State = new(WalletSnapshot.CurrentFormat, wallet.Hash.ToArray(), state);
            await storage.WriteStateAsync(StateName, IdOf(stream), stored);
            LedgerInstruments.Snapshot("written");
        }
        catch (Exception unwritten)
        {
            LedgerInstruments.Snapshot("unwritten");
            WriteFailed(logger, unwritten.GetType().Name, unwritten.Message);
        }
    }

    public static GrainId IdOf(StreamId stream) => GrainId.Create("wallet", $"s/{stream}");

    private static LoadedWallet? Open(WalletSnapshot snapshot) =>
        JsonSerializer.Deserialize(snapshot.State, LedgerJson.Default.WalletState) is { } state ? new(state, snapshot.Hash) : null;

    [LoggerMessage(Level = LogLevel.Warning, Message = "A snapshot could not be read; the journal is replayed instead. {Error}: {Reason}")]
    private static partial void ReadFailed(ILogger logger, string error, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A snapshot could not be written; loading will take longer. {Error}: {Reason}")]
    private static partial void WriteFailed(ILogger logger, string error, string reason);
}
