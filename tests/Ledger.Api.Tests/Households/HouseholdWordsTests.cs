using Ledger.Api.Households;
using Ledger.Api.Problems;
using Ledger.Households;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Api.Tests.Households;

public sealed class HouseholdWordsTests
{
    private static readonly ResidentId Li = new("li");

    private static readonly HouseholdRefusal[] All =
    [
        new HouseholdRefusal.ReferenceTaken(new(new("tea-house"), "sale-1")),
        new HouseholdRefusal.NotAMember(Li),
        new HouseholdRefusal.Full(20),
        new HouseholdRefusal.Busy(20),
        new HouseholdRefusal.PoolTooSmall(new(90), [new(Li, new(17))]),
        new HouseholdRefusal.ShareRefused(Li, new(30), new Refusal.InsufficientPoints(new(17), new(30))),
        new HouseholdRefusal.NotInTime(Instant.FromUtc(2026, 3, 1, 4, 2)),
        new HouseholdRefusal.TillRefused(new Refusal.UnknownTerminal(new("tea-house"), "t-9")),
        new HouseholdRefusal.BuyerRefused(new Refusal.InOtherHousehold(new("lakeside"), Instant.FromUtc(2026, 3, 1, 4, 2))),
        new HouseholdRefusal.NotTaken(5),
        new HouseholdRefusal.RefundExceeds(5, new(80), new(70), new(17)),
        new HouseholdRefusal.RefundExceeds(5, new(80), new(80), null),
    ];

    [Fact]
    public void Every_refusal_of_a_household_has_a_problem_with_words_in_both_languages_and_its_numbers()
    {
        Assert.Empty(HouseholdRefusal.Codes.Keys.Except(All.Select(refusal => refusal.GetType())));
        foreach (var refusal in All)
        {
            var (english, chinese) = (HouseholdWords.ProblemOf(refusal, Language.English), HouseholdWords.ProblemOf(refusal, Language.Chinese));
            Assert.True(refusal is HouseholdRefusal.TillRefused or HouseholdRefusal.BuyerRefused || english.Kind.Code == refusal.Code);
            Assert.True(english.Kind.IsRefusal && english.Members!.Count > 0 && !english.Members.ContainsKey("code"));
            Assert.Equal(english.Members!.ToJsonString(), chinese.Members!.ToJsonString());
            Assert.NotEqual(english.Detail, chinese.Detail);
        }
    }

    [Fact]
    public void A_merchant_does_not_read_what_members_have()
    {
        foreach (var refusal in All.Where(refusal => refusal is HouseholdRefusal.PoolTooSmall or HouseholdRefusal.ShareRefused))
        {
            var problem = HouseholdWords.WithoutMembers(HouseholdWords.ProblemOf(refusal, Language.English));
            Assert.Null(problem.Members);
            Assert.DoesNotContain("17", problem.Detail, StringComparison.Ordinal);
            Assert.DoesNotContain("li", problem.Detail.Split(' ', '\'', ':'), StringComparer.Ordinal);
        }
    }
}
