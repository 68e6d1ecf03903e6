using System.Collections.Immutable;
using Ledger.Accounts;
using Ledger.Grains.Stores.Postgres;
using Ledger.Wallets;
using NodaTime;
using Npgsql;

namespace Ledger.Grains.Journal.Postgres;

/// <summary>Reads rows from an answer of <see cref="Select"/>.</summary>
internal sealed class RowReader(NpgsqlDataReader reader)
{
    /// <summary>The head of every question for rows; the journal is called <c>j</c>. Further postings come as arrays, only where there are any.</summary>
    public const string Select =
        """
        SELECT j.community, j.stream, j.sequence, j.source, j.command_id, j.fingerprint, j.recorded_at, j.recorded_nanos,
            j.effective_at, j.effective_nanos, j.outcome, j.events, j.programme, j.refers_to, j.available, j.pending, j.held, j.debt,
            j.hash, j.postings, j.from_account, j.to_account, j.points, j.lot, j.lot_ordinal,
            f.from_accounts, f.to_accounts, f.points, f.lots, f.lot_ordinals, j.commit_id
        FROM journal j LEFT JOIN LATERAL (
            SELECT array_agg(from_account ORDER BY ordinal) AS from_accounts, array_agg(to_account ORDER BY ordinal) AS to_accounts,
                array_agg(points ORDER BY ordinal) AS points, array_agg(lot ORDER BY ordinal) AS lots,
                array_agg(lot_ordinal ORDER BY ordinal) AS lot_ordinals
            FROM further_posting
            WHERE j.postings > 1 AND community = j.community AND stream = j.stream AND sequence = j.sequence) f ON true
        """;

    private const int CommitColumn = 30;

    private CommunityId _community;
    private string _stream = "";

    /// <summary>Every row of the answer.</summary>
    public async Task<List<JournalRow>> ReadAll(CancellationToken cancellation)
    {
        var rows = new List<JournalRow>();
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(Read());
        }

        return rows;
    }

    /// <summary>The row that the answer stands at.</summary>
    public JournalRow Read()
    {
        // Rows of one stream come together: one text serves them all.
        var (community, name) = (reader.GetString(0), reader.GetString(1));
        _community = community == _community.Value ? _community : new(community);
        _stream = name == _stream ? _stream : name;
        return new()
        {
            Stream = new(_community, _stream),
            Sequence = reader.GetInt64(2),
            Key = new(reader.GetString(3), reader.GetString(4)),
            Fingerprint = reader.GetFieldValue<byte[]>(5),
            RecordedAt = Time(6),
            EffectiveAt = Time(8),
            Outcome = reader.GetString(10),
            Events = reader.GetFieldValue<byte[]>(11),
            ProgrammeVersion = reader.GetInt32(12),
            RefersTo = reader.IsDBNull(13) ? null : reader.GetInt64(13),
            After = new(new(reader.GetInt64(14)), new(reader.GetInt64(15)), new(reader.GetInt64(16)), new(reader.GetInt64(17))),
            Hash = reader.GetFieldValue<byte[]>(18),
            Postings = Postings(reader.GetInt32(19)),
        };
    }

    /// <summary>The row that the answer stands at, with its place in the feed.</summary>
    public FeedRow ReadFed()
    {
        var row = Read();
        return new(new(reader.GetInt64(CommitColumn), row.Stream.Name, row.Sequence), row);
    }

    private static LotId? Lot(long? lot, int? ordinal) => lot is { } sequence ? new LotId(sequence, ordinal ?? 0) : null;

    private Instant Time(int column) => new StoredTime(reader.GetFieldValue<Instant>(column), reader.GetInt16(column + 1)).Instant;

    private ImmutableArray<Posting> Postings(int postings)
    {
        if (postings == 0)
        {
            return [];
        }

        var all = ImmutableArray.CreateBuilder<Posting>(postings);
        all.Add(new(
            new(reader.GetString(20)),
            new(reader.GetString(21)),
            new(reader.GetInt64(22)),
            reader.IsDBNull(23) ? null : new LotId(reader.GetInt64(23), reader.GetInt32(24))));
        if (postings > 1 && !reader.IsDBNull(25))
        {
            AddFurther(all);
        }

        return all.ToImmutable();
    }

    private void AddFurther(ImmutableArray<Posting>.Builder all)
    {
        var (from, to, points) = (reader.GetFieldValue<string[]>(25), reader.GetFieldValue<string[]>(26), reader.GetFieldValue<long[]>(27));
        var (lots, ordinals) = (reader.GetFieldValue<long?[]>(28), reader.GetFieldValue<int?[]>(29));
        for (var i = 0; i < from.Length; i++)
        {
            all.Add(new(new(from[i]), new(to[i]), new(points[i]), Lot(lots[i], ordinals[i])));
        }
    }
}
