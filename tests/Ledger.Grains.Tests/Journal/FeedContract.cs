using Ledger.Grains.Journal;
using static Ledger.Grains.Tests.Journal.Sample;

namespace Ledger.Grains.Tests.Journal;

/// <summary>What <see cref="IJournalFeed"/> promises, for every store alike.</summary>
public static class FeedContract
{
    /// <summary>Reads on from a position until so many rows are there; a row may come a little after its commit.</summary>
    internal static async Task<List<FeedRow>> Follow(IJournalFeed feed, CommunityId community, int rows, int rowsPerPage, FeedPosition? after = null)
    {
        var read = new List<FeedRow>();
        var position = after ?? FeedPosition.Start;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (read.Count < rows)
        {
            var page = await feed.ReadFeed(community, position, rowsPerPage, patience.Token);
            patience.Token.ThrowIfCancellationRequested();
            Assert.InRange(page.Count, 0, rowsPerPage);
            read.AddRange(page);
            position = page is [.., var last] ? last.Position : position;
            await Task.Yield();
        }

        return read;
    }

    /// <summary>All rows that are in the journal, each once, those of a stream in their order.</summary>
    internal static async Task Complete(IReadOnlyList<FeedRow> read, IJournal journal, CommunityId community)
    {
        var all = await journal.ReadAll(community, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(
            Texts(all), Texts(read.Select(fed => fed.Row).OrderBy(row => row.Stream.Name, StringComparer.Ordinal).ThenBy(row => row.Sequence)));
        foreach (var stream in read.GroupBy(fed => fed.Row.Stream))
        {
            Assert.Equal(Enumerable.Range(1, stream.Count()).Select(i => (long)i), stream.Select(fed => fed.Row.Sequence));
        }
    }

    internal static async Task Holds(IJournal journal, IJournalFeed feed)
    {
        var stop = TestContext.Current.CancellationToken;
        var (zoe, ana) = (Wallet("zoe"), Wallet("ana"));
        Assert.Empty(await feed.ReadFeed(Garden, FeedPosition.Start, 10, stop));
        await journal.Append(Set(zoe, 1, 3));
        await journal.Append(Set(Row(Wallet("ana", Harbour), 1)));
        await journal.Append(Set(Row(ana, 1, null, Award(5), Award(6)), Row(ana, 2)));
        await journal.Append(Set(zoe, 4, 2));
        await journal.Append(Set(Row(zoe, 4, "fenced")));

        var whole = await Follow(feed, Garden, 7, 100);

        Assert.Equal(
            [(zoe, 1L), (zoe, 2L), (zoe, 3L), (ana, 1L), (ana, 2L), (zoe, 4L), (zoe, 5L)], whole.Select(fed => (fed.Row.Stream, fed.Row.Sequence)));
        await Complete(whole, journal, Garden);
        Assert.Single(await Follow(feed, Harbour, 1, 100));
        for (var rowsPerPage = 1; rowsPerPage < 8; rowsPerPage++)
        {
            Assert.Equal(whole.Select(fed => fed.Position), (await Follow(feed, Garden, 7, rowsPerPage)).Select(fed => fed.Position));
        }

        for (var i = 0; i < whole.Count; i++)
        {
            Assert.Equal(whole.Skip(i + 1).Select(fed => fed.Position), (await feed.ReadFeed(Garden, whole[i].Position, 100, stop)).Select(fed => fed.Position));
        }
    }
}

public sealed class FeedTests
{
    [Fact]
    public async Task Memory_gives_every_row_once_and_in_order_from_wherever_it_is_read()
    {
        var journal = new InMemoryJournal();
        await FeedContract.Holds(journal, journal);
    }

    [Fact]
    public async Task Sqlite_gives_every_row_once_and_in_order_from_wherever_it_is_read()
    {
        using var folder = new Stores.TemporaryFolder();
        using var store = Grains.Stores.Sqlite.SqliteStore.Open(folder.Store, "test");
        await using var journal = new Grains.Journal.Sqlite.SqliteJournal(store);
        await FeedContract.Holds(journal, journal);
    }
}
