using System.Collections.Immutable;
using System.Text;
using Ledger.Accounts;
using Ledger.Grains.Journal;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Grains.Tests.Journal;

/// <summary>Rows and sets with believable contents, where a test cares only for some of them.</summary>
internal static class Sample
{
    public static readonly CommunityId Garden = new("garden");

    public static readonly CommunityId Harbour = new("harbour");

    public static readonly Instant Morning = Instant.FromUtc(2026, 3, 5, 1, 30) + Duration.FromNanoseconds(123_456_789);

    public static StreamId Wallet(string resident, CommunityId? community = null) =>
        StreamId.Of(community ?? Garden, new ResidentId(resident));

    public static Posting Award(long points, LotId? lot = null) =>
        new(Account.Issuance(new("charity-service")), Account.Available, new(points), lot);

    public static Posting Spend(long points, LotId? lot = null) =>
        new(Account.Available, Account.Merchant(new("tea-house")), new(points), lot);

    public static Posting Expire(long points, LotId lot) => new(Account.Available, Account.Breakage, new(points), lot);

    public static JournalRow Row(StreamId stream, long sequence, string? id = null, params ReadOnlySpan<Posting> postings)
    {
        var row = new JournalRow
        {
            Stream = stream,
            Sequence = sequence,
            Key = CommandKey.Event("/apps/charity", id ?? $"{stream}/{sequence}"),
            Fingerprint = Bytes(32, unchecked((byte)sequence)),
            RecordedAt = Morning + Duration.FromSeconds(sequence),
            EffectiveAt = Morning,
            Outcome = "accepted",
            Events = Encoding.UTF8.GetBytes($$"""[{"type":"points-earned.v1","sequence":{{sequence}},"activity":"志愿服务"}]"""),
            ProgrammeVersion = 3,
            After = new(new(sequence * 10), new(1), new(2), new(3)),
            Postings = [.. postings],
        };
        return HashChain.Seal(row, HashChain.Start.Span);
    }

    public static AppendSet Set(params ReadOnlySpan<JournalRow> rows) => new() { Stream = rows[0].Stream, Rows = [.. rows] };

    /// <summary>The set with references that stand for its first row.</summary>
    public static AppendSet Named(this AppendSet set, params ReadOnlySpan<string> references) => set with
    {
        References = [.. references.ToArray().Select(name => new StoredReference("merchant/tea-house", name, set.Stream, set.Rows[0].Sequence))],
    };

    public static AppendSet Set(StreamId stream, long first, int rows) => new()
    {
        Stream = stream,
        Rows = [.. Enumerable.Range(0, rows).Select(i => Row(stream, first + i, null, Award(10, new(first + i))))],
    };

    public static ReadOnlyMemory<byte> Bytes(int length, byte seed) =>
        Enumerable.Range(0, length).Select(i => unchecked((byte)((seed * 31) + i))).ToArray();

    /// <summary>Everything of a row, to compare: records compare their byte strings by reference.</summary>
    public static string Text(JournalRow row) => string.Join(
        " | ",
        row.Stream,
        row.Sequence,
        row.Key,
        Convert.ToHexString(row.Fingerprint.Span),
        NodaTime.Text.InstantPattern.ExtendedIso.Format(row.RecordedAt),
        NodaTime.Text.InstantPattern.ExtendedIso.Format(row.EffectiveAt),
        row.Outcome,
        Encoding.UTF8.GetString(row.Events.Span),
        row.ProgrammeVersion,
        row.RefersTo,
        row.After,
        string.Join(", ", row.Postings),
        Convert.ToHexString(row.Hash.Span));

    public static ImmutableArray<string> Texts(IEnumerable<JournalRow> rows) => [.. rows.Select(Text)];
}
