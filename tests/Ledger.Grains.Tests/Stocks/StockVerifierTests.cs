using Ledger.Grains.Journal;
using Ledger.Grains.Stocks;
using Ledger.Grains.Stores;
using Ledger.Grains.Tests.Hosting;
using Ledger.Grains.Tests.Verification;
using Ledger.Grains.Tests.Wallets;
using Ledger.Grains.Verification;
using Ledger.Stocks;
using Ledger.Transactions;
using Ledger.Wallets;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Grains.Tests.Stocks;

/// <summary>A store with redemptions that were sold, cancelled, refused and not paid yet; made once.</summary>
public sealed class StockedStore() : StoreMadeOnce(Fill)
{
    internal static readonly RewardId Tea = new("tea");
    internal static readonly RewardId Visit = new("visit");

    internal static RedemptionId IdOf(string name) => RedemptionId.Of(Commands.Key(name).HashIn(LedgerHost.Community));

    internal static async Task Fill(LedgerHost host)
    {
        await host.Offer(Tea, """
            { "kind": "goods", "category": "shops", "merchant": "tea-house", "names": { "en": "Tea" }, "price": { "points": 5 }, "handover": "delivery", "limited": true }
            """);
        await host.Offer(Visit, """
            { "kind": "service", "category": "health", "merchant": "clinic", "names": { "en": "Visit" },
              "price": { "points": 5, "cash": { "amount": 1, "currency": "CNY" } }, "handover": "appointment", "limited": true }
            """);
        await host.Wallet("anna").Record(Commands.Earn("anna", "earned", 100, host.Clock.GetCurrentInstant()));

        var driver = host.Services.GetRequiredService<StockDriver>();
        await Put(driver, Tea, 10);
        await Redeem(host, "anna", "sold", Tea, 2);
        await Redeem(host, "anna", "cancelled", Tea, 3);
        await driver.Send(LedgerHost.Community, Tea, new RecallStock(IdOf("cancelled"), 3));
        await host.Wallet("anna").Record(Commands.Envelope("anna", "cancel", new CancelRedemption(IdOf("cancelled"), Ledger.Rewards.Party.Resident)));
        await driver.Send(LedgerHost.Community, Tea, new SettleStock(IdOf("cancelled"), RedemptionFate.Back));
        await driver.Send(LedgerHost.Community, Tea, new ReserveStock(IdOf("too many"), 100));
        await Redeem(host, "bo", "poor", Tea, 1);
        await Put(driver, Visit, 5);
        await Redeem(host, "anna", "unpaid", Visit, 1);
    }

    private static Task<StockResult> Put(StockDriver driver, RewardId reward, int count) =>
        driver.Send(LedgerHost.Community, reward, new AdjustStock(count), CommandKey.Client("operator", $"put {reward}"));

    private static async Task Redeem(LedgerHost host, string resident, string name, RewardId reward, int quantity)
    {
        var driver = host.Services.GetRequiredService<StockDriver>();
        await driver.Send(LedgerHost.Community, reward, new ReserveStock(IdOf(name), quantity));
        var made = await host.Wallet(resident).Record(Commands.Envelope(resident, name, new RedeemReward(reward, quantity, IdOf(name))) with { FromStock = true });
        await driver.Settle(LedgerHost.Community, reward, IdOf(name), made.Transaction);
    }
}

public sealed class StockVerifierTests(StockedStore store) : IClassFixture<StockedStore>
{
    private const string Tea = "stream = 'stock/tea'";
    private const string Anna = "stream = 'resident/anna'";
    private const string Columns =
        "recorded_at, recorded_nanos, effective_at, effective_nanos, outcome, events, programme, refers_to, available, pending, held, debt, hash, postings, from_account, to_account, points, lot, lot_ordinal";

