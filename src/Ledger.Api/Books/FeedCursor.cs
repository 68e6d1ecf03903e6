using Ledger.Api.Problems;
using Ledger.Api.Residents;
using Ledger.Grains.Journal;

namespace Ledger.Api.Books;

/// <summary>A position of the feed as callers keep it: opaque, and bound to its community.</summary>
internal static class FeedCursor
{
    public static string Write(FeedPosition position, CommunityId community) =>
        Cursor.WriteNamed(ListOf(community), position.Stream, position.Commit, position.Sequence);

    /// <exception cref="RequestRefusedException">It is no position of this community's feed.</exception>
    public static FeedPosition Read(string text, CommunityId community)
    {
        var (stream, position) = Cursor.ReadNamed(text, ListOf(community), 2);
        return new(position[0], stream, position[1]);
    }

    private static string ListOf(CommunityId community) => $"feed {community}";
}
