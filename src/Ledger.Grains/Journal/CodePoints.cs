namespace Ledger.Grains.Journal;

/// <summary>Order of texts by code point, which is also that of their UTF-8 bytes.</summary>
/// <remarks>Ordinal order of .NET compares UTF-16 units and puts U+1F600 (a surrogate pair, D83D…) before U+FF21; UTF-8 does not.</remarks>
internal static class CodePoints
{
    /// <summary>The comparer.</summary>
    public static IComparer<string> Order { get; } = Comparer<string>.Create(Compare);

    private static int Compare(string left, string right)
    {
        var common = Math.Min(left.Length, right.Length);
        for (var i = 0; i < common; i++)
        {
            if (left[i] != right[i])
            {
                return Rank(left[i]).CompareTo(Rank(right[i]));
            }
        }

        return left.Length.CompareTo(right.Length);
    }

    /// <summary>A surrogate stands for a code point beyond every other UTF-16 unit.</summary>
    private static int Rank(char unit) => char.IsSurrogate(unit) ? unit + 0x10000 : unit;
}
