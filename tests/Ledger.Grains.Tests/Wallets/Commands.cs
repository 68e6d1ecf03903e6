using Ledger.Grains.Tests.Hosting;
using Ledger.Grains.Wallets;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Grains.Tests.Wallets;

/// <summary>Short words for commands in tests.</summary>
internal static class Commands
{
    public static CommandKey Key(string id) => CommandKey.Event("/test", id);

    public static CommandEnvelope Envelope(string resident, string id, WalletCommand command) => new()
    {
        Community = LedgerHost.Community,
        Resident = ResidentId.Parse(resident),
        Key = Key(id),
        Command = command,
    };

    public static CommandEnvelope Earn(string resident, string id, long quantity, Instant occurredAt, string activity = "service") =>
        Envelope(resident, id, new EarnPoints(ActivityType.Parse(activity), quantity, occurredAt));

    public static CommandEnvelope Spend(string resident, string id, long points) =>
        Envelope(resident, id, new SpendPoints(MerchantId.Parse("tea-house"), new Points(points)));

    public static CommandEnvelope Refund(string resident, string id, string of, long? points = null) =>
        Envelope(resident, id, new RefundSpend(Key(of), points is { } p ? new Points(p) : null));

    public static CommandEnvelope Reverse(string resident, string id, string of, long? points = null) =>
        Envelope(resident, id, new ReverseEarning(Key(of), points is { } p ? new Points(p) : null));

    public static async Task<CommandResult.Recorded> Record(this IWalletGrain wallet, CommandEnvelope envelope) =>
        Assert.IsType<CommandResult.Recorded>(await wallet.Send(envelope));
}
