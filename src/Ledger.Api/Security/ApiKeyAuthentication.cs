using System.Text.Encodings.Web;
using Ledger.Api.Problems;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Ledger.Api.Security;

/// <summary>Reads <c>Authorization: Bearer plk_…</c> and says who is calling.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, KeyRing keys)
    : KeyAuthentication(options, loggers, encoder, keys)
{
    /// <summary>The scheme of the API.</summary>
    public new const string Scheme = "ApiKey";

    private const string Bearer = "Bearer ";

    protected override ReadOnlySpan<char> KeyIn(string header) =>
        header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header.AsSpan(Bearer.Length).Trim() : [];

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        var detail = Request.Headers.Authorization.Count == 0
            ? "There is no Authorization header. Send Authorization: Bearer plk_…"
            : "The key is unknown, expired or revoked, or the header is not Authorization: Bearer plk_…";
        return new Problem(KnownProblems.Unauthenticated, Request.Language(), detail).WriteTo(Context);
    }
}
