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
    public CommandEnvelope EarnThen(string resident, long units, Instant then) => Then(resident, new EarnPoints(LedgerHost.Activity, units, then), then);

    /// <summary>A sale of long ago: points that were set aside and taken.</summary>
    public CommandEnvelope[] SaleThen(string resident, string merchant, Instant then)
    {
        var reference = new MerchantReference(new(merchant), string.Create(CultureInfo.InvariantCulture, $"sale-{Interlocked.Increment(ref _number)}"));
        return
        [
            Then(resident, new HoldPoints(reference, new(Workload.PointsEach), Minutes: 5), then),
            Then(resident, new CaptureHold(reference, null, Final: true), then),
        ];
    }

    private CommandEnvelope Then(string resident, WalletCommand command, Instant then) =>
        Envelope(resident, command) with { At = then, Historic = true };

    private CommandEnvelope Envelope(string resident, WalletCommand command) => new()
    {
        Community = LedgerHost.Community,
        Resident = new(resident),
        Key = CommandKey.Event(_source, Interlocked.Increment(ref _number).ToString(CultureInfo.InvariantCulture)),
        Command = command,
    };
}
