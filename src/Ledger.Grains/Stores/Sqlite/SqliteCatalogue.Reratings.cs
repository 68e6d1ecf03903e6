using NodaTime;

namespace Ledger.Grains.Stores.Sqlite;

public sealed partial class SqliteCatalogue : IReratings
{
    private const string ReratingColumns =
        """
        community, id, from_at AS fromAt, from_nanos AS fromNanos, until_at AS untilAt, until_nanos AS untilNanos, reason, residents, given, taken, digest,
            proposed_by AS proposedBy, proposed_at AS proposedAt, proposed_nanos AS proposedNanos, status,
            decided_by AS decidedBy, decided_at AS decidedAt, decided_nanos AS decidedNanos, done_at AS doneAt, done_nanos AS doneNanos, refused, failure
        """;

    /// <inheritdoc/>
    public Task<bool> AddRerating(Rerating rerating, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rerating);
        var (from, until, proposed) = (Moment.Of(rerating.From), Moment.Of(rerating.Until), Moment.Of(rerating.ProposedAt));
        return Write(
            """
            INSERT INTO rerating
            SELECT @Community, @Id, @Programme, @FromAt, @FromNanos, @UntilAt, @UntilNanos, @Reason, @Residents, @Given, @Taken, @Digest,
                @ProposedBy, @ProposedAt, @ProposedNanos, 'proposed', NULL, NULL, NULL, NULL, NULL, 0, NULL
            WHERE (SELECT count(*) FROM rerating WHERE community = @Community AND status = 'proposed') < @ProposedMax
            ON CONFLICT DO NOTHING
            """,
            new
            {
                Community = rerating.Community.Value,
                rerating.Id,
                rerating.Programme,
                FromAt = from.Seconds,
                FromNanos = from.Nanos,
                UntilAt = until.Seconds,
                UntilNanos = until.Nanos,
                rerating.Reason,
                rerating.Residents,
                Given = rerating.Given.Value,
                Taken = rerating.Taken.Value,
                rerating.Digest,
                rerating.ProposedBy,
                ProposedAt = proposed.Seconds,
                ProposedNanos = proposed.Nanos,
                Rerating.ProposedMax,
            },
            cancellation);
    }

    /// <inheritdoc/>
    public async Task<Rerating?> FindRerating(CommunityId community, string id, CancellationToken cancellation = default) => await Read<ReratingRow>(
        $"SELECT {ReratingColumns}, programme FROM rerating WHERE community = @Community AND id = @Id",
        new { Community = community.Value, Id = id },
        cancellation) is [var row] ? row.Read() : null;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Rerating>> ListReratings(
        CommunityId community, ReratingPlace? after, int countMax, CancellationToken cancellation = default)
    {
        var proposed = Moment.Of(after?.ProposedAt ?? Instant.MinValue);
        return ListReratings(
            """
            WHERE community = @Community AND (proposed_at, proposed_nanos, id) > (@Seconds, @Nanos, @Id)
            ORDER BY proposed_at, proposed_nanos, id LIMIT @CountMax
            """,
            new { Community = community.Value, proposed.Seconds, proposed.Nanos, Id = after?.Id ?? "", CountMax = countMax },
            cancellation);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Rerating>> ListApprovedReratings(CancellationToken cancellation = default) =>
        ListReratings("WHERE status = 'approved' ORDER BY decided_at, decided_nanos", null, cancellation);

    /// <inheritdoc/>
    public Task<bool> DecideRerating(
        CommunityId community, string id, ReratingStatus decision, string decidedBy, Instant decidedAt, CancellationToken cancellation = default)
    {
        var decided = Moment.Of(decidedAt);
        return Write(
            """
            UPDATE rerating AS own SET status = @Status, decided_by = @DecidedBy, decided_at = @Seconds, decided_nanos = @Nanos
            WHERE community = @Community AND id = @Id AND status = 'proposed' AND (@Status <> 'approved' OR NOT EXISTS (
                SELECT 1 FROM rerating AS other WHERE other.community = @Community AND other.status IN ('approved', 'done')
                  AND (other.from_at, other.from_nanos) < (own.until_at, own.until_nanos) AND (own.from_at, own.from_nanos) < (other.until_at, other.until_nanos)))
            """,
            new { Community = community.Value, Id = id, Status = ReratingStatusText.Of(decision), DecidedBy = decidedBy, decided.Seconds, decided.Nanos },
            cancellation);
    }

    /// <inheritdoc/>
    public Task<bool> FinishRerating(CommunityId community, string id, long refused, Instant doneAt, CancellationToken cancellation = default)
    {
        var done = Moment.Of(doneAt);
        return Write(
            """
            UPDATE rerating SET status = 'done', refused = @Refused, done_at = @Seconds, done_nanos = @Nanos
            WHERE community = @Community AND id = @Id AND status = 'approved'
            """,
            new { Community = community.Value, Id = id, Refused = refused, done.Seconds, done.Nanos },
            cancellation);
    }

    /// <inheritdoc/>
    public Task<bool> FailRerating(CommunityId community, string id, string failure, Instant failedAt, CancellationToken cancellation = default)
    {
        var failed = Moment.Of(failedAt);
        return Write(
            """
            UPDATE rerating SET status = 'failed', failure = @Failure, done_at = @Seconds, done_nanos = @Nanos
            WHERE community = @Community AND id = @Id AND status = 'approved'
            """,
            new { Community = community.Value, Id = id, Failure = failure, failed.Seconds, failed.Nanos },
            cancellation);
    }

    /// <inheritdoc/>
    public async Task<bool> WorkAlone(CommunityId community, string id, Func<Task> work, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        // The file has one process.
        await work();
        return true;
    }

    private async Task<IReadOnlyList<Rerating>> ListReratings(string which, object? parameters, CancellationToken cancellation) =>
        [.. (await Read<ReratingRow>($"SELECT {ReratingColumns} FROM rerating {which}", parameters, cancellation)).Select(row => row.Read())];

    private sealed class ReratingRow
    {
        public required string Community { get; init; }

        public required string Id { get; init; }

        public string? Programme { get; init; }

        public long FromAt { get; init; }

        public long FromNanos { get; init; }

        public long UntilAt { get; init; }

        public long UntilNanos { get; init; }

        public required string Reason { get; init; }

        public long Residents { get; init; }

        public long Given { get; init; }

        public long Taken { get; init; }

        public required string Digest { get; init; }

        public required string ProposedBy { get; init; }

        public long ProposedAt { get; init; }

        public long ProposedNanos { get; init; }

        public required string Status { get; init; }

        public string? DecidedBy { get; init; }

        public long? DecidedAt { get; init; }

        public long? DecidedNanos { get; init; }

        public long? DoneAt { get; init; }

        public long? DoneNanos { get; init; }

        public long Refused { get; init; }

        public string? Failure { get; init; }

        public Rerating Read() => new()
        {
            Community = new(Community),
            Id = Id,
            Programme = Programme,
            From = new Moment(FromAt, FromNanos).Instant,
            Until = new Moment(UntilAt, UntilNanos).Instant,
            Reason = Reason,
            Residents = Residents,
            Given = new(Given),
            Taken = new(Taken),
            Digest = Digest,
            ProposedBy = ProposedBy,
            ProposedAt = new Moment(ProposedAt, ProposedNanos).Instant,
            Status = ReratingStatusText.Read(Status),
            DecidedBy = DecidedBy,
            DecidedAt = Moment.Read(DecidedAt, DecidedNanos),
            DoneAt = Moment.Read(DoneAt, DoneNanos),
            Refused = Refused,
            Failure = Failure,
        };
    }
}
