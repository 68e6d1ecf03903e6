namespace Ledger.Grains.Stores.Sqlite;

public sealed partial class SqliteCatalogue : IMerchantRegister
{
    private const string MerchantColumns = "revision, json, changed_by AS changedBy, changed_at AS changedAt, changed_nanos AS changedNanos";

    /// <inheritdoc/>
    public Task<bool> AddMerchantRevision(MerchantRevision revision, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(revision);
        var changed = Moment.Of(revision.ChangedAt);
        return Write(
            """
            INSERT INTO merchant
            SELECT @Community, @Id, @Revision, @Json, @ChangedBy, @ChangedAt, @ChangedNanos
            WHERE coalesce((SELECT max(revision) FROM merchant WHERE community = @Community AND id = @Id), 0) = @Revision - 1
            ON CONFLICT DO NOTHING
            """,
            new
            {
                Community = revision.Community.Value,
                Id = revision.Merchant.Id.Value,
                revision.Revision,
                Json = MerchantJson.Write(revision.Merchant),
                revision.ChangedBy,
                ChangedAt = changed.Seconds,
                ChangedNanos = changed.Nanos,
            },
            cancellation);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<MerchantRevision>> ListMerchants(CommunityId community, CancellationToken cancellation = default)
    {
        var rows = await Read<MerchantRow>(
            $"""
            SELECT {MerchantColumns} FROM merchant m
            WHERE community = @Community AND revision = (SELECT max(revision) FROM merchant l WHERE l.community = m.community AND l.id = m.id)
            ORDER BY id
            """,
            new { Community = community.Value },
            cancellation);
        return [.. rows.Select(row => row.Read(community))];
    }

    /// <inheritdoc/>
    public async Task<MerchantRevision?> FindMerchant(CommunityId community, MerchantId merchant, CancellationToken cancellation = default)
    {
        var rows = await Read<MerchantRow>(
            $"SELECT {MerchantColumns} FROM merchant WHERE community = @Community AND id = @Id ORDER BY revision DESC LIMIT 1",
            new { Community = community.Value, Id = merchant.Value },
            cancellation);
        return rows.SingleOrDefault()?.Read(community);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<MerchantRevision>> ListMerchantRevisions(
        CommunityId community, MerchantId merchant, CancellationToken cancellation = default)
    {
        var rows = await Read<MerchantRow>(
            $"SELECT {MerchantColumns} FROM merchant WHERE community = @Community AND id = @Id ORDER BY revision",
            new { Community = community.Value, Id = merchant.Value },
            cancellation);
        return [.. rows.Select(row => row.Read(community))];
    }

    private sealed record MerchantRow(long Revision, string Json, string ChangedBy, long ChangedAt, long ChangedNanos)
    {
        public MerchantRevision Read(CommunityId community) =>
            new(community, (int)Revision, MerchantJson.Read(Json), ChangedBy, new Moment(ChangedAt, ChangedNanos).Instant);
    }
}
