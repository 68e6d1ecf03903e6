using Ledger.Grains.Communities;
using Ledger.Grains.Journal;
using Ledger.Grains.Stores;
using Ledger.Grains.Tests.Clocks;
using Ledger.Grains.Tests.Hosting;
using NodaTime;

namespace Ledger.Grains.Tests.Communities;

public class CataloguedProgrammesTests
{
    private static readonly CommunityId Garden = CommunityId.Parse("garden");

    private readonly CountedCatalogue _catalogue = new();
    private readonly MovedTime _time = new();
    private readonly CataloguedProgrammes _programmes;

    public CataloguedProgrammesTests() => _programmes = new(_catalogue, _time);

    [Fact]
    public async Task What_was_read_is_remembered_and_nobody_is_asked_again()
    {
        await Publish(1);
        Assert.Equal(1, await Versions());
        Assert.Equal(1, await Versions());
        Assert.Equal(1, _catalogue.Readings);
    }

    [Fact]
    public async Task A_publication_here_counts_at_once()
    {
        await Publish(1);
        Assert.Equal(1, await Versions());
        await Publish(2);
        _programmes.Refresh(Garden);
        Assert.Equal(2, await Versions());
    }

    [Fact]
    public async Task A_publication_elsewhere_counts_once_the_reading_is_no_longer_fresh()
    {
        await Publish(1);
        Assert.Equal(1, await Versions());
        await Publish(2);
        _time.Move(RememberedList.FreshFor - TimeSpan.FromSeconds(1));
        Assert.Equal(1, await Versions());

        // This one starts the reading, which is done when the catalogue answers at once.
        _time.Move(TimeSpan.FromSeconds(1));
        _ = await Versions();
        Assert.Equal(2, await Versions());
        Assert.Equal(2, _catalogue.Readings);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_leaves_what_was_known_usable_for_a_while_and_then_decides_nothing()
    {
        await Publish(1);
        Assert.Equal(1, await Versions());
        _catalogue.Fails = true;
        _time.Move(RememberedList.UsableFor - TimeSpan.FromSeconds(1));
        Assert.Equal(1, await Versions());
        Assert.Equal(1, await Versions());
        _time.Move(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<JournalUnavailableException>(Versions);
        await Assert.ThrowsAsync<JournalUnavailableException>(Versions);
        _catalogue.Fails = false;
        Assert.Equal(1, await Versions());
    }

    [Fact]
    public async Task A_first_reading_that_fails_is_done_again()
    {
        await Publish(1);
        _catalogue.Fails = true;
        await Assert.ThrowsAsync<JournalUnavailableException>(Versions);
        _catalogue.Fails = false;
        Assert.Equal(1, await Versions());
    }

    private async Task<int> Versions() => (await _programmes.Of(Garden)).Versions.Length;

    private async Task Publish(int version) => Assert.True(await _catalogue.AddProgramme(
        new(Garden, version, Instant.FromUtc(2026, 1, version, 0, 0), FixedProgrammes.Simple, "test", Instant.FromUtc(2026, 1, 1, 0, 0))));

    private sealed class CountedCatalogue : ICatalogue
    {
        private readonly InMemoryCatalogue _inner = new();

        public int Readings { get; private set; }

        public bool Fails { get; set; }

        public Task<IReadOnlyList<StoredProgramme>> ListProgrammes(CommunityId community, CancellationToken cancellation = default)
        {
            Readings++;
            return Fails ? throw new JournalUnavailableException("The store does not answer.") : _inner.ListProgrammes(community, cancellation);
        }

        public Task<bool> AddProgramme(StoredProgramme programme, CancellationToken cancellation = default) =>
            _inner.AddProgramme(programme, cancellation);

        public Task<bool> AddCommunity(Community community, CancellationToken cancellation = default) => _inner.AddCommunity(community, cancellation);

        public Task<Community?> FindCommunity(CommunityId id, CancellationToken cancellation = default) => _inner.FindCommunity(id, cancellation);

        public Task<IReadOnlyList<Community>> ListCommunities(CancellationToken cancellation = default) => _inner.ListCommunities(cancellation);

        public Task<FirstKeyOutcome> AddFirstKey(ApiKey key, CancellationToken cancellation = default) => _inner.AddFirstKey(key, cancellation);

        public Task<bool> AddKey(ApiKey key, CancellationToken cancellation = default) => _inner.AddKey(key, cancellation);

        public Task<ApiKey?> FindKey(ReadOnlyMemory<byte> hash, CancellationToken cancellation = default) => _inner.FindKey(hash, cancellation);

        public Task<IReadOnlyList<ApiKey>> ListKeys(CancellationToken cancellation = default) => _inner.ListKeys(cancellation);

        public Task<bool> RevokeKey(string id, Instant at, CancellationToken cancellation = default) => _inner.RevokeKey(id, at, cancellation);
    }
}
