using Ledger.Paycodes;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Grains.Stores.Postgres;

public sealed partial class PostgresCatalogue : IPaycodes
{
    /// <inheritdoc/>
    public Task<bool> AddPaycode(StoredPaycode code, Instant now, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        // One after the other for one resident, whichever silos they are on: each sees how many there are.
        return Write(
            cancellation,
            Turn($"paycodes {code.Community} {code.Resident}"),
            new NpgsqlBatchCommand(
                """
                INSERT INTO paycode (community, digest, resident, until, pin_above)
                SELECT $1, $2, $3, $4, $5
                WHERE (SELECT count(*) FROM paycode WHERE community = $1 AND resident = $3 AND until > $6 AND (pin_above IS NULL) = ($5 IS NULL)) < $7
                ON CONFLICT DO NOTHING
                """)
            {
                Parameters =
                {
                    Text(code.Community.Value),
                    Text(code.Digest.Value),
                    Text(code.Resident.Value),
                    Moment(code.Until),
                    new() { Value = (object?)code.PinAbove?.Value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
                    Moment(now),
                    Whole(StoredPaycode.LiveMax),
                },
            });
    }

    /// <inheritdoc/>
    public async Task<StoredPaycode?> FindPaycode(CommunityId community, PaycodeDigest digest, CancellationToken cancellation = default) => await _reads.List(
        "SELECT resident, until, pin_above FROM paycode WHERE community = $1 AND digest = $2",
        row => new StoredPaycode(
            community, digest, new(row.GetString(0)), row.GetFieldValue<Instant>(1), row.IsDBNull(2) ? null : new Points(row.GetInt64(2))),
        cancellation,
        community.Value,
        digest.Value) is [var code] ? code : null;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Instant>> ListPaycodeEnds(
        CommunityId community, ResidentId resident, bool found, Instant now, CancellationToken cancellation = default) => await _reads.List(
        "SELECT until FROM paycode WHERE community = $1 AND resident = $2 AND until > $3 AND (pin_above IS NOT NULL) = $4 ORDER BY until",
        row => row.GetFieldValue<Instant>(0),
        cancellation,
        community.Value,
        resident.Value,
        now,
        found);

    /// <inheritdoc/>
    public Task ForgetPaycodes(Instant endedBy, CancellationToken cancellation = default) => Write(
        cancellation,
        new NpgsqlBatchCommand("DELETE FROM paycode WHERE until <= $1") { Parameters = { Moment(endedBy) } });

    private static NpgsqlParameter Moment(Instant? instant) =>
        new() { Value = (object?)instant ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
