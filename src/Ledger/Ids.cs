using System.Diagnostics.CodeAnalysis;
using Ledger.Transactions;

namespace Ledger;

/// <summary>What every identifier that we store may look like.</summary>
/// <remarks>
/// 1 to 64 ASCII letters, digits and <c>- _ . : @ ~</c>, starting with a letter or digit. Compared by code point, so nothing that
/// looks alike but differs (full-width digits, combining marks, emoji) can become a second resident.
/// Names for people belong in the programme or in the calling app, not in an identifier.
/// </remarks>
public static class Identifier
{
    /// <summary>The longest identifier, in characters.</summary>
    public const int CharactersMax = 64;

    /// <summary>The rule in words, for the answer to a caller.</summary>
    public const string Rule = "1 to 64 letters, digits or - _ . : @ ~ (ASCII), starting with a letter or digit";

    /// <summary>The rule as a regular expression of ECMAScript, for schemas.</summary>
    public const string Pattern = "^[A-Za-z0-9][A-Za-z0-9_.:@~-]{0,63}$";

    /// <summary>Is this text an identifier?</summary>
    public static bool IsValid([NotNullWhen(true)] string? text)
    {
        if (text is not { Length: > 0 and <= CharactersMax } || !char.IsAsciiLetterOrDigit(text[0]))
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.' or ':' or '@' or '~'))
            {
                return false;
            }
        }

        return true;
    }

    internal static string Checked(string text) =>
        IsValid(text) ? text : throw new FormatException($"An identifier is {Rule}.");
}

/// <summary>The tenant: its residents, merchants, programme and books. Default: not a community.</summary>
/// <param name="Value">The identifier; see <see cref="Identifier"/>.</param>
public readonly record struct CommunityId(string Value)
{
    /// <summary>Reads an identifier; false when it is not one.</summary>
    public static bool TryParse(string? text, out CommunityId id)
    {
        id = Identifier.IsValid(text) ? new(text) : default;
        return id.Value is not null;
    }

    /// <summary>Reads an identifier.</summary>
    /// <exception cref="FormatException">The text is not an identifier.</exception>
    public static CommunityId Parse(string text) => new(Identifier.Checked(text));

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>A member who earns and spends. Opaque: names and phones stay with the app that knows them. Default: not a resident.</summary>
/// <param name="Value">The identifier; see <see cref="Identifier"/>.</param>
public readonly record struct ResidentId(string Value)
{
    /// <summary>Reads an identifier; false when it is not one.</summary>
    public static bool TryParse(string? text, out ResidentId id)
    {
        id = Identifier.IsValid(text) ? new(text) : default;
        return id.Value is not null;
    }

    /// <summary>Reads an identifier.</summary>
    /// <exception cref="FormatException">The text is not an identifier.</exception>
    public static ResidentId Parse(string text) => new(Identifier.Checked(text));

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Who is owed for spent points until settlement. Default: not a merchant.</summary>
/// <param name="Value">The identifier; see <see cref="Identifier"/>.</param>
public readonly record struct MerchantId(string Value)
{
    /// <summary>Reads an identifier; false when it is not one.</summary>
    public static bool TryParse(string? text, out MerchantId id)
    {
        id = Identifier.IsValid(text) ? new(text) : default;
        return id.Value is not null;
    }

    /// <summary>Reads an identifier.</summary>
    /// <exception cref="FormatException">The text is not an identifier.</exception>
    public static MerchantId Parse(string text) => new(Identifier.Checked(text));

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>A purse of the community, for example for charity. Default: not a fund.</summary>
/// <param name="Value">The identifier; see <see cref="Identifier"/>.</param>
public readonly record struct FundId(string Value)
{
    /// <summary>Reads an identifier; false when it is not one.</summary>
    public static bool TryParse(string? text, out FundId id)
    {
        id = Identifier.IsValid(text) ? new(text) : default;
        return id.Value is not null;
    }

    /// <summary>Reads an identifier.</summary>
    /// <exception cref="FormatException">The text is not an identifier.</exception>
    public static FundId Parse(string text) => new(Identifier.Checked(text));

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>The type of an activity, for example <c>charity-service</c>. Default: not a type.</summary>
/// <param name="Value">The identifier; see <see cref="Identifier"/>.</param>
public readonly record struct ActivityType(string Value)
{
    /// <summary>Reads an identifier; false when it is not one.</summary>
    public static bool TryParse(string? text, out ActivityType id)
    {
        id = Identifier.IsValid(text) ? new(text) : default;
        return id.Value is not null;
    }

    /// <summary>Reads an identifier.</summary>
    /// <exception cref="FormatException">The text is not an identifier.</exception>
    public static ActivityType Parse(string text) => new(Identifier.Checked(text));

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Residents who live together and may spend together. Default: not a household.</summary>
/// <param name="Value">The identifier; see <see cref="Identifier"/>.</param>
public readonly record struct HouseholdId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Something that the mall offers. Default: not a reward.</summary>
/// <param name="Value">The identifier; see <see cref="Identifier"/>.</param>
public readonly record struct RewardId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>One redeeming of a reward, by whomever; unique in the community. Default: not a redemption.</summary>
/// <param name="Value">Thirty-two hexadecimal digits that follow from the command's key, so that a repeat has the same.</param>
public readonly record struct RedemptionId(string Value)
{
    /// <summary>The redemption that a command makes.</summary>
    public static RedemptionId Of(KeyHash key) => new(key.ToString());

    /// <summary>Reads what <see cref="ToString"/> wrote; false when it is not that.</summary>
    public static bool TryParse(string? text, out RedemptionId id)
    {
        id = text is { Length: 32 } && text.All(char.IsAsciiHexDigitLower) ? new(text) : default;
        return id.Value is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