    // What somebody does who has this very program: every row is sealed, counted and indexed as it should be.
    private static readonly Dictionary<string, (RewardId Reward, (StockCommand Command, CommandKey? Key)[] Commands)> Forgeries = new()
    {
        ["what nobody redeemed is sold"] = (StockedStore.Tea, [(new ReserveStock(Id("ghost"), 1), null), (new SettleStock(Id("ghost"), RedemptionFate.Kept), null)]),
        ["a piece is sold twice"] = (StockedStore.Tea, [(new ReserveStock(Id("sold"), 2), CommandKey.Stock(Id("x"))), (new SettleStock(Id("sold"), RedemptionFate.Kept), null)]),
        ["a piece is sold by another stock as well"] =
            (StockedStore.Visit, [(new ReserveStock(Id("sold"), 2), CommandKey.Stock(Id("x"))), (new SettleStock(Id("sold"), RedemptionFate.Kept), null)]),
        ["what was redeemed is free"] = (StockedStore.Tea, [(new RecallStock(Id("sold"), 2), null), (new SettleStock(Id("sold"), RedemptionFate.Back), null)]),
        ["what was cancelled is sold"] =
            (StockedStore.Tea, [(new ReserveStock(Id("cancelled"), 3), CommandKey.Stock(Id("x"))), (new SettleStock(Id("cancelled"), RedemptionFate.Kept), null)]),
        ["what came back comes back again"] =
            (StockedStore.Tea, [(new RecallStock(Id("cancelled"), 2), CommandKey.StockBack(Id("x"))), (new SettleStock(Id("cancelled"), RedemptionFate.Back), null)]),
        ["what nobody redeemed comes back"] = (StockedStore.Tea, [(new RecallStock(Id("ghost"), 1), null), (new SettleStock(Id("ghost"), RedemptionFate.Back), null)]),
        ["what nobody paid is sold"] = (StockedStore.Visit, [(new SettleStock(Id("unpaid"), RedemptionFate.Kept), null)]),
        ["what was refused is sold with other numbers"] = (StockedStore.Tea, [(new ReserveStock(Id("poor"), 2), CommandKey.Stock(Id("x"))), (new SettleStock(Id("poor"), RedemptionFate.Kept), null)]),
    };

    public static TheoryData<string> All => [.. Forgeries.Keys];

    [Fact]
    public async Task Stocks_that_nobody_touched_are_sound()
    {
        var report = await store.Verify();
        Assert.True(report.IsSound, string.Join('\n', report.Findings));
        Assert.Equal((19, 4), (report.Transactions, report.Streams));
    }

