using Ledger.Grains.Tests.Hosting;
using Ledger.Grains.Verification;
using Ledger.Households;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Grains.Tests.Verification;

/// <summary>A household and wallets tell of one spend; where their stories differ, somebody wrote one of them anew.</summary>
public sealed class PooledSharesTests
{
    private static readonly HouseholdId Home = new("home");
    private static readonly ResidentId Anna = ResidentId.Parse("anna");
    private static readonly ResidentId Bo = ResidentId.Parse("bo");
    private static readonly MerchantReference Sale = new(new("tea-house"), "sale-1");
    private static readonly LotSlice Slice = new(new(1), new(20), Instant.MinValue, null);

    private static readonly Dictionary<string, HouseholdEvent> Told = new()
    {
        ["opened"] = new PooledSpendOpened(Anna, Sale, new(50), [new(Anna, new(30)), new(Bo, new(20))], Instant.MaxValue),
        ["opened for more"] = new PooledSpendOpened(Anna, Sale, new(51), [new(Anna, new(30)), new(Bo, new(20))], Instant.MaxValue),
        ["decided"] = new PooledSpendDecided(1),
        ["given up"] = new PooledSpendDecided(1, new HouseholdRefusal.NotInTime(Instant.MaxValue)),
        ["taken"] = new PooledSpendEnded(1, Taken: true),
        ["back"] = new PooledSpendEnded(1, Taken: false),
        ["refunding"] = new PooledRefundOpened(1, new(25), [new(Anna, new(15)), new(Bo, new(10))]),
        ["refunding unfairly"] = new PooledRefundOpened(1, new(25), [new(Anna, new(16)), new(Bo, new(9))]),
        ["refunded"] = new PooledRefundEnded(1, 4),
    };

    [Theory]
    [InlineData("opened", "", null)]
    [InlineData("opened", "anna held 30", null)]
    [InlineData("opened, decided", "anna held 30, bo held 20, bo paid 20", null)]
    [InlineData("opened, decided, taken", "anna held 30, anna paid 30, bo held 20, bo paid 20", null)]
    [InlineData("opened, given up, back", "anna held 30, anna released", null)]
    [InlineData("opened, decided, given up, back", "anna held 30, anna paid 30, anna got 30, bo held 20, bo released", null)]
    [InlineData("opened, decided, taken, refunding", "anna held 30, anna paid 30, bo held 20, bo paid 20, bo got 10", null)]
    [InlineData("opened, decided, taken, refunding, refunded", "anna held 30, anna paid 30, anna got 15, bo held 20, bo paid 20, bo got 10", null)]
    [InlineData("opened for more", "", "51 points were to be spent, the shares are 50")]
    [InlineData("opened", "anna held 31", "the share of anna is 30, 31 were held for it")]
    [InlineData("opened", "anna held 30, anna paid 30", "anna paid, and nobody decided that")]
    [InlineData("opened, decided, taken", "anna held 30, anna paid 30", "the share of bo is 20, 0 were taken")]
    [InlineData("opened, decided, taken", "anna held 30, anna paid 30, bo held 20, bo paid 19", "the share of bo is 20, 19 were taken")]
    [InlineData("opened, decided, taken", "anna held 30, anna paid 30, bo held 20, bo paid 20, bo got 1", "0 points are said to have come back to bo, 1 did")]
    [InlineData("opened, decided, taken, refunding, refunded", "anna held 30, anna paid 30, anna got 15, bo held 20, bo paid 20", "10 points are said to have come back to bo, 0 did")]
    [InlineData("opened, given up, back", "anna held 30", "all was given back, and the share of anna was not")]
    [InlineData("opened, decided, given up, back", "bo held 20, bo paid 20", "all was given back, and the share of bo was not")]
    [InlineData("opened", "anna held 30 !", "the share of anna was held, taken or given back under another key than there is once for ever")]
    [InlineData("opened, decided", "anna held 30, anna paid 30 !", "the share of anna was held, taken or given back under another key than there is once for ever")]
    [InlineData("opened, given up", "bo held 20, bo released 0 !", "the share of bo was held, taken or given back under another key than there is once for ever")]
    [InlineData("opened", "bo held 20 ?", "a wallet holds its share for another sale, or otherwise than the household says")]
    [InlineData("opened, decided, taken, refunding unfairly", "anna held 30, anna paid 30, bo held 20, bo paid 20", "refund 4 does not give back in proportion to the shares what it says")]
    [InlineData("", "bo held 20", "the wallet of bo has a share of this, and nobody gave it one")]
    public void Every_share_is_taken_or_none_and_what_came_back_is_what_was_refunded(string household, string wallets, string? problem)
    {
        var (pools, findings) = (new PooledShares(), new Findings());
        foreach (var (told, i) in household.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select((told, i) => (told, i)))
        {
            // The refund is the household's fourth transaction in every story.
            pools.Add(Home, i + 1, Told[told]);
        }

        var sequence = 0L;
        foreach (var words in wallets.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(story => story.Split(' ')))
        {
            sequence = words[1] == "held" ? 1 : sequence + 1;
            var resident = ResidentId.Parse(words[0]);
            pools.Add(StreamId.Of(LedgerHost.Community, resident), Of(resident, sequence, words));
        }

        pools.Check(findings);

        Assert.Equal(problem is null ? [] : [problem], findings.Kept.Select(found => found.Words));
        Assert.All(findings.Kept, found => Assert.Equal(("household/home", 1), (found.Stream, found.Sequence)));
    }

    [Fact]
    public void Household_and_wallets_agree_on_who_belongs_to_it()
    {
        var (pools, findings) = (new PooledShares(), new Findings());
        var bo = new MemberMove(Bo, Joins: true) { Of = 2, Since = Instant.MinValue, LookAt = Instant.MinValue };
        pools.Add(Home, new HouseholdStanding([new(Anna, Instant.MinValue), new(Bo, Instant.MinValue)], [bo]));
        pools.Add(ResidentId.Parse("carl"), Home);

        pools.Check(findings);

        Assert.Equal(
            ["anna is a member, and the wallet does not say so", "the wallet of carl says that its resident is a member, and that is not so"],
            findings.Kept.Select(found => found.Words));
    }

    private static Transaction Of(ResidentId resident, long sequence, string[] words)
    {
        var points = new Points(words.Length > 2 ? long.Parse(words[2], System.Globalization.CultureInfo.InvariantCulture) : 0);
        WalletEvent happened = words[1] switch
        {
            "held" => new PointsHeld(Sale, points, [Slice], Instant.MaxValue, 1, Share: new(Home, 1, Own: (resident == Anna) == (words[^1] != "?"), Month: resident == Anna ? null : new(2026, 3, 1), Before: new(resident == Anna ? 0 : 30))),
            "paid" => new HoldCaptured(1, Sale.Merchant, points, [Slice]),
            "got" => new SpendRefunded(1, Sale.Merchant, points, new(0), [Slice], []),
            _ => new HoldReleased(1, HoldEnd.Released, Instant.MinValue, [], [Slice], []),
        };
        var key = words[^1] == "!" ? CommandKey.Import("x") : words[1] switch
        {
            "held" => CommandKey.Share(Home, 1, resident),
            "got" => CommandKey.ShareBack(Home, 4, resident),
            _ => CommandKey.ShareEnd(Home, 1, resident),
        };
        return Telling.Of(sequence, key, happened);
    }
}
