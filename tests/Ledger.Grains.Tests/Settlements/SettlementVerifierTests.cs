using Ledger.Grains.Settlements;
using Ledger.Grains.Tests.Hosting;
using Ledger.Grains.Tests.Verification;
using Ledger.Grains.Tests.Wallets;
using Ledger.Settlements;
using Ledger.Transactions;
using Ledger.Wallets;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Ledger.Grains.Tests.Settlements;

/// <summary>A store with days that were closed, paid and disputed, and one that is open; made once.</summary>
public sealed class SettledStore() : StoreMadeOnce(Fill)
{
    private static async Task Fill(LedgerHost host)
    {
        var stop = TestContext.Current.CancellationToken;
        var (first, teaHouse) = (new LocalDate(2026, 3, 1), new MerchantId("tea-house"));
        var book = host.Services.GetRequiredService<SettlementBook>();
        var wallet = host.Wallet("anna");
        await wallet.Record(Commands.Earn("anna", "earned", 500, host.Clock.GetCurrentInstant()));
        await wallet.Record(Commands.Spend("anna", "s-1", 100));
        await wallet.Record(Commands.Spend("anna", "s-2", 30));
        await wallet.Record(Commands.Refund("anna", "r-1", "s-1", 20));
        host.Clock.AdvanceDays(1);
        await wallet.Record(Commands.Spend("anna", "s-3", 40));
        await wallet.Record(Commands.Refund("anna", "r-2", "s-1", 70));
        await Done(new CloseStatement(first), "close-1");
        await Done(new PayStatement(first, "bank-17"), "pay-1");
        host.Clock.AdvanceDays(1);
        await wallet.Record(Commands.Spend("anna", "s-4", 5));
        Assert.Equal(teaHouse, (await book.CloseAll(LedgerHost.Community, first.PlusDays(1), stop)).Closed.Single().Merchant);
        await Done(new DisputeStatement(first.PlusDays(1)), "dispute-2", new Note("两笔退款不对", new byte[16]));
        await Refused(teaHouse, new PayStatement(first.PlusDays(1), "bank-18"), "pay-2");
        await Refused(new("clinic"), new CloseStatement(first.PlusDays(2)), "close-3");

        async Task Done(SettlementCommand command, string key, Note? note = null) => Assert.False(Assert.IsType<SettlementResult.Done>(
            await book.Do(LedgerHost.Community, teaHouse, command, CommandKey.Client("operator-1", key), note, stop)).Replayed);

        async Task Refused(MerchantId merchant, SettlementCommand command, string key) => Assert.IsType<SettlementResult.Refused>(
            await book.Do(LedgerHost.Community, merchant, command, CommandKey.Client("operator-1", key), null, stop));
    }
}

public sealed class SettlementVerifierTests(SettledStore store) : IClassFixture<SettledStore>
{
    [Fact]
    public async Task Settlements_that_nobody_touched_are_sound()
    {
        var report = await store.Verify();
        Assert.True(report.IsSound, string.Join('\n', report.Findings));
        Assert.Equal((13, 3), (report.Transactions, report.Streams));
    }

