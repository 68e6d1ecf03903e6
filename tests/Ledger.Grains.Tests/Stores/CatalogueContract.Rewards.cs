using Ledger.Grains.Stores;
using NodaTime;
using static Ledger.Grains.Tests.Journal.Sample;

namespace Ledger.Grains.Tests.Stores;

public abstract partial class CatalogueContract
{
    private IRewards Rewards => (IRewards)Catalogue;

    [Fact]
    public async Task A_reward_is_kept_whole_and_its_identifier_is_never_free_again()
    {
        var tea = Reward("tea") with { Json = """{ "names": { "zh-CN": "龙井茶" } }""", ChangedAt = s_now + Duration.FromNanoseconds(1) };

        Assert.True(await Rewards.AddReward(tea, Stop));
        Assert.True(await Rewards.AddReward(Reward("a") with { ChangedBy = "other" }, Stop));
        Assert.True(await Rewards.AddReward(tea with { Community = Harbour }, Stop));
        Assert.False(await Rewards.AddReward(Reward("tea"), Stop));

        Assert.Equal(tea, await Rewards.FindReward(Garden, tea.Id, Stop));
        Assert.Null(await Rewards.FindReward(Garden, new("none"), Stop));
        Assert.Equal(["a", "tea"], (await Rewards.ListRewards(Garden, Stop)).Select(reward => reward.Id.Value));

        var withdrawn = tea with { Revision = 2, Withdrawn = true };
        Assert.True(await Rewards.ChangeReward(withdrawn, Stop));
        Assert.Equal(withdrawn, await Rewards.FindReward(Garden, tea.Id, Stop));
        Assert.Single(await Rewards.ListRewards(Garden, Stop));
        Assert.Single(await Rewards.ListRewards(Harbour, Stop));
        Assert.False(await Rewards.AddReward(tea, Stop));
    }

    [Fact]
    public async Task Of_many_who_change_one_reward_at_once_one_wins_and_his_text_stays()
    {
        await Rewards.AddReward(Reward("tea"), Stop);
        Assert.False(await Rewards.ChangeReward(Reward("tea") with { Revision = 3 }, Stop));
        Assert.False(await Rewards.ChangeReward(Reward("none") with { Revision = 2 }, Stop));

        var won = await AtOnce(16, i => Rewards.ChangeReward(Reward("tea") with { Revision = 2, Json = $"{i}", ChangedBy = $"client-{i}" }, Stop));

        var winner = Assert.Single(Enumerable.Range(0, 16), i => won[i]);
        var stored = await Rewards.FindReward(Garden, new("tea"), Stop);
        Assert.Equal((2, $"{winner}", $"client-{winner}"), (stored!.Revision, stored.Json, stored.ChangedBy));
    }

    private static StoredReward Reward(string id) => new(Garden, new(id), 1, "{ }", false, "operator", s_now);
}
