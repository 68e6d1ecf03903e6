using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Ledger.Api.Security;

/// <summary>Says who is calling by the key in the Authorization header; how the key is written there is the scheme's.</summary>
internal abstract class KeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, KeyRing keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    /// <summary>The key in a header; empty when there is none as this scheme writes it.</summary>
    protected abstract ReadOnlySpan<char> KeyIn(string header);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync() =>
        Request.Headers.Authorization is [{ } header] && await keys.Find(KeyIn(header)) is { } principal
            ? AuthenticateResult.Success(new AuthenticationTicket(principal, Scheme.Name))
            : AuthenticateResult.NoResult();

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => Forbidding.ProblemOf(Context).WriteTo(Context);
}
