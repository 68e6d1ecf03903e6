using Ledger.Load.Ours;

namespace Ledger.Load.Growing;

/// <summary>Many wallets alike.</summary>
internal static class Herd
{
    public static string[] Names(int count) => [.. Enumerable.Range(1, count).Select(number => FormattableString.Invariant($"r-{number}"))];

    /// <summary>Each wallet gets a little at once, so that those who earn and spend in turn never run dry.</summary>
    public static Task GiveInHand(LedgerHost host, IEnumerable<string> residents, CancellationToken cancellation)
    {
        var commands = new Commands();
        return WalletHerd.Visit(residents, resident => host.Wallet(resident).Send(commands.Earn(resident, WalletHerd.UnitsInHand)), cancellation);
    }

    /// <summary>Each wallet earns so many times: as many open lots.</summary>
    public static Task Earn(LedgerHost host, IEnumerable<string> residents, int times, CancellationToken cancellation)
    {
        var commands = new Commands();
        return WalletHerd.Visit(
            residents,
            resident => host.Wallet(resident).SendMany([.. Enumerable.Range(0, times).Select(_ => commands.Earn(resident, 1))]),
            cancellation);
    }
}
