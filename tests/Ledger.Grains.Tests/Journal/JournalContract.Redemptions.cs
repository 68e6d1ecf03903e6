using Ledger.Grains.Journal;
using Ledger.Grains.Verification;
using Ledger.Rewards;
using NodaTime;
using static Ledger.Grains.Tests.Journal.Sample;

namespace Ledger.Grains.Tests.Journal;

public abstract partial class JournalContract
{
    protected abstract IRedemptions OpenRedemptions();

    [Fact]
    public async Task Redemptions_of_a_merchant_come_in_order_of_time_and_where_they_stand()
    {
        var (late, first) = (Redeemed(s_ana, 1, Morning + Duration.Epsilon), Redeemed(s_bo, 2, Morning, RedemptionStatus.Ready));
        var (second, closed) = (Redeemed(s_bo, 3, Morning, RedemptionStatus.Booked), Redeemed(s_bo, 4, Morning, RedemptionStatus.NoShow));
        await Committed(Set(s_ana, 1, 1) with { Redemptions = [late] });
        await Committed(Set(s_bo, 1, 4) with { Redemptions = [first, second, closed, Redeemed(s_bo, 1, Morning) with { Merchant = s_clinic }] });
        await Committed(Set(Row(Wallet("ana", Harbour), 1)) with { Redemptions = [late with { Stream = Wallet("ana", Harbour) }] });

        Assert.Equal([first, second, late], await Redemptions(RedemptionStatus.AwaitsPayment, RedemptionStatus.Placed, RedemptionStatus.Ready, RedemptionStatus.Booked));
        Assert.Equal([first, second, closed, late], await Redemptions(Enum.GetValues<RedemptionStatus>()));
        Assert.Equal([second, closed], await Redemptions(RedemptionStatus.Booked, RedemptionStatus.NoShow));
        Assert.Empty(await Redemptions(RedemptionStatus.TimedOut));
    }

    [Fact]
    public async Task A_redemption_that_moved_stands_elsewhere_and_keeps_its_place()
    {
        var made = Redeemed(s_ana, 2, Morning);
        await Committed(Set(s_ana, 1, 2) with { Redemptions = [made] });
        await Committed(Set(Row(s_ana, 3)) with { Redemptions = [made with { Status = RedemptionStatus.Ready }] });
        Assert.Empty(await Redemptions(RedemptionStatus.Placed));
        Assert.Equal([made with { Status = RedemptionStatus.Ready }], await Redemptions(RedemptionStatus.Ready));

        Assert.IsType<AppendResult.Fenced>(await Journal.Append(Set(Row(s_ana, 3, "another")) with { Redemptions = [made with { Status = RedemptionStatus.Delivered }] }));
        Assert.IsType<AppendResult.Seen>(await Journal.Append(Set(Row(s_ana, 3)) with { Redemptions = [made with { Status = RedemptionStatus.Delivered }] }));

        var all = new List<StoredRedemption>();
        await ((IJournalInspection)Journal).ReadRedemptions(Garden, all.Add, Stop);
        Assert.Equal([made with { Status = RedemptionStatus.Ready }], all);
    }

    [Fact]
    public async Task Redemptions_are_read_page_by_page_and_within_a_time()
    {
        var all = Enumerable.Range(1, 5).Select(i => Redeemed(s_ana, i, Morning + Duration.FromNanoseconds((i + 1) / 2))).ToList();
        await Committed(Set(s_ana, 1, 5) with { Redemptions = [.. all] });
        var question = new RedemptionQuestion(Garden, s_teaHouse, [RedemptionStatus.Placed]);
        for (var i = 0; i < all.Count; i++)
        {
            Assert.Equal(all.Skip(i + 1).Take(2), await OpenRedemptions().List(question with { After = all[i].Place, RowsMax = 2 }, Stop));
        }

        Assert.Equal(all[2..4], await OpenRedemptions().List(question with { From = all[2].At, Until = all[4].At }, Stop));
        Assert.Equal(all[3..4], await OpenRedemptions().List(question with { From = all[2].At, Until = all[4].At, After = all[2].Place }, Stop));
        Assert.Equal(all[2..], await OpenRedemptions().List(question with { From = all[2].At, After = all[0].Place }, Stop));
    }

    private static StoredRedemption Redeemed(StreamId stream, long sequence, Instant at, RedemptionStatus status = RedemptionStatus.Placed) =>
        new(stream, sequence, at, s_teaHouse, status);

    private Task<IReadOnlyList<StoredRedemption>> Redemptions(params RedemptionStatus[] statuses) =>
        OpenRedemptions().List(new(Garden, s_teaHouse, [.. statuses]), Stop);
}
