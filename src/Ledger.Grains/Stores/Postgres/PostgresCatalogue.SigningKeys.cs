using NodaTime;
using Npgsql;

namespace Ledger.Grains.Stores.Postgres;

public sealed partial class PostgresCatalogue : ISigningKeys
{
    /// <inheritdoc/>
    public Task<bool> AddSigningKey(SigningKey key, string? retires, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        // One after the other, whichever silos they are on: each sees which one signs.
        return Write(
            cancellation,
            Turn("signing keys " + key.Community),
            new NpgsqlBatchCommand(
                """
                WITH signing AS (
                  SELECT number, id FROM signing_key WHERE community = $1 AND retired_at IS NULL),
                retired AS (
                  UPDATE signing_key SET private = NULL, retired_at = $5 FROM signing WHERE signing_key.number = signing.number AND signing.id = $6)
                INSERT INTO signing_key (community, id, public, private, created_at)
                SELECT $1, $2, $3, $4, $5 WHERE (SELECT id FROM signing) IS NOT DISTINCT FROM $6
                """)
            {
                Parameters =
                {
                    Text(key.Community.Value),
                    Text(key.Id),
                    Bytes(key.Public),
                    Bytes(key.Private!.Value),
                    Moment(key.CreatedAt),
                    Text(retires),
                },
            });
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SigningKey>> ListSigningKeys(CommunityId community, CancellationToken cancellation = default) => await _reads.List(
        "SELECT id, public, private, created_at, retired_at FROM signing_key WHERE community = $1 ORDER BY number DESC",
        row => new SigningKey
        {
            Community = community,
            Id = row.GetString(0),
            Public = row.GetFieldValue<byte[]>(1),
            Private = row.IsDBNull(2) ? null as ReadOnlyMemory<byte>? : row.GetFieldValue<byte[]>(2),
            CreatedAt = row.GetFieldValue<Instant>(3),
            RetiredAt = row.IsDBNull(4) ? null : row.GetFieldValue<Instant>(4),
        },
        cancellation,
        community.Value);
}
