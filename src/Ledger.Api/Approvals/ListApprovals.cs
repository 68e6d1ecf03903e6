using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Residents;
using Ledger.Api.Security;
using Ledger.Grains.Journal;
using Ledger.Grains.Wallets;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Api.Approvals;

/// <summary>An award or a proposed adjustment that waits for a decision.</summary>
public sealed record ApprovalView
{
    /// <summary>Whose wallet.</summary>
    public required string Resident { get; init; }

    /// <summary>The transaction that recorded it: approve or reject it by this number.</summary>
    public required long Transaction { get; init; }

    /// <summary>The type of activity; absent for an adjustment.</summary>
    public string? Activity { get; init; }

    /// <summary>Points that wait; of an adjustment positive to add, negative to remove.</summary>
    public required long Points { get; init; }

    /// <summary>When it was recorded.</summary>
    public required Instant Since { get; init; }

    /// <summary>What it waits for.</summary>
    public required ApprovalWait Approval { get; init; }

    /// <summary>Who entered or organised it, and so cannot approve it.</summary>
    public required IReadOnlyList<string> Makers { get; init; }

    /// <summary>What checks found; absent for nothing.</summary>
    public IReadOnlyList<SignalView>? Signals { get; init; }

    internal static ApprovalView Of(StreamId stream, UndecidedEntry entry, Language language) => new()
    {
        Resident = stream.Resident!.Value.Value,
        Transaction = entry.Of,
        Activity = entry.Award?.Activity.Value,
        Points = entry.Points.Value,
        Since = entry.Since,
        Approval = ApprovalWait.Of(entry.Approval),
        Makers = entry.Approval.Makers,
        Signals = SignalView.Of(entry.Award?.Signals, language),
    };
}

/// <summary>A page of what waits for a decision, longest first.</summary>
/// <param name="Data">The entries.</param>
/// <param name="NextCursor">Where the next page begins; absent on the last.</param>
/// <param name="HasMore">Is there a next page?</param>
public sealed record ApprovalPage(IReadOnlyList<ApprovalView> Data, string? NextCursor, bool HasMore);

internal static class ListApprovals
{
    public static void MapGet(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe(
            "listApprovals", "Approvals", "What waits for a decision, longest first",
            "Awards that need a second person or may be objected to, and adjustments that need a second operator. `activity` leaves out all others. "
            + "What time has decided is left out.")
        .Gives<ApprovalPage>(StatusCodes.Status200OK, "A page; `Link` with rel=\"next\" leads to the next one.")
        .Fails(KnownProblems.IdentifierInvalid, KnownProblems.CursorInvalid, KnownProblems.LimitInvalid);

    private static async Task<IResult> Handle(
        HttpContext context, string? activity, string? cursor, string? limit, CommunityScope scope, IJournal journal, IClock clock)
    {
        var community = await scope.Of(context);
        var list = $"approvals {community} {activity}";
        var entriesMax = PageLimit.Of(limit);
        var stored = await journal.ReadApprovals(
            community, TypeOf(activity), cursor is null ? null : CursorPlace.Read(cursor, list), entriesMax + 1, context.RequestAborted);
        var now = clock.GetCurrentInstant();
        var page = stored.Take(entriesMax).Select(approval => (Stream: new StreamId(community, approval.Place.Stream), Entry: approval.ToEntry()))
            .Where(waiting => waiting.Entry.Approval.DueAt > now)
            .Select(waiting => ApprovalView.Of(waiting.Stream, waiting.Entry, context.Request.Language()))
            .ToArray();
        var next = stored.Count > entriesMax ? CursorPlace.Write(stored[entriesMax - 1].Place, list) : null;
        if (next is not null)
        {
            context.LinkNext(next);
        }

        return Answers.Ok(new ApprovalPage(page, next, next is not null), ApiJson.Web.ApprovalPage);
    }

    private static ActivityType? TypeOf(string? activity) => activity is null ? null : new(RequestTexts.IdentifierOf(activity, "activity"));
}
