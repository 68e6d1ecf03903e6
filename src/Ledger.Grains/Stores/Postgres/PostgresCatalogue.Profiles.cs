using NodaTime;
using Npgsql;

namespace Ledger.Grains.Stores.Postgres;

public sealed partial class PostgresCatalogue : IProfiles
{
    private const string SelectProfiles = "SELECT resident, name, phone, member_code, pin, wrong_pins, locked_until FROM profile WHERE community = $1 AND ";

    /// <inheritdoc/>
    public Task<bool> PutProfile(ResidentProfile profile, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(profile);
        // One after the other, whichever silos they are on: each sees whose phone and member code is whose.
        return Write(
            cancellation,
            Turn("profiles " + profile.Community),
            new NpgsqlBatchCommand(
                """
                INSERT INTO profile (community, resident, name, phone, member_code, pin, wrong_pins)
                SELECT $1, $2, $3, $4, $5, $6, 0
                WHERE NOT EXISTS (SELECT 1 FROM profile WHERE community = $1 AND resident <> $2 AND (phone = $4 OR member_code = $5))
                ON CONFLICT (community, resident) DO UPDATE SET
                  name = excluded.name, phone = excluded.phone, member_code = excluded.member_code, pin = coalesce(excluded.pin, profile.pin),
                  wrong_pins = CASE WHEN excluded.pin IS NULL THEN profile.wrong_pins ELSE 0 END,
                  locked_until = CASE WHEN excluded.pin IS NULL THEN profile.locked_until END
                """)
            {
                Parameters =
                {
                    Text(profile.Community.Value),
                    Text(profile.Resident.Value),
                    Text(profile.Name),
                    Text(profile.Phone),
                    Text(profile.MemberCode),
                    Text(profile.Pin),
                },
            });
    }

    /// <inheritdoc/>
    public Task<ResidentProfile?> FindProfile(CommunityId community, ResidentId resident, CancellationToken cancellation = default) =>
        FindProfile(community, "resident = $2", resident.Value, cancellation);

    /// <inheritdoc/>
    public Task<ResidentProfile?> FindProfileByCode(CommunityId community, string memberCode, CancellationToken cancellation = default) =>
        FindProfile(community, "member_code = $2", memberCode, cancellation);

    /// <inheritdoc/>
    public Task<ResidentProfile?> FindProfileByPhone(CommunityId community, string phone, CancellationToken cancellation = default) =>
        FindProfile(community, "phone = $2", phone, cancellation);

    /// <inheritdoc/>
    public Task<bool> EraseProfile(CommunityId community, ResidentId resident, CancellationToken cancellation = default) => Write(
        cancellation,
        new NpgsqlBatchCommand("DELETE FROM profile WHERE community = $1 AND resident = $2") { Parameters = { Text(community.Value), Text(resident.Value) } });

    /// <inheritdoc/>
    public Task<bool> CountPin(ResidentProfile seen, int wrongPins, Instant? lockedUntil, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(seen);
        return Write(
            cancellation,
            new NpgsqlBatchCommand(
                """
                UPDATE profile SET wrong_pins = $5, locked_until = $6
                WHERE community = $1 AND resident = $2 AND pin = $3 AND wrong_pins = $4
                """)
            {
                Parameters =
                {
                    Text(seen.Community.Value),
                    Text(seen.Resident.Value),
                    Text(seen.Pin),
                    Whole(seen.WrongPins),
                    Whole(wrongPins),
                    Moment(lockedUntil),
                },
            });
    }

    private async Task<ResidentProfile?> FindProfile(CommunityId community, string condition, string value, CancellationToken cancellation) => await _reads.List(
        SelectProfiles + condition,
        row => new ResidentProfile
        {
            Community = community,
            Resident = new(row.GetString(0)),
            Name = TextOf(row, 1),
            Phone = TextOf(row, 2),
            MemberCode = TextOf(row, 3),
            Pin = TextOf(row, 4),
            WrongPins = row.GetInt32(5),
            PinLockedUntil = row.IsDBNull(6) ? null : row.GetFieldValue<Instant>(6),
        },
        cancellation,
        community.Value,
        value) is [var profile] ? profile : null;

    private static string? TextOf(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
