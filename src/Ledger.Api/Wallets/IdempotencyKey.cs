using System.Text;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Transactions;

namespace Ledger.Api.Wallets;

/// <summary>The header that makes a direct command one command.</summary>
/// <remarks>
/// <code>Idempotency-Key: "8e03978e-40d5-43dd-bc93-6894a57f9324"</code> or the same without quotes: both are one key.
/// Source: draft-ietf-httpapi-idempotency-key-header-07; RFC 9651 §3.3.3 for the quoted form.
/// </remarks>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";

    /// <summary>The command that it makes, in the caller's own namespace.</summary>
    /// <exception cref="RequestRefusedException">It is missing, or is no key.</exception>
    public static CommandKey Of(HttpContext context) => CommandKey.Client(context.Caller().Client, Of(context.Request));

    /// <exception cref="RequestRefusedException">It is missing, or is no key.</exception>
    public static string Of(HttpRequest request) => request.Headers[Header] switch
    {
        [] or [null or ""] => throw new RequestRefusedException(
            KnownProblems.IdempotencyKeyMissing, "Send an Idempotency-Key, so that a repeat is never a second command."),
        [{ } text] => Read(text) ?? throw Invalid("is no visible ASCII of 1 to 255 characters, bare or in double quotes"),
        _ => throw Invalid("comes more than once"),
    };

    /// <summary>The refusal of a key that stands for another command.</summary>
    public static RequestRefusedException Reused(CommandKey key) =>
        new(KnownProblems.CommandIdReused, WhyReused(key.Id, key.ClientName));

    /// <summary>What is said of an id that stands for another command.</summary>
    /// <param name="id">The id.</param>
    /// <param name="source">Where it was given: a client, or an event's source.</param>
    public static string WhyReused(string id, string? source) => $"'{id}' of '{source}' was used for another command before. Nothing was done.";

    private static string? Read(string text)
    {
        var key = text[0] == '"' ? Unquote(text) : IsBare(text) ? text : null;
        return key is { Length: <= CommandKey.CharactersMax } && CommandKey.IsValidPart(key) ? key : null;
    }

    private static bool IsBare(string text) => !text.AsSpan().ContainsAnyExceptInRange('!', '~');

    private static string? Unquote(string text)
    {
        if (text.Length < 3 || text[^1] != '"')
        {
            return null;
        }

        var key = new StringBuilder(text.Length);
        for (var i = 1; i < text.Length - 1; i++)
        {
            var isEscape = text[i] == '\\';
            i += isEscape ? 1 : 0;
            if (i == text.Length - 1 || text[i] is < ' ' or > '~' || ((text[i] is '"' or '\\') != isEscape))
            {
                return null;
            }

            key.Append(text[i]);
        }

        return key.ToString();
    }

    private static RequestRefusedException Invalid(string what) => new(KnownProblems.IdempotencyKeyInvalid, $"The Idempotency-Key {what}.");
}
