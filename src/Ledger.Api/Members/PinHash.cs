using System.Globalization;
using System.Security.Cryptography;

namespace Ledger.Api.Members;

/// <summary>A PIN as it is stored: what a slow derivation makes of it.</summary>
/// <remarks>
/// As text <c>pbkdf2-sha256:600000:salt:hash</c> in base64, so that a later version can derive more slowly and still read this. Source: RFC 8018 §5.2; NIST SP 800-132; the
/// number of rounds is OWASP's for this hash. Few digits stay few: whoever reads the store finds a PIN by trying all, which only the lock at the counter prevents.
/// </remarks>
internal static class PinHash
{
    private const string Name = "pbkdf2-sha256";
    private const int Rounds = 600_000;
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    public static string Of(string pin)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return string.Create(CultureInfo.InvariantCulture, $"{Name}:{Rounds}:{Convert.ToBase64String(salt)}:{Convert.ToBase64String(Derive(pin, salt, Rounds))}");
    }

    /// <exception cref="FormatException">What is stored is no PIN of this version.</exception>
    public static bool Matches(string pin, string stored) => stored.Split(':') is [Name, var rounds, var salt, var hash]
        ? CryptographicOperations.FixedTimeEquals(
            Convert.FromBase64String(hash), Derive(pin, Convert.FromBase64String(salt), int.Parse(rounds, CultureInfo.InvariantCulture)))
        : throw new FormatException("A PIN is stored in a way that this version does not know.");

    private static byte[] Derive(string pin, byte[] salt, int rounds) =>
        Rfc2898DeriveBytes.Pbkdf2(password: pin, salt: salt, iterations: rounds, hashAlgorithm: HashAlgorithmName.SHA256, outputLength: HashBytes);
}
