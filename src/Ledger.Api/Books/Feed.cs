using Ledger.Api.Approvals;
using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Residents;
using Ledger.Api.Security;
using Ledger.Grains.Communities;
using Ledger.Grains.Journal;
using Ledger.Grains.Wallets;
using Ledger.Programmes;

namespace Ledger.Api.Books;

/// <summary>A transaction as integrations follow it.</summary>
public sealed record FeedEntry
{
    /// <summary>Where a reader stands who has read this one: <c>after</c> of the next question.</summary>
    public required string Position { get; init; }

    /// <summary>Whose wallet; absent for what belongs to no resident.</summary>
    public string? Resident { get; init; }

    /// <summary>What and when.</summary>
    public required TransactionSummary Summary { get; init; }

    /// <summary>The programme version that decided; 0 when none was in force.</summary>
    public required int ProgrammeVersion { get; init; }

    /// <summary>The earlier transaction of the wallet that it reverses or refunds; absent for most.</summary>
    public long? RefersTo { get; init; }

    /// <summary>What moved; empty for a refusal.</summary>
    public required IReadOnlyList<PostingView> Postings { get; init; }

    /// <summary>What checks found; absent for nothing.</summary>
    public IReadOnlyList<SignalView>? Signals { get; init; }

    /// <summary>What other apps are to be told; absent for most.</summary>
    public IReadOnlyList<OutgoingEvent>? Events { get; init; }

    /// <summary>The transaction's hash in the chain of its wallet, in hexadecimal.</summary>
    public required string Hash { get; init; }
}

/// <summary>What came after a position, in the order in which it was written.</summary>
/// <param name="Data">The transactions; empty when there is nothing new, or nothing of the type that was asked for among those looked at.</param>
/// <param name="Next">The position to ask after next, always: ask again later when there is nothing new.</param>
/// <param name="HasMore">Is more there already?</param>
public sealed record FeedPage(IReadOnlyList<FeedEntry> Data, string Next, bool HasMore);

internal static class ReadFeed
{
    // Who asks for one type of event skips the rest by pages of so many.
    private const int RowsLookedAt = 1_000;

    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe(
            "readFeed",
            "Books",
            "What was written since",
            "Every transaction of a community exactly once, for whoever reads on from `next`; those of one wallet in their order. "
            + "A transaction may be seen a moment after its answer, never out of its place. With `type` only those that tell other apps such an "
            + "event (`expiry-warned`; docs/events): a page may then be empty while `hasMore` says to read on. Store `next` once the page is dealt with: "
            + "a page that is read again has the same events with the same ids.")
        .Gives<FeedPage>(StatusCodes.Status200OK, "Transactions in the order in which they were written.")
        .Fails(KnownProblems.CursorInvalid, KnownProblems.LimitInvalid, KnownProblems.EventTypeUnknown);

    private static async Task<IResult> Handle(
        HttpContext context, string? after, string? limit, string? type, CommunityScope scope, IJournalFeed feed, IProgrammes programmes)
    {
        var community = await scope.Of(context);
        var from = after is null ? FeedPosition.Start : FeedCursor.Read(after, community);
        var entriesMax = PageLimit.Of(limit);
        var name = type is null ? default(ReadOnlyMemory<byte>?) : Outbox.NameOf(type);
        var rowsMax = name is null ? entriesMax : Math.Max(entriesMax, RowsLookedAt);
        var rows = await feed.ReadFeed(community, from, rowsMax + 1, context.RequestAborted);
        var published = await programmes.Of(community);
        var language = context.Request.Language();
        var entries = new List<FeedEntry>();
        var read = 0;
        for (; read < Math.Min(rows.Count, rowsMax) && entries.Count < entriesMax; read++)
        {
            if (name is null || rows[read].Row.Events.Span.IndexOf(name.Value.Span) >= 0)
            {
                entries.Add(EntryOf(rows[read], community, published, language));
            }
        }

        var next = FeedCursor.Write(read == 0 ? from : rows[read - 1].Position, community);
        return Answers.Ok(new FeedPage(entries, next, rows.Count > read), ApiJson.Web.FeedPage);
    }

    private static FeedEntry EntryOf(FeedRow read, CommunityId community, PublishedProgrammes programmes, Language language)
    {
        var transaction = read.Row.ToTransaction();
        return new()
        {
            Position = FeedCursor.Write(read.Position, community),
            Resident = read.Row.Stream.Resident?.Value,
            Summary = TransactionSummary.Of(read.Row, transaction),
            ProgrammeVersion = read.Row.ProgrammeVersion,
            RefersTo = read.Row.RefersTo,
            Postings = [.. read.Row.Postings.Select(PostingView.Of)],
            Signals = SignalView.Of(transaction, language),
            Events = Outbox.Of(read.Row.Stream, transaction, programmes),
            Hash = Convert.ToHexStringLower(read.Row.Hash.Span),
        };
    }
}
