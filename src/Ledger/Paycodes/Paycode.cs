using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace Ledger.Paycodes;

/// <summary>A one-time code that stands for a resident at a till: 18 digits, the last of which checks the others. Default: not a code.</summary>
/// <remarks>
/// Source: ISO/IEC 7064, MOD 11,10. The check digit shows every single wrong digit. Of swapped neighbours it misses one pair in 45, so a code in
/// which it would miss one is never issued: whatever is issued shows those too.
/// </remarks>
public readonly record struct Paycode
{
    /// <summary>Digits of a code.</summary>
    public const int DigitsCount = 18;

    /// <summary>Digits that are drawn; one more checks them.</summary>
    public const int DrawnCount = DigitsCount - 1;

    private const int Modulus = 10;

    private Paycode(string digits) => Digits = digits;

    /// <summary>All digits without blanks.</summary>
    public string Digits { get; }

    /// <summary>The digits in threes, for reading aloud and typing.</summary>
    public string Grouped => string.Join(' ', Digits.Chunk(3).Select(three => new string(three)));

    /// <summary>The code of digits that were drawn; null for those that are not issued, as two swapped neighbours would pass: draw again.</summary>
    /// <param name="drawn">Seventeen random digits.</param>
    /// <exception cref="ArgumentException">They are not seventeen digits.</exception>
    public static Paycode? Of(string drawn)
    {
        ArgumentNullException.ThrowIfNull(drawn);
        if (drawn.Length != DrawnCount || drawn.Any(digit => !char.IsAsciiDigit(digit)))
        {
            throw new ArgumentException($"A code is made of {DrawnCount} digits.", nameof(drawn));
        }

        var digits = drawn + (char)('0' + CheckDigit(drawn));
        return Enumerable.Range(0, DrawnCount).Any(i => digits[i] != digits[i + 1] && IsRight(Swapped(digits, i))) ? null : new(digits);
    }

    /// <summary>Reads a code, also with blanks and hyphens between its digits; false when it is mistyped.</summary>
    public static bool TryParse(string? text, out Paycode code)
    {
        var digits = text?.Replace(" ", string.Empty, StringComparison.Ordinal).Replace("-", string.Empty, StringComparison.Ordinal);
        code = digits is { Length: DigitsCount } && digits.All(char.IsAsciiDigit) && IsRight(digits) ? new(digits) : default;
        return code.Digits is not null;
    }

    /// <summary>What is stored of it: nobody who reads that can pay.</summary>
    /// <param name="community">Where it is used.</param>
    public PaycodeDigest DigestIn(CommunityId community) =>
        new(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"{community} {Digits}")).AsSpan(0, 16)));

    /// <summary>Never the code.</summary>
    public override string ToString() => "a paycode";

    private static bool IsRight(string digits) => CheckDigit(digits[..DrawnCount]) == digits[DrawnCount] - '0';

    private static int CheckDigit(string digits)
    {
        var product = Modulus;
        foreach (var digit in digits)
        {
            var sum = (product + (digit - '0')) % Modulus;
            product = (sum == 0 ? Modulus : sum) * 2 % (Modulus + 1);
        }

        return (Modulus + 1 - product) % Modulus;
    }

    private static string Swapped(string digits, int at) => digits[..at] + digits[at + 1] + digits[at] + digits[(at + 2)..];
}

/// <summary>What stands for a paycode wherever it is stored: half of the SHA-256 of community and code. Default: of no code.</summary>
/// <param name="Value">32 hexadecimal digits in lower case.</param>
public readonly record struct PaycodeDigest(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>The paycode that a hold was made with.</summary>
/// <param name="Digest">The code.</param>
/// <param name="Until">The first instant at which it could no longer be used.</param>
public readonly record struct PaycodeUse(PaycodeDigest Digest, Instant Until);

/// <summary>A paycode that was used and could still be shown again.</summary>
/// <param name="Digest">The code.</param>
/// <param name="Until">The first instant at which it can no longer be used.</param>
/// <param name="At">When it was used.</param>
public readonly record struct UsedPaycode(PaycodeDigest Digest, Instant Until, Instant At);
