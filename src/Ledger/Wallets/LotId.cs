using System.Globalization;

namespace Ledger.Wallets;

/// <summary>Which lot of one wallet: the sequence of the transaction that made it, so its origin is found by its name.</summary>
/// <param name="Sequence">The sequence of the transaction that made the lot; from 1. Default: 0, no lot.</param>
/// <param name="Ordinal">Which of the lots of that transaction; from 0.</param>
public readonly record struct LotId(long Sequence, int Ordinal = 0) : IComparable<LotId>
{
    /// <summary>Reads <c>12</c> or <c>12.1</c>; false when the text is neither.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out LotId id)
    {
        var dot = text.IndexOf('.');
        var ordinal = 0;
        var ok = long.TryParse(dot < 0 ? text : text[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            && (dot < 0 || int.TryParse(text[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out ordinal));
        id = ok ? new(sequence, ordinal) : default;
        return ok;
    }

    /// <inheritdoc/>
    public int CompareTo(LotId other) =>
        Sequence != other.Sequence ? Sequence.CompareTo(other.Sequence) : Ordinal.CompareTo(other.Ordinal);

    /// <summary><c>12</c>, or <c>12.1</c> for a further lot of the same transaction.</summary>
    public override string ToString() =>
        Ordinal == 0 ? Sequence.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{Sequence}.{Ordinal}");
}
