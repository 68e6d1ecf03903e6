using Npgsql;

namespace Ledger.Grains.Stores.Postgres;

public sealed partial class PostgresCatalogue : IRewards
{
    private const string RewardColumns = "id, revision, json, withdrawn, changed_by, changed_at, changed_nanos";

    /// <inheritdoc/>
    public Task<bool> AddReward(StoredReward reward, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(reward);
        var insert = RewardCommand(
            """
            INSERT INTO reward (community, id, revision, json, withdrawn, changed_by, changed_at, changed_nanos)
            SELECT $1, $2, $3, $4, $5, $6, $7, $8
            WHERE (SELECT count(*) FROM reward WHERE community = $1) < $9
            ON CONFLICT DO NOTHING
            """,
            reward);
        insert.Parameters.Add(Whole(StoredReward.CountMax));

        // One after the other, whichever silos they are on: each sees how many there are.
        return Write(cancellation, Turn("rewards " + reward.Community), insert);
    }

    /// <inheritdoc/>
    public async Task<StoredReward?> FindReward(CommunityId community, RewardId id, CancellationToken cancellation = default) => await _reads.List(
        $"SELECT {RewardColumns} FROM reward WHERE community = $1 AND id = $2",
        row => ReadReward(community, row),
        cancellation,
        community.Value,
        id.Value) is [var reward] ? reward : null;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredReward>> ListRewards(CommunityId community, CancellationToken cancellation = default) => await _reads.List(
        $"SELECT {RewardColumns} FROM reward WHERE community = $1 AND NOT withdrawn ORDER BY id",
        row => ReadReward(community, row),
        cancellation,
        community.Value);

    /// <inheritdoc/>
    public Task<bool> ChangeReward(StoredReward changed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(changed);
        return Write(
            cancellation,
            RewardCommand(
                """
                UPDATE reward SET json = $4, withdrawn = $5, revision = $3, changed_by = $6, changed_at = $7, changed_nanos = $8
                WHERE community = $1 AND id = $2 AND revision = $3 - 1
                """,
                changed));
    }

    private static NpgsqlBatchCommand RewardCommand(string sql, StoredReward reward)
    {
        var changed = StoredTime.Of(reward.ChangedAt);
        return new(sql)
        {
            Parameters =
            {
                Text(reward.Community.Value),
                Text(reward.Id.Value),
                Whole(reward.Revision),
                Text(reward.Json),
                new NpgsqlParameter<bool> { TypedValue = reward.Withdrawn },
                Text(reward.ChangedBy),
                Micros(changed),
                Nanos(changed),
            },
        };
    }

    private static StoredReward ReadReward(CommunityId community, NpgsqlDataReader row) => new(
        community, new(row.GetString(0)), row.GetInt32(1), row.GetString(2), row.GetBoolean(3), row.GetString(4), Time(row, 5)!.Value);
}
