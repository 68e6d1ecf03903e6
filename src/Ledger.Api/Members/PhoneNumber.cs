namespace Ledger.Api.Members;

/// <summary>A phone number as it is stored and looked up: its digits, and the plus before them where there is one.</summary>
internal static class PhoneNumber
{
    /// <summary>The rule in words.</summary>
    public const string Rule = "5 to 15 digits, perhaps with a plus before them and with blanks, hyphens or brackets between them";

    /// <summary>Reads a number; null when it is none.</summary>
    public static string? Read(string text)
    {
        var number = string.Concat(text.Where(c => c is not (' ' or '-' or '(' or ')')));
        var digits = number.StartsWith('+') ? number.AsSpan(1) : number;
        return digits.Length is >= 5 and <= 15 && !digits.ContainsAnyExceptInRange('0', '9') ? number : null;
    }
}