    [Theory]
    [InlineData("what came in", $"""UPDATE journal SET events = CAST(replace(CAST(events AS TEXT), '"change":10', '"change":11') AS BLOB) WHERE {Tea} AND sequence = 1""", "hashes 1; stocks 1")]
    [InlineData("what came in, and what is left", $"""UPDATE journal SET events = CAST(replace(CAST(events AS TEXT), '10', '11') AS BLOB) WHERE {Tea} AND sequence = 1""", "hashes 1; stocks 2")]
    [InlineData("how many were kept", $"""UPDATE journal SET events = CAST(replace(CAST(events AS TEXT), '"quantity":2', '"quantity":1') AS BLOB) WHERE {Tea} AND sequence = 2""", "hashes 2; stocks 2")]
    [InlineData("how many were sold", $"""UPDATE journal SET events = CAST(replace(CAST(events AS TEXT), '"sold":2', '"sold":3') AS BLOB) WHERE {Tea} AND sequence = 3""", "hashes 3; stocks 3")]
    [InlineData("a sale taken out", $"DELETE FROM journal WHERE {Tea} AND sequence = 3", "sequences 4; hashes 4; stocks 4; storage")]
    [InlineData("a stock taken out", $"DELETE FROM journal WHERE {Tea}", "stocks; storage")]
    [InlineData("a sale put in", $"INSERT INTO journal SELECT community, stream, 99, source, command_id, randomblob(16), fingerprint, {Columns} FROM journal WHERE {Tea} AND sequence = 3", "sequences 99; hashes 99; stocks 99; keys")]
    [InlineData("an outcome", $"UPDATE journal SET outcome = 'accepted' WHERE {Tea} AND sequence = 8", "hashes 8; events 8")]
    [InlineData("an event that no version knows", """UPDATE journal SET events = CAST('{"event":"stock_stolen.v1"}' AS BLOB) WHERE stream = 'stock/tea' AND sequence = 3""", "hashes 3; events 3")]
    [InlineData("how a stock stands after a sale taken out", $"UPDATE journal SET events = CAST(json_set(CAST(events AS TEXT), '$.after', NULL) AS BLOB) WHERE {Tea} AND sequence = 3", "hashes 3; events 3")]
    [InlineData("the key of a sale", $"UPDATE journal SET command_id = 'tea@99' WHERE {Tea} AND sequence = 3", "hashes 3; stocks 3; storage")]
    [InlineData("when somebody looks", "UPDATE due SET at = at + 1 WHERE stream = 'stock/visit'", "due")]
    [InlineData("that somebody looks", "DELETE FROM due WHERE stream = 'stock/visit'", "due")]
    [InlineData("how many a wallet redeemed", $"""UPDATE journal SET events = CAST(replace(CAST(events AS TEXT), '"quantity":2', '"quantity":1') AS BLOB) WHERE {Anna} AND sequence = 2""", "hashes 2; stocks 3")]
    [InlineData("that a wallet took from a stock", $"""UPDATE journal SET events = CAST(replace(CAST(events AS TEXT), ',"fromStock":true', '') AS BLOB) WHERE {Anna} AND sequence = 2""", "hashes 2; stocks 3")]
    [InlineData("which reward a wallet redeemed", $"""UPDATE journal SET events = CAST(replace(CAST(events AS TEXT), '"reward":"tea"', '"reward":"box"') AS BLOB) WHERE {Anna} AND sequence = 2""", "hashes 2; stocks 3")]
    [InlineData("that what was cancelled came back", $"""UPDATE journal SET events = CAST(replace(CAST(events AS TEXT), '"event":"redemption_cancelled.v1"', '"event":"redemption_cancelled.v1","keepsStock":true') AS BLOB) WHERE {Anna} AND sequence = 4""", "hashes 4; stocks 7")]
    [InlineData("where a redemption stands", "UPDATE redemption SET status = 'ready' WHERE sequence = 2", "redemptions 2")]
    [InlineData("whose a redemption is to hand over", "UPDATE redemption SET merchant = 'clinic' WHERE sequence = 2", "redemptions 2")]
    [InlineData("a redemption taken out of the list", "DELETE FROM redemption WHERE sequence = 3", "redemptions 3")]
    [InlineData("a redemption put into the list", "INSERT INTO redemption VALUES ('demo', 'resident/bo', 1, 0, 0, 'tea-house', 'placed')", "redemptions 1")]
    public Task Whatever_is_changed_by_hand_is_found(string what, string sql, string expected) => store.MustFind(what, sql, expected);

    [Theory]
    [MemberData(nameof(All))]
    public async Task What_this_very_program_forges_is_found_by_what_stock_and_wallets_tell_of_each_other(string what)
    {
        var (reward, commands) = Forgeries[what];
        var report = await store.Verify(async copy =>
        {
            await using var ledger = OpenLedger.ForWriting(copy.Address, "test");
            var stream = StreamId.OfStock(LedgerHost.Community, reward);
            var draft = new StockDraft(stream, await StoredStock.Load(ledger.Journal, stream));
            foreach (var (command, key) in commands)
            {
                var at = draft.After.State.LastAt;
                draft.Add(command, key, Stock.Decide(draft.After.State, command, at)!, at);
            }

            Assert.IsType<AppendResult.Committed>(await ledger.Journal.Append(draft.ToSet()));
        });

        Assert.NotEmpty(report.Findings);
        Assert.All(report.Findings, finding => Assert.Equal(VerificationCheck.Stocks, finding.Check));
    }

    [Fact]
    public async Task A_redemption_without_a_piece_is_found()
    {
        var report = await store.Verify(async copy =>
        {
            await using var host = await copy.Open();
            await host.Wallet("anna").Record(Commands.Envelope("anna", "free", new RedeemReward(StockedStore.Tea, 1, Id("free"))) with { FromStock = true });
        });

        var found = Assert.Single(report.Findings);

        Assert.Equal((VerificationCheck.Stocks, "stock/tea"), (found.Check, found.Stream));
        Assert.Contains("knows nothing", found.Words, StringComparison.Ordinal);
    }

    private static RedemptionId Id(string name) => StockedStore.IdOf(name);
}
