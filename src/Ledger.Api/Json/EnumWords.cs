using System.Text.Json;

namespace Ledger.Api.Json;

/// <summary>Cases of closed lists as callers read them.</summary>
internal static class EnumWords
{
    /// <summary>A case as one word: <c>awaits_payment</c>.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
