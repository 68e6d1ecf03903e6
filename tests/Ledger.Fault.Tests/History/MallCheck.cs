using Ledger.Fault.Tests.Clients;
using Ledger.Fault.Tests.Scenarios;
using Ledger.Fault.Tests.Waiting;
using Ledger.Grains.Journal;
using Ledger.Grains.Stocks;
using Ledger.Grains.Stores;
using Ledger.Grains.Wallets;
using Ledger.Stocks;
using Ledger.Transactions;
using Ledger.Wallets;

namespace Ledger.Fault.Tests.History;

/// <summary>Compares what buyers and givers were told with what stock and wallets hold, once all is quiet. Both sides of everything are counted from the rows alone.</summary>
internal sealed class MallCheck : Aftermath
{
    private readonly StreamId _stock;

    private MallCheck(Tenant tenant, ClientRecord record, Uri[] silos) : base(tenant, record, silos) => _stock = StreamId.OfStock(tenant.Id, MallDraw.Wanted);

    /// <summary>Waits until all is quiet with nobody sending anything, has everybody come back then, and compares.</summary>
    /// <param name="tenant">Whose journal.</param>
    /// <param name="record">What the clients know.</param>
    /// <param name="what">What happened, for the report.</param>
    /// <param name="silos">All of them, healthy, at a time at which everything that was left is looked for.</param>
    public static async Task Holds(Tenant tenant, ClientRecord record, string what, params Uri[] silos)
    {
        var check = new MallCheck(tenant, record, silos);
        var left = record.Sent.Count(sent => sent.Answer is null);

        // What was about to be cancelled stays kept until it has ended.
        await check.SettleTheRest(sent => sent.Command is CancelRedemption);
        await check.Quiet();
        await check.TheBooksVerify();
        await check.SettleTheRest();
        await check.Quiet();
        var rows = await check.ReadJournal();
        Seed.Tell($"{what}: {left} commands were left; {rows.Count(row => row.Outcome == Transaction.Voided)} redemptions of which nothing had come were voided");
        check.EverybodyGotWhatTheyWereTold(rows);
        check.EveryGiftIsInOnePlace(rows);
        check.Agree(rows, await check.TheBooksVerify());
        await check.EverythingIsAnsweredAgain(rows);
        check.Report(what, rows);
    }

    private async Task Quiet() => await Patience.Until("nothing is kept and nothing is under way", async () =>
    {
        await using var ledger = OpenLedger.ForReading(Tenant.Store);
        return (await ledger.Journal.ReadTotals(Tenant.Id)).GetValueOrDefault("transit") == 0
            && await ledger.Journal.ReadBackwards(_stock, long.MaxValue, 1) is [var last] && last.ToStockEvent().After.Reserved == 0;
    });

    private void EverybodyGotWhatTheyWereTold(List<JournalRow> rows)
    {
        var byKey = rows.ToLookup(row => row.Key);
        foreach (var sent in Record.Sent)
        {
            // A redemption that the stock refused never came to the wallet.
            var inStock = sent.Command is RedeemReward redeem && sent.Answer!.Body["code"]?.GetValue<string>() == Stock.SoldOut ? redeem : null;
            var key = inStock is null ? sent.Key : CommandKey.Stock(inStock.Redemption);
            if (byKey[key].ToList() is not [var row])
            {
                Differ($"{byKey[key].Count()} rows instead of one: {sent}");
            }
            else if (sent.Command is not null && row.Outcome != sent.Answer!.Outcome)
            {
                Differ($"stored is {row.Outcome}: {sent}");
            }
            else if (inStock is not null && byKey[sent.Key].Any())
            {
                Differ($"sold out, and yet in the wallet: {sent}");
            }
        }
    }

    private void EveryGiftIsInOnePlace(List<JournalRow> rows)
    {
        var received = rows.Where(row => row.Stream.Resident is not null).SelectMany(row => row.ToTransaction().Events).OfType<GiftReceived>().ToLookup(gift => (gift.From, gift.Gift));
        var returned = (from row in rows
                        where row.Stream.Resident is not null
                        from gift in row.ToTransaction().Events.OfType<GiftReturned>()
                        select (row.Stream.Resident!.Value, gift.Of)).ToLookup(gift => gift);
        foreach (var sent in rows.Where(row => row.Stream.Resident is not null && row.ToTransaction().Deed is GiftSent))
        {
            var gift = (sent.Stream.Resident!.Value, sent.Sequence);
            var (arrived, back) = (received[gift].Count(), returned[gift].Count());
            if (arrived + back != 1 || received[gift].Sum(one => one.Points.Value) != (arrived > 0 ? ((GiftSent)sent.ToTransaction().Deed!).Points.Value : 0))
            {
                Differ($"gift {sent.Sequence} of {sent.Stream} arrived {arrived} times and came back {back} times");
            }
        }
    }

    /// <summary>What was put in is left or sold, what was sold was paid for, and every point that was earned is where the clients know.</summary>
    private void Agree(List<JournalRow> rows, IReadOnlyDictionary<string, long> totals)
    {
        var accepted = Record.Sent.Where(sent => sent.Answer!.Status == System.Net.HttpStatusCode.OK).ToList();
        var cancelled = accepted.Select(sent => sent.Command).OfType<CancelRedemption>().Select(cancel => cancel.Redemption).ToHashSet();
        var bought = accepted.Select(sent => sent.Command).OfType<RedeemReward>().Where(redeem => !cancelled.Contains(redeem.Redemption)).ToList();
        var put = accepted.Where(sent => sent.Command is null).Sum(sent => sent.Data["change"]!.GetValue<int>());
        var earned = accepted.Select(sent => sent.Command).OfType<EarnPoints>().Sum(earn => earn.Quantity);

        var sold = bought.Sum(redeem => redeem.Quantity);
        var level = rows.Where(row => row.Stream == _stock).MaxBy(row => row.Sequence)!.ToStockEvent().After;
        Same("stock", new StockLevel(put - sold, 0, sold), level);
        Same("merchant", sold * MallDraw.Price, totals["merchant/tea-house"]);
        Same("available", earned - (sold * MallDraw.Price), totals["available"]);
        Seed.Tell($"{put} were put in, {sold} sold, {cancelled.Count} redemptions cancelled");

        var stock = rows.Where(row => row.Stream == _stock).Select(row => row.ToStockEvent()).ToList();
        foreach (var redeem in bought)
        {
            var told = stock.Where(happened => happened is StockSold { Redemption: var id } && id == redeem.Redemption).ToList();
            if (told is not [StockSold { Quantity: var quantity }] || quantity != redeem.Quantity)
            {
                Differ($"{redeem} was sold {told.Count} times");
            }
        }
    }

    private void Same<T>(string what, T clients, T journal)
    {
        if (!Equals(clients, journal))
        {
            Differ($"{what}: {clients} by what clients were told, {journal} is stored");
        }
    }
}
