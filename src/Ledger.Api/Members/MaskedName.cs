using System.Globalization;

namespace Ledger.Api.Members;

/// <summary>A name as a counter may see it: enough for the member to say "that is me".</summary>
/// <remarks>王小明 → 王*明, 王明 → 王*, Anna Maria Schmidt → A*** M*** S***: of a name in letters not even its length.</remarks>
internal static class MaskedName
{
    private const string Rest = "***";

    public static string Of(string name)
    {
        var words = name.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words is [var one] && char.GetUnicodeCategory(one, 0) == UnicodeCategory.OtherLetter
            ? InCharacters(Elements(one))
            : string.Join(' ', words.Select(word => Elements(word)[0] + Rest));
    }

    private static string InCharacters(string[] characters) => characters switch
    {
        [_] => "*",
        [var first, _] => first + "*",
        [var first, .. var middle, var last] => first + new string('*', middle.Length) + last,
        [] => string.Empty,
    };

    // What people see as one character.
    private static string[] Elements(string text)
    {
        var elements = new List<string>();
        for (var each = StringInfo.GetTextElementEnumerator(text); each.MoveNext();)
        {
            elements.Add(each.GetTextElement());
        }

        return [.. elements];
    }
}
