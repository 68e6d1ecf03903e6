using NodaTime;

namespace Ledger.Grains.Stores.Sqlite;

public sealed partial class SqliteCatalogue : IProfiles
{
    // What goes is overwritten in the file, and not only given free.
    private static readonly (string Sql, object Parameters) s_overwriting = ("PRAGMA secure_delete = ON", new { });

    /// <inheritdoc/>
    public Task<bool> PutProfile(ResidentProfile profile, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return Write(
            [
                s_overwriting,
                (
                    """
                    INSERT INTO profile (community, resident, name, phone, member_code, pin, wrong_pins)
                    SELECT @Community, @Resident, @Name, @Phone, @MemberCode, @Pin, 0
                    WHERE NOT EXISTS (
                      SELECT 1 FROM profile WHERE community = @Community AND resident <> @Resident AND (phone = @Phone OR member_code = @MemberCode))
                    ON CONFLICT (community, resident) DO UPDATE SET
                      name = excluded.name, phone = excluded.phone, member_code = excluded.member_code, pin = ifnull(excluded.pin, pin),
                      wrong_pins = CASE WHEN excluded.pin IS NULL THEN wrong_pins ELSE 0 END,
                      locked_until = CASE WHEN excluded.pin IS NULL THEN locked_until END
                    """,
                    new
                    {
                        Community = profile.Community.Value,
                        Resident = profile.Resident.Value,
                        profile.Name,
                        profile.Phone,
                        profile.MemberCode,
                        profile.Pin,
                    }),
            ],
            cancellation);
    }

    /// <inheritdoc/>
    public Task<ResidentProfile?> FindProfile(CommunityId community, ResidentId resident, CancellationToken cancellation = default) =>
        FindProfile(community, "resident = @Value", resident.Value, cancellation);

    /// <inheritdoc/>
    public Task<ResidentProfile?> FindProfileByCode(CommunityId community, string memberCode, CancellationToken cancellation = default) =>
        FindProfile(community, "member_code = @Value", memberCode, cancellation);

    /// <inheritdoc/>
    public Task<ResidentProfile?> FindProfileByPhone(CommunityId community, string phone, CancellationToken cancellation = default) =>
        FindProfile(community, "phone = @Value", phone, cancellation);

    /// <inheritdoc/>
    public Task<bool> EraseProfile(CommunityId community, ResidentId resident, CancellationToken cancellation = default) => Write(
        [
            s_overwriting,
            ("DELETE FROM profile WHERE community = @Community AND resident = @Resident", new { Community = community.Value, Resident = resident.Value }),
        ],
        cancellation);

    /// <inheritdoc/>
    public Task<bool> CountPin(ResidentProfile seen, int wrongPins, Instant? lockedUntil, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(seen);
        return Write(
            """
            UPDATE profile SET wrong_pins = @Now, locked_until = @LockedUntil
            WHERE community = @Community AND resident = @Resident AND pin = @Pin AND wrong_pins = @Seen
            """,
            new
            {
                Community = seen.Community.Value,
                Resident = seen.Resident.Value,
                seen.Pin,
                Seen = seen.WrongPins,
                Now = wrongPins,
                LockedUntil = lockedUntil?.ToUnixTimeSeconds(),
            },
            cancellation);
    }

    private async Task<ResidentProfile?> FindProfile(CommunityId community, string condition, string value, CancellationToken cancellation) => await Read<ProfileRow>(
        $"""
        SELECT resident, name, phone, member_code AS memberCode, pin, wrong_pins AS wrongPins, locked_until AS lockedUntil
        FROM profile WHERE community = @Community AND {condition}
        """,
        new { Community = community.Value, Value = value },
        cancellation) is [var row]
            ? row.Read(community) : null;

    private sealed class ProfileRow
    {
        public required string Resident { get; init; }

        public string? Name { get; init; }

        public string? Phone { get; init; }

        public string? MemberCode { get; init; }

        public string? Pin { get; init; }

        public long WrongPins { get; init; }

        public long? LockedUntil { get; init; }

        public ResidentProfile Read(CommunityId community) => new()
        {
            Community = community,
            Resident = new(Resident),
            Name = Name,
            Phone = Phone,
            MemberCode = MemberCode,
            Pin = Pin,
            WrongPins = (int)WrongPins,
            PinLockedUntil = LockedUntil is { } until ? Instant.FromUnixTimeSeconds(until) : null,
        };
    }
}
