using Npgsql;

namespace Ledger.Grains.Stores.Postgres;

public sealed partial class PostgresCatalogue : IDrafts
{
    private const string DraftColumns =
        "id, name, revision, created_by, created_at, created_nanos, changed_by, changed_at, changed_nanos, published_as";

    /// <inheritdoc/>
    public Task<bool> AddDraft(ProgrammeDraft draft, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var (created, changed) = (StoredTime.Of(draft.CreatedAt), StoredTime.Of(draft.ChangedAt));
        // One after the other, whichever silos they are on: each sees how many there are.
        return Write(
            cancellation,
            Turn("drafts " + draft.Community),
            new NpgsqlBatchCommand(
                """
                INSERT INTO draft (community, id, name, revision, json, created_by, created_at, created_nanos, changed_by, changed_at, changed_nanos)
                SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11
                WHERE (SELECT count(*) FROM draft WHERE community = $1) < $12
                ON CONFLICT DO NOTHING
                """)
            {
                Parameters =
                {
                    Text(draft.Community.Value),
                    Text(draft.Id),
                    Text(draft.Name),
                    Whole(draft.Revision),
                    Text(draft.Json),
                    Text(draft.CreatedBy),
                    Micros(created),
                    Nanos(created),
                    Text(draft.ChangedBy),
                    Micros(changed),
                    Nanos(changed),
                    Whole(ProgrammeDraft.CountMax),
                },
            });
    }

    /// <inheritdoc/>
    public async Task<ProgrammeDraft?> FindDraft(CommunityId community, string id, CancellationToken cancellation = default) => await _reads.List(
        $"SELECT {DraftColumns}, json FROM draft WHERE community = $1 AND id = $2",
        row => ReadDraft(community, row) with { Json = row.GetString(10) },
        cancellation,
        community.Value,
        id) is [var draft] ? draft : null;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ProgrammeDraft>> ListDrafts(CommunityId community, CancellationToken cancellation = default) => await _reads.List(
        $"SELECT {DraftColumns} FROM draft WHERE community = $1 ORDER BY created_at, created_nanos, id",
        row => ReadDraft(community, row),
        cancellation,
        community.Value);

    /// <inheritdoc/>
    public Task<bool> ChangeDraft(ProgrammeDraft changed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(changed);
        var at = StoredTime.Of(changed.ChangedAt);
        return Write(
            cancellation,
            new NpgsqlBatchCommand(
                """
                UPDATE draft SET name = $4, json = $5, revision = $3, changed_by = $6, changed_at = $7, changed_nanos = $8
                WHERE community = $1 AND id = $2 AND revision = $3 - 1 AND published_as IS NULL
                """)
            {
                Parameters =
                {
                    Text(changed.Community.Value),
                    Text(changed.Id),
                    Whole(changed.Revision),
                    Text(changed.Name),
                    Text(changed.Json),
                    Text(changed.ChangedBy),
                    Micros(at),
                    Nanos(at),
                },
            });
    }

    /// <inheritdoc/>
    public Task<bool> DeleteDraft(CommunityId community, string id, int revision, CancellationToken cancellation = default) => Write(
        cancellation,
        new NpgsqlBatchCommand("DELETE FROM draft WHERE community = $1 AND id = $2 AND revision = $3")
        {
            Parameters = { Text(community.Value), Text(id), Whole(revision) },
        });

    /// <inheritdoc/>
    public Task<bool> PublishDraft(StoredProgramme programme, string id, int revision, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(programme);
        // Locked first, so that nobody changes the draft between the question and the mark; what adds no version marks nothing.
        var publication = InsertProgramme(
            programme,
            $"""
            WITH added AS (
              {InsertProgrammeSql}
                AND EXISTS (SELECT 1 FROM draft WHERE community = $1 AND id = $9 AND revision = $10 AND published_as IS NULL)
              ON CONFLICT DO NOTHING
              RETURNING version)
            UPDATE draft
            SET published_as = added.version, revision = revision + 1, changed_by = $6, changed_at = $7, changed_nanos = $8
            FROM added WHERE draft.community = $1 AND draft.id = $9
            """);
        publication.Parameters.Add(Text(id));
        publication.Parameters.Add(Whole(revision));
        return Write(
            cancellation,
            new NpgsqlBatchCommand("SELECT 1 FROM draft WHERE community = $1 AND id = $2 FOR UPDATE")
            {
                Parameters = { Text(programme.Community.Value), Text(id) },
            },
            publication);
    }

    private static ProgrammeDraft ReadDraft(CommunityId community, NpgsqlDataReader row) => new()
    {
        Community = community,
        Id = row.GetString(0),
        Name = row.GetString(1),
        Revision = row.GetInt32(2),
        CreatedBy = row.GetString(3),
        CreatedAt = Time(row, 4)!.Value,
        ChangedBy = row.GetString(6),
        ChangedAt = Time(row, 7)!.Value,
        PublishedAs = row.IsDBNull(9) ? null : row.GetInt32(9),
    };
}
