using Ledger.Merchants;

namespace Ledger.Grains.Journal;

/// <summary>The words of kinds of movement, as stores keep them.</summary>
internal static class MovementText
{
    private static readonly string[] Words = [.. Enum.GetNames<MovementKind>().Select(name => name.ToLowerInvariant())];

    public static string Of(MovementKind kind) => Words[(int)kind];

    public static MovementKind Read(string word) => (MovementKind)Array.IndexOf(Words, word);
}
