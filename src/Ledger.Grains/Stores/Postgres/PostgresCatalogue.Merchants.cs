using Npgsql;

namespace Ledger.Grains.Stores.Postgres;

public sealed partial class PostgresCatalogue : IMerchantRegister
{
    private const string MerchantColumns = "revision, json, changed_by, changed_at, changed_nanos";

    /// <inheritdoc/>
    public Task<bool> AddMerchantRevision(MerchantRevision revision, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(revision);
        var changed = StoredTime.Of(revision.ChangedAt);
        return Write(
            cancellation,
            new NpgsqlBatchCommand(
                """
                INSERT INTO merchant (community, id, revision, json, changed_by, changed_at, changed_nanos)
                SELECT $1, $2, $3, $4, $5, $6, $7
                WHERE coalesce((SELECT max(revision) FROM merchant WHERE community = $1 AND id = $2), 0) = $3 - 1
                ON CONFLICT DO NOTHING
                """)
            {
                Parameters =
                {
                    Text(revision.Community.Value),
                    Text(revision.Merchant.Id.Value),
                    Whole(revision.Revision),
                    Text(MerchantJson.Write(revision.Merchant)),
                    Text(revision.ChangedBy),
                    Micros(changed),
                    Nanos(changed),
                },
            });
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<MerchantRevision>> ListMerchants(CommunityId community, CancellationToken cancellation = default) => await _reads.List(
        $"SELECT DISTINCT ON (id) {MerchantColumns} FROM merchant WHERE community = $1 ORDER BY id, revision DESC",
        row => ReadMerchant(community, row),
        cancellation,
        community.Value);

    /// <inheritdoc/>
    public async Task<MerchantRevision?> FindMerchant(CommunityId community, MerchantId merchant, CancellationToken cancellation = default) => (await _reads.List(
        $"SELECT {MerchantColumns} FROM merchant WHERE community = $1 AND id = $2 ORDER BY revision DESC LIMIT 1",
        row => ReadMerchant(community, row),
        cancellation,
        community.Value,
        merchant.Value)).SingleOrDefault();

    /// <inheritdoc/>
    public async Task<IReadOnlyList<MerchantRevision>> ListMerchantRevisions(
        CommunityId community, MerchantId merchant, CancellationToken cancellation = default) => await _reads.List(
        $"SELECT {MerchantColumns} FROM merchant WHERE community = $1 AND id = $2 ORDER BY revision",
        row => ReadMerchant(community, row),
        cancellation,
        community.Value,
        merchant.Value);

    private static MerchantRevision ReadMerchant(CommunityId community, NpgsqlDataReader row) =>
        new(community, row.GetInt32(0), MerchantJson.Read(row.GetString(1)), row.GetString(2), Time(row, 3)!.Value);
}
