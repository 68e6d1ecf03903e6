using System.Text.Json.Nodes;
using Ledger.Api.Json;
using Ledger.Api.Problems;
using Ledger.Grains.Stores;
using Ledger.Rewards;

namespace Ledger.Api.Mall;

/// <summary>Finds a reward, and lets only those change it who have seen how it is now.</summary>
internal static class SeenReward
{
    /// <exception cref="RequestRefusedException">It is no identifier.</exception>
    public static RewardId Id(string text) => new(RequestTexts.IdentifierOf(text, "reward"));

    /// <summary>The reward, unless it is withdrawn.</summary>
    /// <exception cref="RequestRefusedException">There is none.</exception>
    public static async Task<StoredReward> Find(IRewards rewards, CommunityId community, RewardId id, CancellationToken cancellation) =>
        await rewards.FindReward(community, id, cancellation) is { Withdrawn: false } found ? found : throw NotFound();

    public static RequestRefusedException NotFound() => new(KnownProblems.RewardNotFound, "The mall has no reward of this id.");

    /// <exception cref="RequestRefusedException">The caller has seen another revision, or one of a reward that is not offered any more, or does not say which.</exception>
    public static void MustBeSeen(HttpContext context, StoredReward? reward)
    {
        if (reward is { Withdrawn: false })
        {
            if (!SeenTag.IsIn(context.Request, SeenTag.Of(reward.Revision), "reward"))
            {
                throw Stale(reward);
            }
        }
        else if (context.Request.Headers.IfMatch.Count > 0)
        {
            throw new RequestRefusedException(
                KnownProblems.PreconditionFailed,
                (reward is null ? "The mall never had this reward." : $"{reward.ChangedBy} withdrew the reward at {reward.ChangedAt}.") + " Send no If-Match to offer it.");
        }
    }

    /// <summary>Writes the next revision and makes it known here.</summary>
    /// <exception cref="RequestRefusedException">Somebody else was faster.</exception>
    public static async Task Change(IRewards rewards, Grains.Mall.IMall mall, StoredReward changed, CancellationToken cancellation)
    {
        if (!await rewards.ChangeReward(changed, cancellation))
        {
            throw Stale((await rewards.FindReward(changed.Community, changed.Id, cancellation))!);
        }

        mall.Refresh();
    }

    /// <summary>A reward that has no mistakes.</summary>
    /// <exception cref="RequestRefusedException">It has some; the answer names all of them.</exception>
    public static Reward Checked(StoredReward stored) => RewardReader.Read(stored.Id, stored.Revision, stored.Json) switch
    {
        { Reward: { } reward } => reward,
        var reading => throw new RequestRefusedException(
            KnownProblems.RewardInvalid, $"{reading.Problems.Count} mistake(s), the first: {reading.Problems[0]}")
        {
            Members = new JsonObject
            {
                ["problems"] = new JsonArray(
                    [.. reading.Problems.Select(found => (JsonNode)new JsonObject { ["path"] = found.Path, ["text"] = found.Text })]),
            },
        },
    };

    public static void Tag(HttpContext context, int revision) => SeenTag.Give(context, SeenTag.Of(revision));

    private static RequestRefusedException Stale(StoredReward reward) => SeenTag.Stale("reward", reward.Revision, reward.ChangedBy, reward.ChangedAt);
}
