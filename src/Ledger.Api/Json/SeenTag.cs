using System.Globalization;
using Ledger.Api.Problems;
using Microsoft.Net.Http.Headers;
using NodaTime;

namespace Ledger.Api.Json;

/// <summary>What is changed by its revision: the ETag, and whether a caller has seen it.</summary>
/// <remarks>Source: RFC 9110 §13.1.1 (<c>If-Match</c>), RFC 6585 §3 (428).</remarks>
internal static class SeenTag
{
    /// <summary>The ETag of a revision.</summary>
    public static string Of(int revision) => string.Create(CultureInfo.InvariantCulture, $"\"{revision}\"");

    /// <summary>Has the caller seen this revision?</summary>
    /// <param name="request">The request.</param>
    /// <param name="tag">The ETag as it is now.</param>
    /// <param name="what">What is changed, in words.</param>
    /// <exception cref="RequestRefusedException">The caller does not say what he has seen, or not so that it can be read.</exception>
    public static bool IsIn(HttpRequest request, string tag, string what)
    {
        if (request.Headers.IfMatch.Count == 0)
        {
            throw new RequestRefusedException(KnownProblems.PreconditionRequired, $"Send If-Match with the ETag of the {what} that you have read.");
        }

        return EntityTagHeaderValue.TryParseStrictList(request.Headers.IfMatch, out var seen)
            ? seen.Any(one => one.Tag == "*" || (!one.IsWeak && one.Tag == tag))
            : throw new RequestRefusedException(KnownProblems.RequestMalformed, "If-Match is no list of ETags: they stand in quotes, as they were given.");
    }

    /// <summary>The refusal of a change to what somebody else changed meanwhile.</summary>
    /// <param name="what">What is changed, in words.</param>
    /// <param name="revision">The revision that it is at.</param>
    /// <param name="by">Who made that.</param>
    /// <param name="at">When.</param>
    public static RequestRefusedException Stale(string what, int revision, string by, Instant at) =>
        new(KnownProblems.PreconditionFailed, $"The {what} is at revision {revision}: {by} changed it at {at}.") { EntityTag = Of(revision) };

    /// <summary>Gives the ETag with the answer.</summary>
    public static void Give(HttpContext context, string tag)
    {
        context.Response.Headers.ETag = tag;
        context.Response.Headers.CacheControl = "private, no-cache";
    }
}
