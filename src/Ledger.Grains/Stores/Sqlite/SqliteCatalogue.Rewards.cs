namespace Ledger.Grains.Stores.Sqlite;

public sealed partial class SqliteCatalogue : IRewards
{
    private const string RewardColumns = "id, revision, json, withdrawn, changed_by AS changedBy, changed_at AS changedAt, changed_nanos AS changedNanos";

    /// <inheritdoc/>
    public Task<bool> AddReward(StoredReward reward, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(reward);
        return Write(
            """
            INSERT INTO reward
            SELECT @Community, @Id, @Revision, @Json, @Withdrawn, @ChangedBy, @ChangedAt, @ChangedNanos
            WHERE (SELECT count(*) FROM reward WHERE community = @Community) < @CountMax
            ON CONFLICT DO NOTHING
            """,
            ParametersOf(reward),
            cancellation);
    }

    /// <inheritdoc/>
    public async Task<StoredReward?> FindReward(CommunityId community, RewardId id, CancellationToken cancellation = default) => await Read<RewardRow>(
        $"SELECT {RewardColumns} FROM reward WHERE community = @Community AND id = @Id", new { Community = community.Value, Id = id.Value }, cancellation) is [var row]
            ? row.Read(community) : null;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredReward>> ListRewards(CommunityId community, CancellationToken cancellation = default)
    {
        var rows = await Read<RewardRow>(
            $"SELECT {RewardColumns} FROM reward WHERE community = @Community AND withdrawn = 0 ORDER BY id", new { Community = community.Value }, cancellation);
        return [.. rows.Select(row => row.Read(community))];
    }

    /// <inheritdoc/>
    public Task<bool> ChangeReward(StoredReward changed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(changed);
        return Write(
            """
            UPDATE reward SET json = @Json, withdrawn = @Withdrawn, revision = @Revision, changed_by = @ChangedBy, changed_at = @ChangedAt, changed_nanos = @ChangedNanos
            WHERE community = @Community AND id = @Id AND revision = @Revision - 1
            """,
            ParametersOf(changed),
            cancellation);
    }

    private static object ParametersOf(StoredReward reward)
    {
        var changed = Moment.Of(reward.ChangedAt);
        return new
        {
            Community = reward.Community.Value,
            Id = reward.Id.Value,
            reward.Revision,
            reward.Json,
            Withdrawn = reward.Withdrawn ? 1 : 0,
            reward.ChangedBy,
            ChangedAt = changed.Seconds,
            ChangedNanos = changed.Nanos,
            StoredReward.CountMax,
        };
    }

    private sealed class RewardRow
    {
        public required string Id { get; init; }

        public long Revision { get; init; }

        public required string Json { get; init; }

        public long Withdrawn { get; init; }

        public required string ChangedBy { get; init; }

        public long ChangedAt { get; init; }

        public long ChangedNanos { get; init; }

        public StoredReward Read(CommunityId community) =>
            new(community, new(Id), (int)Revision, Json, Withdrawn == 1, ChangedBy, new Moment(ChangedAt, ChangedNanos).Instant);
    }
}
