using System.Globalization;
using Dapper;
using Ledger.Transactions;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Ledger.Grains.Journal.Sqlite;

/// <summary>Looks at the tables themselves: what a reader of rows would never be led to.</summary>
internal static class SqliteInspection
{
    private const int ProblemsPerKind = 20;

    /// <summary>The index of due times of a community.</summary>
    public static Dictionary<StreamId, Instant> DueTimes(SqliteConnection connection, CommunityId community) =>
        connection.Query<(string Stream, long At, long Nanos)>("SELECT stream, at, nanos FROM due WHERE community = @Value", new { community.Value })
            .ToDictionary(
                due => new StreamId(community, due.Stream),
                due => Instant.FromUnixTimeSeconds(due.At).PlusNanoseconds(due.Nanos));

    /// <summary>The references of a community.</summary>
    public static List<StoredReference> References(SqliteConnection connection, CommunityId community) =>
    [
        .. connection.Query<(string Scope, string Reference, string Stream, long Sequence)>(
            "SELECT scope, reference, stream, sequence FROM reference WHERE community = @Value", new { community.Value }, buffered: false)
            .Select(one => new StoredReference(one.Scope, one.Reference, new(community, one.Stream), one.Sequence)),
    ];

    /// <summary>The last closed day of each merchant of a community.</summary>
    public static Dictionary<MerchantId, LocalDate> ClosedDays(SqliteConnection connection, CommunityId community) =>
        connection.Query<(string Merchant, string Through)>("SELECT merchant, through FROM closed_day WHERE community = @Value", new { community.Value })
            .ToDictionary(day => new MerchantId(day.Merchant), day => NodaTime.Text.LocalDatePattern.Iso.Parse(day.Through).Value);

    /// <summary>What is wrong, in words.</summary>
    public static List<string> Problems(SqliteConnection connection, CommunityId community) =>
    [
        .. Damage(connection),
        .. MissingRows(connection),
        .. StrayPostings(connection, community).Take(ProblemsPerKind),
        .. MisledKeys(connection, community).Take(ProblemsPerKind),
    ];

    private static IEnumerable<string> Damage(SqliteConnection connection) =>
        connection.Query<string>($"PRAGMA integrity_check({ProblemsPerKind})").Where(line => line != "ok").Select(line => $"the file is damaged: {line}");

    // Rows are only added, each with the next number, so a gap is a row that somebody took out.
    private static IEnumerable<string> MissingRows(SqliteConnection connection)
    {
        var (rows, last) = connection.QuerySingle<(long Rows, long Last)>("SELECT count(*), ifnull(max(rowid), 0) FROM journal");
        if (rows != last)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"the journal was written up to row {last}, but only {rows} rows are there (all communities)");
        }
    }

    private static IEnumerable<string> StrayPostings(SqliteConnection connection, CommunityId community) =>
        connection.Query<(string Stream, long Sequence, long Ordinal)>(
            """
            SELECT f.stream, f.sequence, f.ordinal
            FROM further_posting f LEFT JOIN journal j ON j.community = f.community AND j.stream = f.stream AND j.sequence = f.sequence
            WHERE f.community = @Value AND (j.sequence IS NULL OR f.ordinal >= j.postings)
            """,
            new { community.Value },
            buffered: false)
            .Select(stray => string.Create(
                CultureInfo.InvariantCulture, $"posting {stray.Ordinal} of {stray.Stream} #{stray.Sequence} belongs to no transaction"));

    private static IEnumerable<string> MisledKeys(SqliteConnection connection, CommunityId community) =>
        connection.Query<(string Stream, long Sequence, string Source, string Id, byte[] Hash)>(
            "SELECT stream, sequence, source, command_id, key_hash FROM journal WHERE community = @Value", new { community.Value }, buffered: false)
            .Where(row => !new CommandKey(row.Source, row.Id).HashIn(community).ToBytes().AsSpan().SequenceEqual(row.Hash))
            .Select(row => string.Create(CultureInfo.InvariantCulture, $"the index of commands does not lead to {row.Stream} #{row.Sequence}"));
}
