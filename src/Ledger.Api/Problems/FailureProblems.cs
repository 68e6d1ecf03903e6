using System.Diagnostics;
using System.Text.Json.Nodes;
using Ledger.Grains.Journal;

namespace Ledger.Api.Problems;

/// <summary>What callers read when something failed, rather than was refused.</summary>
internal static class FailureProblems
{
    /// <summary>The answer to an exception; null for one that nobody foresaw.</summary>
    public static Problem? Foreseen(Exception failure, Language language) => failure switch
    {
        RequestRefusedException refused => refused.In(language),
        BadHttpRequestException bad => Unreadable(bad, language),
        JournalBusyException => new(KnownProblems.Busy, language, "Too much waits to be written; nothing was done.") { RetryAfterSeconds = 1 },
        LimitExceededException => new(KnownProblems.Busy, language, "Too many calls wait for this wallet; nothing was done.") { RetryAfterSeconds = 1 },
        JournalLimitException full => new(KnownProblems.CommunityTotalLimit, language, full.Message),
        // What a silo says that is going, was given up, or let a call grow old. A caller who went away himself is not answered at all.
        JournalException or OrleansException or OperationCanceledException or TimeoutException => new(
            KnownProblems.Unavailable, language, "The store did not answer in time. Send the same again: it is done once.")
        { RetryAfterSeconds = 2 },
        _ => null,
    };

    /// <summary>The answer to a mistake of ours: no word of its inside, but a number to find it by.</summary>
    public static Problem Unforeseen(HttpContext context, Language language) => new(
        KnownProblems.InternalError, language, "Something unforeseen happened. Sending the same again is safe.")
    {
        Members = new JsonObject { ["traceId"] = Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier },
    };

    private static Problem Unreadable(BadHttpRequestException bad, Language language) => bad.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => new(KnownProblems.BodyTooLarge, language, "The body is larger than this address reads."),
        StatusCodes.Status415UnsupportedMediaType => new(KnownProblems.MediaTypeUnsupported, language, "Send application/json."),
        _ => new(KnownProblems.RequestMalformed, language, bad.Message),
    };
}
