using Ledger.Grains.Tests.Hosting;
using Ledger.Grains.Verification;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Grains.Tests.Verification;

/// <summary>Two wallets tell of one gift; where their stories differ, somebody wrote one of them anew.</summary>
public sealed class ExchangedGiftsTests
{
    private static readonly ResidentId Anna = ResidentId.Parse("anna");
    private static readonly ResidentId Bo = ResidentId.Parse("bo");
    private static readonly LotSlice Slice = new(new(1), new(20), Instant.MinValue, null);

    private static readonly Dictionary<string, (ResidentId Whose, long Sequence, WalletEvent Happened)> Stories = new()
    {
        ["sent"] = (Anna, 2, new GiftSent(Bo, new(20), [Slice], Instant.MinValue, new(2026, 3, 1))),
        ["arrived"] = (Bo, 5, new GiftReceived(Anna, 2, new(20), [Slice])),
        ["arrived with less"] = (Bo, 5, new GiftReceived(Anna, 2, new(19), [Slice])),
        ["arrived elsewhere"] = (ResidentId.Parse("carl"), 5, new GiftReceived(Anna, 2, new(20), [Slice])),
        ["heard of"] = (Anna, 3, new GiftDelivered(2, Bo, new(20))),
        ["came back"] = (Anna, 3, new GiftReturned(2, Bo, GiftEnd.TakenBack, null, new(0), [Slice], [])),
    };

    [Theory]
    [InlineData("sent", null)]
    [InlineData("sent, arrived", null)]
    [InlineData("arrived, sent, heard of", null)]
    [InlineData("sent, came back", null)]
    [InlineData("arrived", "nobody gave this gift")]
    [InlineData("sent, arrived, came back", "this gift arrived and came back")]
    [InlineData("sent, heard of", "this gift is said to have arrived, its receiver does not have it")]
    [InlineData("sent, arrived with less", "20 points were given to bo, 19 for bo arrived or came back")]
    [InlineData("sent, arrived elsewhere, heard of", "20 points were given to bo, 20 for carl arrived or came back")]
    public void A_gift_is_under_way_or_arrived_or_came_back_and_never_two_of_these(string told, string? problem)
    {
        var (gifts, findings) = (new ExchangedGifts(), new Findings());
        foreach (var (whose, sequence, happened) in told.Split(", ").Select(story => Stories[story]))
        {
            gifts.Add(StreamId.Of(LedgerHost.Community, whose), Telling.Of(sequence, CommandKey.Import("x"), happened));
        }

        gifts.Check(findings);

        Assert.Equal(problem is null ? [] : [problem], findings.Kept.Select(found => found.Words));
        Assert.All(findings.Kept, found => Assert.Equal(("resident/anna", 2), (found.Stream, found.Sequence)));
    }
}
