using System.Diagnostics;
using System.Globalization;
using Ledger.Load.Growing;
using Ledger.Load.Ours;
using Ledger.Load.Questions;
using NodaTime;

namespace Ledger.Load.Spending;

/// <summary>How long does it take to close a day for every merchant of a community?</summary>
/// <param name="merchants">How many.</param>
/// <param name="captures">How many of the day, at evenly chosen merchants.</param>
internal sealed class Statements(int merchants, int captures) : IQuestion
{
    private const int SalesEach = 100;

    // With all visitors of the herd so many rows wait at once as the journal takes in.
    private const int SalesPerSet = 12;

    public string Name => "statements";

    public string Title => "Closing a day";

    public string About =>
        "Yesterday is closed for all merchants in one call, after holds and captures of that day were written through the grains; the statements come to exactly these captures. "
        + "*Again*: the same call once more, which finds nothing to do. Aim: 1,000 merchants and 1,000,000 captures in less than 30 s.";

    public IReadOnlyList<string> Columns => ["merchants", "captures", "seconds", "again, seconds"];

    public async Task<IReadOnlyList<IReadOnlyList<string>>> Measure(StoreMaker stores, CancellationToken cancellation)
    {
        await using var store = await stores.Make();
        var day = SystemClock.Instance.GetCurrentInstant().InZone(LedgerHost.Zone).Date.PlusDays(-1);
        await Fill(store, day.At(new LocalTime(12, 0)).InZoneLeniently(LedgerHost.Zone).ToInstant(), cancellation);
        await using var host = await LedgerHost.Start(store, cancellation);
        var first = await Close(host, day, cancellation);
        if (first.Statements != merchants || first.Captures != captures)
        {
            throw new InvalidOperationException($"{first.Statements:n0} statements of {first.Captures:n0} captures were closed.");
        }

        var again = await Close(host, day, cancellation);
        return [[Text($"{merchants:n0}"), Text($"{captures:n0}"), Text($"{first.Took.TotalSeconds:n1}"), Text($"{again.Took.TotalSeconds:n1}")]];
    }

    private static async Task<(TimeSpan Took, int Statements, long Captures)> Close(LedgerHost host, LocalDate day, CancellationToken cancellation)
    {
        var begun = Stopwatch.GetTimestamp();
        var closing = await host.Settlements.CloseAll(LedgerHost.Community, day, cancellation);
        var took = Stopwatch.GetElapsedTime(begun);
        return (took, closing.Closed.Length, closing.Closed.Sum(closed => closed.Statements.Sum(statement => statement.Closed.Sales)));
    }

    private async Task Fill(LedgerStore store, Instant then, CancellationToken cancellation)
    {
        await using var host = await LedgerHost.Start(store, cancellation);
        string[] shops = [.. Enumerable.Range(1, merchants).Select(number => FormattableString.Invariant($"shop-{number}"))];
        await host.Register(shops, cancellation);
        var commands = new Commands();
        await WalletHerd.Visit(
            Herd.Names(captures / SalesEach),
            async resident =>
            {
                var wallet = host.Wallet(resident);
                await wallet.Send(commands.EarnThen(resident, SalesEach, then));
                foreach (var sales in Enumerable.Range(0, SalesEach).Chunk(SalesPerSet))
                {
                    await wallet.SendMany([.. sales.SelectMany(_ => commands.SaleThen(resident, shops[Random.Shared.Next(merchants)], then))]);
                }
            },
            cancellation);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
