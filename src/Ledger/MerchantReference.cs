using System.Diagnostics.CodeAnalysis;

namespace Ledger;

/// <summary>A merchant's own name for one sale, unique for ever among the sales of that merchant. Default: not a reference.</summary>
/// <remarks>As text <c>tea-house,sale-17</c>: an identifier has no comma, so the two parts never run together.</remarks>
/// <param name="Merchant">Whose sale.</param>
/// <param name="Id">The merchant's name for it; see <see cref="Identifier"/>.</param>
public readonly record struct MerchantReference(MerchantId Merchant, string Id)
{
    /// <summary>Reads what <see cref="ToString"/> wrote; false when the text is no reference.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out MerchantReference reference)
    {
        reference = text?.Split(',') is [var merchant, var id] && Identifier.IsValid(merchant) && Identifier.IsValid(id)
            ? new(new(merchant), id)
            : default;
        return reference.Id is not null;
    }

    /// <summary>Merchant and id with a comma between them.</summary>
    public override string ToString() => $"{Merchant},{Id}";
}
