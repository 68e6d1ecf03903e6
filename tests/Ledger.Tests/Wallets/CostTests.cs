using System.Diagnostics;
using Ledger.Programmes;
using Ledger.Tests.Sequences;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Wallets;

/// <summary>What is done all day must not walk through all lots. Times are measured in benchmarks; here only the shape.</summary>
public sealed class CostTests
{
    private const int Few = 50;
    private const int Many = 50_000;

    // A walk would cost a thousand times as much with a thousand times the lots; a tree about three times.
    private const int TimesMax = 60;

    private static readonly Instant Now = Story.Local("2024-01-10 12:00");
    private static readonly PublishedProgrammes Programmes = new([new(1, Instant.MinValue, Story.Plain)]);

    [Fact]
    public void Earning_does_not_walk_through_all_lots() => CostsAboutTheSame(new EarnPoints(Story.Service, 5, Now), Now);

    [Fact]
    public void Spending_does_not_walk_through_all_lots() => CostsAboutTheSame(new SpendPoints(Story.TeaHouse, new(15)), Now);

    [Fact]
    public void Expiring_one_lot_does_not_walk_through_all_lots() => CostsAboutTheSame(new ApplyDue(), Now + Duration.FromSeconds(1));

    [Fact]
    public void Removing_by_hand_does_not_walk_through_all_lots() => CostsAboutTheSame(new AdjustPoints(new(-15)), Now);

    [Fact]
    public void A_refund_to_a_lot_that_still_stands_does_not_walk_through_all_lots() =>
        CostsAboutTheSame(new RefundSpend(Story.Key("x"), new(1)), Now);

    [Fact]
    public void Spending_in_a_wallet_full_of_warnings_does_not_walk_through_them() =>
        CostsAboutTheSame(new SpendPoints(Story.TeaHouse, new(15)), Now, Warned);

    [Fact]
    public void One_warning_does_not_walk_through_all_lots() => CostsAboutTheSame(new ApplyDue(), Now + Duration.FromSeconds(1), Warned);

    private static void CostsAboutTheSame(WalletCommand command, Instant at, Func<WalletState, WalletState>? change = null)
    {
        var (few, many) = (WalletWith(Few), WalletWith(Many));
        (few, many) = change is null ? (few, many) : (change(few), change(many));
        Ticks(few, command, at);
        Ticks(many, command, at);

        // The quickest of many tries: whatever else the machine does only makes it slower.
        var (quickFew, quickMany) = (long.MaxValue, long.MaxValue);
        for (var i = 0; i < 200; i++)
        {
            quickFew = Math.Min(quickFew, Ticks(few, command, at));
            quickMany = Math.Min(quickMany, Ticks(many, command, at));
        }

        Assert.True(quickMany < quickFew * TimesMax, $"{quickMany} ticks with {Many} lots, {quickFew} with {Few}.");
    }

    private static long Ticks(WalletState wallet, WalletCommand command, Instant at)
    {
        var envelope = new CommandEnvelope
        {
            Community = RecordedWallet.Community,
            Resident = RecordedWallet.Resident,
            Key = CommandKey.Event("/app", "c"),
            Command = command,
            At = at,
        };
        var middle = wallet.Lots.ElementAt(wallet.Lots.Count / 2);
        Thawed thawed = command is RefundSpend
            ? new Thawed.Spend(middle.Id.Sequence, Story.TeaHouse, new(10), [middle.Slice(new(10))], 1)
            : Thawed.Nothing.Instance;
        var start = Stopwatch.GetTimestamp();
        var decision = Wallet.Decide(Programmes, wallet, envelope, thawed);
        var after = Wallet.Record(wallet, envelope, decision, at).After;
        var ticks = Stopwatch.GetTimestamp() - start;
        Assert.Equal(wallet.Sequence + 1, after.Sequence);
        return ticks;
    }

    // The first one expires in a second, the others one by one later.
    private static WalletState WalletWith(int lots) => new()
    {
        Sequence = lots,
        LastAt = Now - Duration.FromDays(1),
        Lots = Lots.From(Enumerable.Range(1, lots).Select(i => new Lot(new(i), Now - Duration.FromDays(2), Now + Duration.FromSeconds(i), new(10)))),
    };

    // Each lot a week later, with a warning where it would have expired.
    private static WalletState Warned(WalletState wallet)
    {
        var warnings = new ExpiryWarnings([7]);
        var lots = wallet.Lots.Select(lot => lot with { ExpiresAt = lot.ExpiresAt + Duration.FromDays(7), Warnings = warnings }).ToList();
        return wallet with
        {
            Lots = Lots.From(lots),
            Warnings = new([.. lots.Select(lot => new ScheduledWarning(lot.ExpiresAt!.Value, 7))]),
        };
    }
}