    [Theory]
    [InlineData("the points of a movement", "UPDATE movement SET points = points + 1 WHERE sequence = 2", "movements 2; settlements 1")]
    [InlineData("a movement taken out", "DELETE FROM movement WHERE sequence = 2", "movements 2; settlements 1")]
    [InlineData("a movement put in", "INSERT INTO movement SELECT community, merchant, day, stream, 99, kind, points, money, currency, reference, terminal, cashier, at, at_nanos FROM movement WHERE sequence = 2", "movements 99; settlements 1")]
    [InlineData("the till of a movement", "UPDATE movement SET terminal = 't-9' WHERE sequence = 2", "movements 2")]
    [InlineData("the money of a movement", "UPDATE movement SET money = 1, currency = 'CNY' WHERE sequence = 2", "movements 2; settlements 1")]
    [InlineData("the merchant of a movement", "UPDATE movement SET merchant = 'clinic' WHERE sequence = 2", "movements 2; settlements 1; settlements")]
    [InlineData("a movement of a closed day put into another", "UPDATE movement SET day = '2026-03-02' WHERE sequence = 2", "settlements 1; settlements 3")]
    [InlineData("a movement of the open day put off", "UPDATE movement SET day = '2026-03-09' WHERE sequence = 7", "movements 7")]
    [InlineData("a movement of the open day put into a closed one", "UPDATE movement SET day = '2026-03-02' WHERE sequence = 7", "movements 7; settlements 3")]
    [InlineData("what is closed", "UPDATE closed_day SET through = '2026-03-01'", "settlements")]
    [InlineData("what is closed taken out", "DELETE FROM closed_day", "settlements")]
    [InlineData("a statement", "UPDATE journal SET events = CAST(replace(CAST(events AS TEXT), '\"captured\":{\"points\":130', '\"captured\":{\"points\":131') AS BLOB) WHERE stream LIKE 'settlement/%' AND sequence = 1", "hashes 1; settlements 1")]
    [InlineData("an opening", "UPDATE journal SET events = CAST(replace(CAST(events AS TEXT), '\"opening\":{\"points\":0', '\"opening\":{\"points\":1') AS BLOB) WHERE stream LIKE 'settlement/%' AND sequence = 1", "hashes 1; settlements 1")]
    [InlineData("a payment", "UPDATE journal SET events = CAST(replace(CAST(events AS TEXT), '\"net\":{\"points\":110', '\"net\":{\"points\":109') AS BLOB) WHERE stream LIKE 'settlement/%' AND sequence = 2", "hashes 2; postings 2; settlements 2")]
    [InlineData("the posting of a payment", "UPDATE journal SET points = 109 WHERE stream LIKE 'settlement/%' AND sequence = 2", "hashes 2; postings 2; totals; settlements")]
    [InlineData("a payment taken out", "DELETE FROM journal WHERE stream LIKE 'settlement/%' AND sequence = 2", "sequences 3; hashes 3; settlements 3; totals; storage")]
    [InlineData("the statement of a payment", "UPDATE journal SET refers_to = NULL WHERE stream LIKE 'settlement/%' AND sequence = 2", "hashes 2; events 2")]
    [InlineData("the event of a dispute", "UPDATE journal SET events = x'5B7B' WHERE stream LIKE 'settlement/%' AND sequence = 4", "hashes 4; events 4")]
    [InlineData("the reason of a refusal", "UPDATE journal SET events = CAST(replace(CAST(events AS TEXT), '\"objection\":\"disputed', '\"objection\":\"already_paid') AS BLOB) WHERE stream = 'settlement/tea-house' AND sequence = 5", "hashes 5; events 5; settlements 5")]
    [InlineData("how a merchant stands after a refusal", "UPDATE journal SET events = CAST(replace(CAST(events AS TEXT), '\"through\":\"2026-03-02', '\"through\":\"2026-03-01') AS BLOB) WHERE stream = 'settlement/tea-house' AND sequence = 5", "hashes 5; settlements 5")]
    [InlineData("how a merchant stands after a statement taken out", "UPDATE journal SET events = CAST(json_set(CAST(events AS TEXT), '$.after', NULL) AS BLOB) WHERE stream = 'settlement/tea-house' AND sequence = 1", "hashes 1; events 1")]
    [InlineData("the outcome of a refusal", "UPDATE journal SET outcome = 'accepted' WHERE stream = 'settlement/clinic'", "hashes 1; events 1")]
    [InlineData("a statement's name", "DELETE FROM reference WHERE scope = 'statement/tea-house' AND reference = '2026-03-02'", "references 3")]
    public Task Whatever_is_changed_by_hand_is_found(string what, string sql, string expected) => store.MustFind(what, sql, expected);
}
