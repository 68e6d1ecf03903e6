namespace Ledger.Grains.Stores.Sqlite;

public sealed partial class SqliteCatalogue : IDrafts
{
    private const string DraftColumns =
        """
        id, name, revision, created_by AS createdBy, created_at AS createdAt, created_nanos AS createdNanos,
            changed_by AS changedBy, changed_at AS changedAt, changed_nanos AS changedNanos, published_as AS publishedAs
        """;

    /// <inheritdoc/>
    public Task<bool> AddDraft(ProgrammeDraft draft, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return Write(
            """
            INSERT INTO draft
            SELECT @Community, @Id, @Name, @Revision, @Json, @CreatedBy, @CreatedAt, @CreatedNanos, @ChangedBy, @ChangedAt, @ChangedNanos, NULL
            WHERE (SELECT count(*) FROM draft WHERE community = @Community) < @CountMax
            ON CONFLICT DO NOTHING
            """,
            ParametersOf(draft),
            cancellation);
    }

    /// <inheritdoc/>
    public async Task<ProgrammeDraft?> FindDraft(CommunityId community, string id, CancellationToken cancellation = default) => await Read<DraftRow>(
        $"SELECT {DraftColumns}, json FROM draft WHERE community = @Community AND id = @Id", new { Community = community.Value, Id = id }, cancellation) is [var row]
            ? row.Read(community) : null;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ProgrammeDraft>> ListDrafts(CommunityId community, CancellationToken cancellation = default)
    {
        var rows = await Read<DraftRow>(
            $"SELECT {DraftColumns} FROM draft WHERE community = @Community ORDER BY created_at, created_nanos, id", new { Community = community.Value }, cancellation);
        return [.. rows.Select(row => row.Read(community))];
    }

    /// <inheritdoc/>
    public Task<bool> ChangeDraft(ProgrammeDraft changed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(changed);
        return Write(
            """
            UPDATE draft
            SET name = @Name, json = @Json, revision = @Revision, changed_by = @ChangedBy, changed_at = @ChangedAt, changed_nanos = @ChangedNanos
            WHERE community = @Community AND id = @Id AND revision = @Revision - 1 AND published_as IS NULL
            """,
            ParametersOf(changed),
            cancellation);
    }

    /// <inheritdoc/>
    public Task<bool> DeleteDraft(CommunityId community, string id, int revision, CancellationToken cancellation = default) => Write(
        "DELETE FROM draft WHERE community = @Community AND id = @Id AND revision = @Revision",
        new { Community = community.Value, Id = id, Revision = revision },
        cancellation);

    /// <inheritdoc/>
    public Task<bool> PublishDraft(StoredProgramme programme, string id, int revision, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(programme);
        return Write(
            [
                (InsertProgramme, ParametersOf(programme)),
                (
                    """
                    UPDATE draft
                    SET published_as = @Version, revision = revision + 1, changed_by = @PublishedBy, changed_at = @PublishedAt, changed_nanos = @PublishedNanos
                    WHERE community = @Community AND id = @Id AND revision = @Revision AND published_as IS NULL
                    """,
                    PublicationOf(programme, id, revision)),
            ],
            cancellation);
    }

    private static object ParametersOf(ProgrammeDraft draft)
    {
        var (created, changed) = (Moment.Of(draft.CreatedAt), Moment.Of(draft.ChangedAt));
        return new
        {
            Community = draft.Community.Value,
            draft.Id,
            draft.Name,
            draft.Revision,
            draft.Json,
            draft.CreatedBy,
            CreatedAt = created.Seconds,
            CreatedNanos = created.Nanos,
            draft.ChangedBy,
            ChangedAt = changed.Seconds,
            ChangedNanos = changed.Nanos,
            ProgrammeDraft.CountMax,
        };
    }

    private static object PublicationOf(StoredProgramme programme, string id, int revision)
    {
        var published = Moment.Of(programme.PublishedAt);
        return new
        {
            Community = programme.Community.Value,
            Id = id,
            Revision = revision,
            programme.Version,
            programme.PublishedBy,
            PublishedAt = published.Seconds,
            PublishedNanos = published.Nanos,
        };
    }

    private sealed class DraftRow
    {
        public required string Id { get; init; }

        public required string Name { get; init; }

        public long Revision { get; init; }

        public string? Json { get; init; }

        public required string CreatedBy { get; init; }

        public long CreatedAt { get; init; }

        public long CreatedNanos { get; init; }

        public required string ChangedBy { get; init; }

        public long ChangedAt { get; init; }

        public long ChangedNanos { get; init; }

        public long? PublishedAs { get; init; }

        public ProgrammeDraft Read(CommunityId community) => new()
        {
            Community = community,
            Id = Id,
            Name = Name,
            Revision = (int)Revision,
            Json = Json,
            CreatedBy = CreatedBy,
            CreatedAt = new Moment(CreatedAt, CreatedNanos).Instant,
            ChangedBy = ChangedBy,
            ChangedAt = new Moment(ChangedAt, ChangedNanos).Instant,
            PublishedAs = (int?)PublishedAs,
        };
    }
}
