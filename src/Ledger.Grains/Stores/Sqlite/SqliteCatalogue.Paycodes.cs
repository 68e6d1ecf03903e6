using Ledger.Paycodes;
using NodaTime;

namespace Ledger.Grains.Stores.Sqlite;

public sealed partial class SqliteCatalogue : IPaycodes
{
    /// <inheritdoc/>
    public Task<bool> AddPaycode(StoredPaycode code, Instant now, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        return Write(
            """
            INSERT INTO paycode
            SELECT @Community, @Digest, @Resident, @Until, @PinAbove
            WHERE (
              SELECT count(*) FROM paycode
              WHERE community = @Community AND resident = @Resident AND until > @Now AND (pin_above IS NULL) = (@PinAbove IS NULL)) < @LiveMax
            ON CONFLICT DO NOTHING
            """,
            new
            {
                Community = code.Community.Value,
                Digest = code.Digest.Value,
                Resident = code.Resident.Value,
                Until = code.Until.ToUnixTimeSeconds(),
                PinAbove = code.PinAbove?.Value,
                Now = now.ToUnixTimeSeconds(),
                StoredPaycode.LiveMax,
            },
            cancellation);
    }

    /// <inheritdoc/>
    public async Task<StoredPaycode?> FindPaycode(CommunityId community, PaycodeDigest digest, CancellationToken cancellation = default) => await Read<PaycodeRow>(
        "SELECT resident, until, pin_above AS pinAbove FROM paycode WHERE community = @Community AND digest = @Digest",
        new { Community = community.Value, Digest = digest.Value },
        cancellation) is [var row]
            ? new(community, digest, new(row.Resident), Instant.FromUnixTimeSeconds(row.Until), row.PinAbove is { } above ? new Points(above) : null) : null;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Instant>> ListPaycodeEnds(
        CommunityId community, ResidentId resident, bool found, Instant now, CancellationToken cancellation = default)
    {
        var ends = await Read<long>(
            """
            SELECT until FROM paycode
            WHERE community = @Community AND resident = @Resident AND until > @Now AND (pin_above IS NOT NULL) = @Found ORDER BY until
            """,
            new { Community = community.Value, Resident = resident.Value, Found = found, Now = now.ToUnixTimeSeconds() },
            cancellation);
        return [.. ends.Select(Instant.FromUnixTimeSeconds)];
    }

    /// <inheritdoc/>
    public Task ForgetPaycodes(Instant endedBy, CancellationToken cancellation = default) =>
        Write("DELETE FROM paycode WHERE until <= @EndedBy", new { EndedBy = endedBy.ToUnixTimeSeconds() }, cancellation);

    private sealed class PaycodeRow
    {
        public required string Resident { get; init; }

        public long Until { get; init; }

        public long? PinAbove { get; init; }
    }
}
