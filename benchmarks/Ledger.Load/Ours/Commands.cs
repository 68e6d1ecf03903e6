using System.Globalization;
using Ledger.Load.Workloads;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Load.Ours;

/// <summary>Commands with keys that were never used before.</summary>
internal sealed class Commands
{
    private readonly string _source = $"/load/{Guid.CreateVersion7():n}";
    private readonly Instant _occurredAt = SystemClock.Instance.GetCurrentInstant();
    private long _number;

    /// <summary>What a workload asks for.</summary>
    public CommandEnvelope Of(in Asked asked) => asked.Merchant is { } merchant
        ? Spend(asked.Resident, merchant)
        : Earn(asked.Resident, 1);

    public CommandEnvelope Earn(string resident, long units) =>
        Envelope(resident, new EarnPoints(LedgerHost.Activity, units, _occurredAt));

    public CommandEnvelope Spend(string resident, string merchant) =>
        Envelope(resident, new SpendPoints(new(merchant), new(Workload.PointsEach)));

    /// <summary>An earn of long ago, as an import brings it.</summary>
    public CommandEnvelope EarnThen(string resident, Instant then) =>
        Envelope(resident, new EarnPoints(LedgerHost.Activity, 1, then)) with { At = then, Historic = true };

    private CommandEnvelope Envelope(string resident, WalletCommand command) => new()
    {
        Community = LedgerHost.Community,
        Resident = new(resident),
        Key = CommandKey.Event(_source, Interlocked.Increment(ref _number).ToString(CultureInfo.InvariantCulture)),
        Command = command,
    };
}
