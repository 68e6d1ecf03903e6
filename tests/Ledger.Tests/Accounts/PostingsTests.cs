using Ledger.Accounts;
using Ledger.Tests.Wallets;

namespace Ledger.Tests.Accounts;

public sealed class PostingsTests
{
    [Fact]
    public void An_award_comes_from_issuance_and_repays_debt_before_it_is_available()
    {
        var story = new Story();
        story.Earn("e", 10);
        Assert.Equal(["issuance/service > available 10 lot 1"], Of(story));
        story.Spend("s", 10);
        story.Reverse("r", "e", 4);
        story.Earn("f", 10);
        Assert.Equal(["issuance/service > debt 4", "issuance/service > available 6 lot 4"], Of(story));
    }

    [Fact]
    public void A_spend_goes_to_the_merchant_lot_by_lot()
    {
        var story = new Story();
        story.Earn("e", 10);
        story.Earn("f", 10);
        story.Spend("s", 12);

        Assert.Equal(["available > merchant/tea-house 10 lot 1", "available > merchant/tea-house 2 lot 2"], Of(story));
    }

    [Fact]
    public void A_refund_comes_back_and_what_expired_meanwhile_goes_on()
    {
        var story = new Story();
        story.Earn("e", 10);
        story.On("2024-01-20 12:00").Earn("f", 10);
        story.Spend("s", 20);
        story.Reverse("r", "f", 3);
        story.On("2024-02-12 12:00").Refund("back", "s");

        Assert.Equal(
            [
                "merchant/tea-house > debt 3", "merchant/tea-house > available 7 lot 2", "merchant/tea-house > available 10 lot 1",
                "available > breakage 10 lot 1",
            ],
            Of(story));
    }

    [Fact]
    public void A_reversal_goes_back_to_issuance_from_lots_debt_or_write_off()
    {
        var debt = new Story();
        debt.Earn("e", 10);
        debt.Spend("s", 4);
        debt.Reverse("r", "e");
        Assert.Equal(["available > issuance/service 6 lot 1", "debt > issuance/service 4"], Of(debt));

        var writeOff = new Story(Story.Plain with { Clawback = Ledger.Programmes.Clawback.WriteOff });
        writeOff.Earn("e", 10);
        writeOff.Spend("s", 4);
        writeOff.Reverse("r", "e");
        Assert.Equal(["available > issuance/service 6 lot 1", "write-off > issuance/service 4"], Of(writeOff));
    }

    [Fact]
    public void Expired_points_are_breakage()
    {
        var story = new Story();
        story.Earn("e", 10);
        story.On("2024-02-11 00:00").ApplyDue();

        Assert.Equal(["available > breakage 10 lot 1"], Of(story));
    }

    [Fact]
    public void Adjustments_have_an_account_that_no_activity_can_have()
    {
        var story = new Story();
        story.Adjust("a", 10);
        Assert.Equal(["adjustment > available 10 lot 1"], Of(story));
        story.Adjust("b", -4);
        Assert.Equal(["available > adjustment 4 lot 1"], Of(story));
        Assert.NotEqual(Account.Adjustment, Account.Issuance(ActivityType.Parse("adjustment")));
    }

    [Fact]
    public void Where_no_points_move_nothing_is_posted()
    {
        var story = new Story();
        story.Spend("refused", 1);
        Assert.Empty(Of(story));
        story.Reverse("waits", "x");
        Assert.Empty(Of(story));
        story.Earn("a", 1, Story.Class);
        story.Earn("b", 1, Story.Class);
        story.Earn("nothing", 1, Story.Class);
        Assert.Empty(Of(story));
    }

    [Fact]
    public void The_four_bare_names_are_the_residents()
    {
        Assert.All([Account.Available, Account.Pending, Account.Held, Account.Debt], account => Assert.True(account.IsResident));
        Assert.All(
            [Account.Breakage, Account.WriteOff, Account.Adjustment, Account.Issuance(Story.Service), Account.Merchant(Story.TeaHouse)],
            account => Assert.False(account.IsResident));
        Assert.Equal(-2, new Balances(new(1), new(2), new(3), new(8)).Net.Value);
    }

    private static IEnumerable<string> Of(Story story) => Postings.Of(story.Journal[^1].Events)
        .Select(p => $"{p.From} > {p.To} {p.Points}" + (p.Lot is { } lot ? $" lot {lot}" : ""));
}
