using System.Buffers.Text;
using System.Text;
using Ledger.Api.Problems;
using Ledger.Api.Residents;
using Ledger.Grains.Journal;

namespace Ledger.Api.Books;

/// <summary>A position of the feed as callers keep it: opaque, and bound to its community.</summary>
/// <remarks>A cursor of two numbers, a dot, and the name of a stream in Base64url.</remarks>
internal static class FeedCursor
{
    public static string Write(FeedPosition position, CommunityId community) =>
        $"{Cursor.Write(ListOf(community), position.Commit, position.Sequence)}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(position.Stream))}";

    /// <exception cref="RequestRefusedException">It is no position of this community's feed.</exception>
    public static FeedPosition Read(string text, CommunityId community)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || !Base64Url.IsValid(text.AsSpan(dot + 1)))
        {
            throw Unknown();
        }

        var numbers = Cursor.Read(text[..dot], ListOf(community), 2);
        var stream = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text.AsSpan(dot + 1)));

        // Whoever makes one up must not reach a database with characters that it does not store.
        return stream.Any(char.IsControl) ? throw Unknown() : new(numbers[0], stream, numbers[1]);
    }

    private static RequestRefusedException Unknown() => new(KnownProblems.CursorInvalid, "This position does not come from the feed.");

    private static string ListOf(CommunityId community) => $"feed {community}";
}
