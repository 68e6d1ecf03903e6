using Ledger.Api.Problems;
using Microsoft.Net.Http.Headers;

namespace Ledger.Api.Json;

/// <summary>What a caller says that he has seen, so that nobody undoes what he has not seen.</summary>
/// <remarks>Source: RFC 9110 §13.1.1 (<c>If-Match</c>), RFC 6585 §3 (428).</remarks>
internal static class IfMatch
{
    /// <summary>Does a request name this entity tag?</summary>
    /// <param name="request">The request.</param>
    /// <param name="tag">The tag of what is there now.</param>
    /// <param name="what">What it is, in words.</param>
    /// <exception cref="RequestRefusedException">It names none, or cannot be read.</exception>
    public static bool Names(HttpRequest request, string tag, string what)
    {
        if (request.Headers.IfMatch.Count == 0)
        {
            throw new RequestRefusedException(KnownProblems.PreconditionRequired, $"Send If-Match with the ETag of the {what} that you have read.");
        }

        return EntityTagHeaderValue.TryParseStrictList(request.Headers.IfMatch, out var seen)
            ? seen.Any(one => one.Tag == "*" || (!one.IsWeak && one.Tag == tag))
            : throw new RequestRefusedException(KnownProblems.RequestMalformed, "If-Match is no list of ETags: they stand in quotes, as they were given.");
    }
}
