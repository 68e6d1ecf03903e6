using NodaTime;
using Npgsql;

namespace Ledger.Grains.Stores.Postgres;

public sealed partial class PostgresCatalogue : IReratings
{
    private const string ReratingColumns =
        """
        community, id, from_at, from_nanos, until_at, until_nanos, reason, residents, given, taken, digest, proposed_by, proposed_at, proposed_nanos,
            status, decided_by, decided_at, decided_nanos, done_at, done_nanos, refused, failure
        """;

    /// <inheritdoc/>
    public Task<bool> AddRerating(Rerating rerating, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rerating);
        var (from, until, proposed) = (StoredTime.Of(rerating.From), StoredTime.Of(rerating.Until), StoredTime.Of(rerating.ProposedAt));
        return Write(
            cancellation,
            Turn("reratings " + rerating.Community),
            new NpgsqlBatchCommand(
                """
                INSERT INTO rerating (community, id, programme, from_at, from_nanos, until_at, until_nanos, reason, residents, given, taken, digest,
                    proposed_by, proposed_at, proposed_nanos, status, refused)
                SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 'proposed', 0
                WHERE (SELECT count(*) FROM rerating WHERE community = $1 AND status = 'proposed') < $16
                ON CONFLICT DO NOTHING
                """)
            {
                Parameters =
                {
                    Text(rerating.Community.Value),
                    Text(rerating.Id),
                    Text(rerating.Programme),
                    Micros(from),
                    Nanos(from),
                    Micros(until),
                    Nanos(until),
                    Text(rerating.Reason),
                    Long(rerating.Residents),
                    Long(rerating.Given.Value),
                    Long(rerating.Taken.Value),
                    Text(rerating.Digest),
                    Text(rerating.ProposedBy),
                    Micros(proposed),
                    Nanos(proposed),
                    Whole(Rerating.ProposedMax),
                },
            });
    }

    /// <inheritdoc/>
    public async Task<Rerating?> FindRerating(CommunityId community, string id, CancellationToken cancellation = default) => await _reads.List(
        $"SELECT {ReratingColumns}, programme FROM rerating WHERE community = $1 AND id = $2",
        row => ReadRerating(row) with { Programme = row.GetString(22) },
        cancellation,
        community.Value,
        id) is [var rerating] ? rerating : null;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Rerating>> ListReratings(
        CommunityId community, ReratingPlace? after, int countMax, CancellationToken cancellation = default)
    {
        var proposed = StoredTime.Of(after?.ProposedAt ?? Instant.MinValue);
        return await _reads.List(
            $"""
            SELECT {ReratingColumns} FROM rerating
            WHERE community = $1 AND (proposed_at, proposed_nanos, id) > ($2, $3, $4) ORDER BY proposed_at, proposed_nanos, id LIMIT $5
            """,
            ReadRerating,
            cancellation,
            community.Value,
            proposed.Micros,
            proposed.Nanos,
            after?.Id ?? "",
            countMax);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Rerating>> ListApprovedReratings(CancellationToken cancellation = default) => await _reads.List(
        $"SELECT {ReratingColumns} FROM rerating WHERE status = 'approved' ORDER BY decided_at, decided_nanos", ReadRerating, cancellation);

    /// <inheritdoc/>
    public Task<bool> DecideRerating(
        CommunityId community, string id, ReratingStatus decision, string decidedBy, Instant decidedAt, CancellationToken cancellation = default)
    {
        var decided = StoredTime.Of(decidedAt);
        // One decision of a community after the other: two at once would not see each other's period.
        return Write(
            cancellation,
            Turn("reratings " + community),
            new NpgsqlBatchCommand(
                """
                UPDATE rerating AS own SET status = $3, decided_by = $4, decided_at = $5, decided_nanos = $6
                WHERE community = $1 AND id = $2 AND status = 'proposed' AND ($3 <> 'approved' OR NOT EXISTS (
                    SELECT 1 FROM rerating AS other WHERE other.community = $1 AND other.status IN ('approved', 'done')
                      AND (other.from_at, other.from_nanos) < (own.until_at, own.until_nanos) AND (own.from_at, own.from_nanos) < (other.until_at, other.until_nanos)))
                """)
            {
                Parameters = { Text(community.Value), Text(id), Text(ReratingStatusText.Of(decision)), Text(decidedBy), Micros(decided), Nanos(decided) },
            });
    }

    /// <inheritdoc/>
    public Task<bool> FinishRerating(CommunityId community, string id, long refused, Instant doneAt, CancellationToken cancellation = default)
    {
        var done = StoredTime.Of(doneAt);
        return Write(
            cancellation,
            new NpgsqlBatchCommand(
                """
                UPDATE rerating SET status = 'done', refused = $3, done_at = $4, done_nanos = $5
                WHERE community = $1 AND id = $2 AND status = 'approved'
                """)
            {
                Parameters = { Text(community.Value), Text(id), Long(refused), Micros(done), Nanos(done) },
            });
    }

    /// <inheritdoc/>
    public Task<bool> FailRerating(CommunityId community, string id, string failure, Instant failedAt, CancellationToken cancellation = default)
    {
        var failed = StoredTime.Of(failedAt);
        return Write(
            cancellation,
            new NpgsqlBatchCommand(
                """
                UPDATE rerating SET status = 'failed', failure = $3, done_at = $4, done_nanos = $5
                WHERE community = $1 AND id = $2 AND status = 'approved'
                """)
            {
                Parameters = { Text(community.Value), Text(id), Text(failure), Micros(failed), Nanos(failed) },
            });
    }

    /// <inheritdoc/>
    public async Task<bool> WorkAlone(CommunityId community, string id, Func<Task> work, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        var words = $"rerating {community} {id}";
        // The server frees the lock when this connection ends, however it ends.
        await using var connection = await store.Occasional.OpenConnectionAsync(cancellation);
        if (!await Ask("SELECT pg_try_advisory_lock(hashtextextended($1, 0))"))
        {
            return false;
        }

        try
        {
            await work();
            return true;
        }
        finally
        {
            await Ask("SELECT pg_advisory_unlock(hashtextextended($1, 0))");
        }

        async Task<bool> Ask(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection) { Parameters = { Text(words) } };
            return (bool)(await command.ExecuteScalarAsync(CancellationToken.None))!;
        }
    }

    private static NpgsqlParameter<long> Long(long number) => new() { TypedValue = number };

    private static Rerating ReadRerating(NpgsqlDataReader row) => new()
    {
        Community = new(row.GetString(0)),
        Id = row.GetString(1),
        From = Time(row, 2)!.Value,
        Until = Time(row, 4)!.Value,
        Reason = row.GetString(6),
        Residents = row.GetInt64(7),
        Given = new(row.GetInt64(8)),
        Taken = new(row.GetInt64(9)),
        Digest = row.GetString(10),
        ProposedBy = row.GetString(11),
        ProposedAt = Time(row, 12)!.Value,
        Status = ReratingStatusText.Read(row.GetString(14)),
        DecidedBy = row.IsDBNull(15) ? null : row.GetString(15),
        DecidedAt = Time(row, 16),
        DoneAt = Time(row, 18),
        Refused = row.GetInt64(20),
        Failure = row.IsDBNull(21) ? null : row.GetString(21),
    };
}
