using System.Text;
using System.Text.Encodings.Web;
using Ledger.Api.Problems;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Ledger.Api.Security;

/// <summary>The same keys for pages in a browser, which asks for a name and a password: the key is the password, the name is not read.</summary>
/// <remarks>Source: RFC 7617.</remarks>
internal sealed class BasicKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, KeyRing keys)
    : KeyAuthentication(options, loggers, encoder, keys)
{
    public new const string Scheme = "BasicKey";

    private const string Basic = "Basic ";

    protected override ReadOnlySpan<char> KeyIn(string header)
    {
        if (!header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
        {
            return [];
        }

        var bytes = new byte[header.Length];
        return Convert.TryFromBase64String(header[Basic.Length..].Trim(), bytes, out var written)
            && Encoding.UTF8.GetString(bytes, 0, written) is var credentials
            && credentials.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon
            ? credentials.AsSpan(colon + 1)
            : [];
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Basic realm=\"ledger\", charset=\"UTF-8\"";
        return new Problem(
            KnownProblems.Unauthenticated, Request.Language(), "Give an operator's key as the password; the name does not matter.").WriteTo(Context);
    }
}
