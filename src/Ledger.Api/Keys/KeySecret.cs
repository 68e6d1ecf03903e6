using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Ledger.Api.Keys;

/// <summary>An API key as its owner holds it: <c>plk_</c>, a short id that is no secret, and 32 random bytes.</summary>
/// <remarks>
/// Example: <c>plk_7GkQ2mXa_nTq…43 characters…</c>. Only the SHA-256 of the whole text is stored: 32 random bytes need no slow hash.
/// </remarks>
/// <param name="Id">Eight letters and digits; names the key in lists.</param>
/// <param name="Text">The whole key: shown once, stored nowhere.</param>
public sealed record KeySecret(string Id, string Text)
{
    private const string Prefix = "plk_";
    private const int IdLength = 8;
    private const int SecretLength = 43;
    private const string IdAlphabet = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    /// <summary>The length of every key, in characters.</summary>
    public const int Length = 4 + IdLength + 1 + SecretLength;

    /// <summary>A new one.</summary>
    public static KeySecret Mint()
    {
        var id = RandomNumberGenerator.GetString(IdAlphabet, IdLength);
        return new(id, $"{Prefix}{id}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))}");
    }

    /// <summary>The id within a text that has the shape of a key; false when it has not.</summary>
    public static bool TryReadId(ReadOnlySpan<char> text, out ReadOnlySpan<char> id)
    {
        id = default;
        if (text.Length != Length || !text.StartsWith(Prefix, StringComparison.Ordinal) || text[4 + IdLength] != '_'
            || text.ContainsAnyExceptInRange('!', '~'))
        {
            return false;
        }

        id = text.Slice(Prefix.Length, IdLength);
        return true;
    }

    /// <summary>The hash of a text that has the shape of a key, 32 bytes.</summary>
    public static void Hash(ReadOnlySpan<char> text, Span<byte> hash)
    {
        Span<byte> ascii = stackalloc byte[Length];
        Encoding.ASCII.GetBytes(text, ascii);
        SHA256.HashData(ascii, hash);
    }

    /// <summary>The hash that is stored.</summary>
    [SuppressMessage("Design", "CA1024", Justification = "It computes.")]
    public byte[] Hash()
    {
        var hash = new byte[32];
        Hash(Text, hash);
        return hash;
    }

    /// <summary>Never the secret.</summary>
    public override string ToString() => $"{Prefix}{Id}_…";
}
