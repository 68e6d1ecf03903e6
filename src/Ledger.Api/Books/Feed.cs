using Ledger.Api.Approvals;
using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Residents;
using Ledger.Api.Security;
using Ledger.Grains.Journal;
using Ledger.Grains.Wallets;

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

    /// <summary>The transaction's hash in the chain of its wallet, in hexadecimal.</summary>
    public required string Hash { get; init; }
}

/// <summary>What came after a position, in the order in which it was written.</summary>
/// <param name="Data">The transactions; empty when there is nothing new.</param>
/// <param name="Next">The position to ask after next, always: ask again later when there is nothing new.</param>
/// <param name="HasMore">Is more there already?</param>
public sealed record FeedPage(IReadOnlyList<FeedEntry> Data, string Next, bool HasMore);

internal static class ReadFeed
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe(
            "readFeed",
            "Books",
            "What was written since",
            "Every transaction of a community exactly once, for whoever reads on from `next`; those of one wallet in their order. "
            + "A transaction may be seen a moment after its answer, never out of its place.")
        .Gives<FeedPage>(StatusCodes.Status200OK, "Transactions in the order in which they were written.")
        .Fails(KnownProblems.CursorInvalid, KnownProblems.LimitInvalid);

    private static async Task<IResult> Handle(HttpContext context, string? after, string? limit, CommunityScope scope, IJournalFeed feed)
    {
        var community = await scope.Of(context);
        var from = after is null ? FeedPosition.Start : FeedCursor.Read(after, community);
        var rowsMax = PageLimit.Of(limit);
        var rows = await feed.ReadFeed(community, from, rowsMax + 1, context.RequestAborted);
        var entries = rows.Take(rowsMax).Select(row => EntryOf(row, community, context.Request.Language())).ToArray();
        var next = entries is [.., var last] ? last.Position : FeedCursor.Write(from, community);
        return Answers.Ok(new FeedPage(entries, next, rows.Count > rowsMax), ApiJson.Web.FeedPage);
    }

    private static FeedEntry EntryOf(FeedRow read, CommunityId community, Language language)
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
            Hash = Convert.ToHexStringLower(read.Row.Hash.Span),
        };
    }
}
