using NodaTime;

namespace Ledger.Grains.Stores.Sqlite;

public sealed partial class SqliteCatalogue : ISigningKeys
{
    /// <inheritdoc/>
    public Task<bool> AddSigningKey(SigningKey key, string? retires, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        var parameters = new
        {
            Community = key.Community.Value,
            key.Id,
            Public = key.Public.ToArray(),
            Private = key.Private?.ToArray(),
            CreatedAt = key.CreatedAt.ToUnixTimeSeconds(),
            Retires = retires,
        };
        (string, object) added = (
            """
            INSERT INTO signing_key (community, id, public, private, created_at)
            SELECT @Community, @Id, @Public, @Private, @CreatedAt
            WHERE NOT EXISTS (SELECT 1 FROM signing_key WHERE community = @Community AND retired_at IS NULL)
            """,
            parameters);
        return Write(
            retires is null
                ? [added]
                :
                [
                    s_overwriting,
                    ("UPDATE signing_key SET private = NULL, retired_at = @CreatedAt WHERE community = @Community AND id = @Retires AND retired_at IS NULL", parameters),
                    added,
                ],
            cancellation);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SigningKey>> ListSigningKeys(CommunityId community, CancellationToken cancellation = default)
    {
        var rows = await Read<SigningKeyRow>(
            """
            SELECT id, public, private, created_at AS createdAt, retired_at AS retiredAt
            FROM signing_key WHERE community = @Community ORDER BY number DESC
            """,
            new { Community = community.Value },
            cancellation);
        return [.. rows.Select(row => row.Read(community))];
    }

    private sealed class SigningKeyRow
    {
        public required string Id { get; init; }

        public required byte[] Public { get; init; }

        public byte[]? Private { get; init; }

        public long CreatedAt { get; init; }

        public long? RetiredAt { get; init; }

        public SigningKey Read(CommunityId community) => new()
        {
            Community = community,
            Id = Id,
            Public = Public,
            Private = Private is null ? null as ReadOnlyMemory<byte>? : Private,
            CreatedAt = Instant.FromUnixTimeSeconds(CreatedAt),
            RetiredAt = RetiredAt is { } retired ? Instant.FromUnixTimeSeconds(retired) : null,
        };
    }
}
