using System.Globalization;
using Ledger.Load.Ours;
using Ledger.Load.Questions;

namespace Ledger.Load.Growing;

/// <summary>What does a wallet take that lies in memory and does nothing?</summary>
internal sealed class IdleMemory(int wallets) : IQuestion
{
    public string Name => "memory";

    public string Title => "Idle wallets in memory";

    public string About =>
        "Managed bytes after a full collection with all wallets in memory, less those before, by wallet: state, grain and all that Orleans keeps for it. Aim: 4,096.";

    public IReadOnlyList<string> Columns => ["wallets", "open lots each", "managed bytes each"];

    public async Task<IReadOnlyList<IReadOnlyList<string>>> Measure(StoreMaker stores, CancellationToken cancellation)
    {
        var rows = new List<IReadOnlyList<string>>();
        foreach (var lots in new[] { 1, 10 })
        {
            await using var store = await stores.Make();
            var residents = Herd.Names(wallets);
            await using (var host = await LedgerHost.Start(store, cancellation))
            {
                await Herd.Earn(host, residents, lots, cancellation);
            }

            await using var restarted = await LedgerHost.Start(store, cancellation);
            await WalletHerd.Load(restarted, residents.Take(1), cancellation);
            var before = GC.GetTotalMemory(forceFullCollection: true);
            await WalletHerd.Load(restarted, residents, cancellation);
            var after = GC.GetTotalMemory(forceFullCollection: true);
            rows.Add(
            [
                wallets.ToString("n0", CultureInfo.InvariantCulture), lots.ToString(CultureInfo.InvariantCulture),
                ((after - before) / wallets).ToString("n0", CultureInfo.InvariantCulture),
            ]);
        }

        return rows;
    }
}
