using System.Text.Encodings.Web;
using Ledger.Api.Problems;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Ledger.Api.Security;

/// <summary>Reads <c>Authorization: Bearer plk_…</c> and says who is calling.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, KeyRing keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    /// <summary>The only scheme.</summary>
    public new const string Scheme = "ApiKey";

    private const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization;
        if (header is not [{ } credentials] || !credentials.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.NoResult();
        }

        return await keys.Find(credentials.AsSpan(Bearer.Length).Trim()) is { } principal
            ? AuthenticateResult.Success(new AuthenticationTicket(principal, Scheme))
            : AuthenticateResult.NoResult();
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        var detail = Request.Headers.Authorization.Count == 0
            ? "There is no Authorization header. Send Authorization: Bearer plk_…"
            : "The key is unknown, expired or revoked, or the header is not Authorization: Bearer plk_…";
        return new Problem(KnownProblems.Unauthenticated, Request.Language(), detail).WriteTo(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Forbidding.ProblemOf(Context).WriteTo(Context);
}
