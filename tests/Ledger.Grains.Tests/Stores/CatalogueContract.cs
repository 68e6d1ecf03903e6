using Ledger.Grains.Stores;
using Ledger.Grains.Stores.Postgres;
using Ledger.Grains.Stores.Sqlite;
using Ledger.PrivatePostgres;
using NodaTime;
using static Ledger.Grains.Tests.Journal.Sample;

namespace Ledger.Grains.Tests.Stores;

/// <summary>What <see cref="ICatalogue"/> promises, for every store alike.</summary>
public abstract partial class CatalogueContract
{
    private static readonly Instant s_now = Morning;

    protected abstract ICatalogue Catalogue { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_community_is_added_once_and_found_by_its_identifier()
    {
        var garden = new Community(Garden, "和谐花园", s_now);

        Assert.True(await Catalogue.AddCommunity(garden, Stop));
        Assert.False(await Catalogue.AddCommunity(garden with { Name = "another" }, Stop));
        Assert.True(await Catalogue.AddCommunity(new(new("a-first"), "A", s_now), Stop));

        Assert.Equal(garden, await Catalogue.FindCommunity(Garden, Stop));
        Assert.Null(await Catalogue.FindCommunity(Harbour, Stop));
        Assert.Equal(["a-first", "garden"], (await Catalogue.ListCommunities(Stop)).Select(community => community.Id.Value));
    }

    [Fact]
    public async Task A_key_is_found_by_its_hash_with_everything_it_may_do()
    {
        var key = Key("k1", 1) with
        {
            Community = Garden,
            Scopes = ["events.write", "residents.read"],
            Sources = ["/apps/charity", "urn:志愿 服务"],
            Merchant = new MerchantId("tea-house"),
            ExpiresAt = s_now + Duration.FromDays(365),
        };

        Assert.True(await Catalogue.AddKey(key, Stop));

        Same(key, await Catalogue.FindKey(Bytes(32, 1), Stop));
        Assert.Null(await Catalogue.FindKey(Bytes(32, 2), Stop));
    }

    [Fact]
    public async Task A_key_for_all_communities_without_sources_or_end_is_kept_so()
    {
        var key = Key("k1", 1);

        Assert.True(await Catalogue.AddKey(key, Stop));

        Same(key, await Catalogue.FindKey(key.Hash, Stop));
    }

    [Fact]
    public async Task Neither_id_nor_hash_of_a_key_is_used_twice()
    {
        Assert.True(await Catalogue.AddKey(Key("k1", 1), Stop));

        Assert.False(await Catalogue.AddKey(Key("k1", 2), Stop));
        Assert.False(await Catalogue.AddKey(Key("k2", 1), Stop));
        Assert.Single(await Catalogue.ListKeys(Stop));
    }

    [Fact]
    public async Task A_client_gets_its_first_key_once_also_when_that_one_was_revoked_or_has_expired()
    {
        Assert.Equal(FirstKeyOutcome.Added, await Catalogue.AddFirstKey(Key("k1", 1) with { ExpiresAt = s_now }, Stop));
        Assert.Equal(FirstKeyOutcome.ClientTaken, await Catalogue.AddFirstKey(Key("k2", 2), Stop));
        await Catalogue.RevokeKey("k1", s_now, Stop);
        Assert.Equal(FirstKeyOutcome.ClientTaken, await Catalogue.AddFirstKey(Key("k2", 2), Stop));

        Assert.Equal(FirstKeyOutcome.KeyTaken, await Catalogue.AddFirstKey(Key("k1", 3) with { Client = "clinic-app" }, Stop));
        Assert.Equal(FirstKeyOutcome.KeyTaken, await Catalogue.AddFirstKey(Key("k3", 1) with { Client = "clinic-app" }, Stop));
        Assert.Equal(FirstKeyOutcome.Added, await Catalogue.AddFirstKey(Key("k3", 3) with { Client = "clinic-app" }, Stop));

        Assert.True(await Catalogue.AddKey(Key("k2", 2), Stop));
        Assert.Equal(["k1", "k2", "k3"], (await Catalogue.ListKeys(Stop)).Select(key => key.Id));
    }

    [Fact]
    public async Task Of_many_first_keys_of_one_client_at_once_one_is_added()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(1, 16)
            .Select(i => Task.Run(() => Catalogue.AddFirstKey(Key($"k{i}", (byte)i), Stop), Stop)));

        Assert.Single(outcomes, FirstKeyOutcome.Added);
        Assert.Equal(15, outcomes.Count(outcome => outcome == FirstKeyOutcome.ClientTaken));
        Assert.Single(await Catalogue.ListKeys(Stop));
    }

    [Fact]
    public async Task A_revoked_key_is_still_listed_and_keeps_the_time_of_its_revocation()
    {
        await Catalogue.AddKey(Key("k1", 1), Stop);
        await Catalogue.AddKey(Key("k2", 2) with { CreatedAt = s_now - Duration.FromDays(1) }, Stop);

        Assert.True(await Catalogue.RevokeKey("k1", s_now, Stop));
        Assert.False(await Catalogue.RevokeKey("k1", s_now + Duration.FromDays(1), Stop));
        Assert.False(await Catalogue.RevokeKey("k9", s_now, Stop));

        var keys = await Catalogue.ListKeys(Stop);
        Assert.Equal(["k2", "k1"], keys.Select(key => key.Id));
        Assert.Equal([null, s_now], keys.Select(key => key.RevokedAt));
    }

    [Fact]
    public async Task Versions_of_a_programme_follow_one_another_and_each_community_has_its_own()
    {
        var first = new StoredProgramme(Garden, 1, Instant.MinValue, """{"zone":"Asia/Shanghai"}""", "import", s_now);
        var second = first with { Version = 2, EffectiveFrom = s_now, Json = "{ }" };

        Assert.True(await Catalogue.AddProgramme(first, Stop));
        Assert.False(await Catalogue.AddProgramme(first with { Json = "other" }, Stop));
        Assert.False(await Catalogue.AddProgramme(first with { Version = 3 }, Stop));
        Assert.True(await Catalogue.AddProgramme(second, Stop));
        Assert.True(await Catalogue.AddProgramme(first with { Community = Harbour }, Stop));

        Assert.Equal([first, second], await Catalogue.ListProgrammes(Garden, Stop));
        Assert.Empty(await Catalogue.ListProgrammes(new("nobody"), Stop));
    }

    private static ApiKey Key(string id, byte seed) => new()
    {
        Id = id,
        Client = "charity-app",
        Community = null,
        Scopes = ["operator"],
        Hash = Bytes(32, seed),
        CreatedAt = s_now,
    };

    private static void Same(ApiKey expected, ApiKey? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.Hash.ToArray(), actual.Hash.ToArray());
        Assert.Equal(expected.Scopes.AsEnumerable(), actual.Scopes);
        Assert.Equal(expected.Sources.AsEnumerable(), actual.Sources);
        Assert.Equal(expected, actual with { Hash = expected.Hash, Scopes = expected.Scopes, Sources = expected.Sources });
    }
}

public sealed class InMemoryCatalogueTests : CatalogueContract
{
    protected override ICatalogue Catalogue { get; } = new InMemoryCatalogue();
}

public sealed class SqliteCatalogueTests : CatalogueContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteStore _store;

    public SqliteCatalogueTests()
    {
        _store = SqliteStore.Open(_folder.Store, "test");
        Catalogue = new SqliteCatalogue(_store);
    }

    protected override ICatalogue Catalogue { get; }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_was_added_is_there_after_opening_again_and_readable_beside_the_writer()
    {
        var stop = TestContext.Current.CancellationToken;
        await Catalogue.AddCommunity(new(Garden, "和谐花园", Morning), stop);

        using (var beside = SqliteStore.OpenReadOnly(_folder.Store))
        {
            var reading = new SqliteCatalogue(beside);
            Assert.Single(await reading.ListCommunities(stop));
            await Assert.ThrowsAsync<Ledger.Grains.Journal.JournalUnavailableException>(
                () => reading.AddCommunity(new(Harbour, "x", Morning), stop));
        }

        _store.Dispose();
        using var again = SqliteStore.Open(_folder.Store, "test");
        Assert.Single(await new SqliteCatalogue(again).ListCommunities(stop));
    }
}

public sealed class PostgresCatalogueTests(SharedPostgres shared) : CatalogueContract, IAsyncLifetime
{
    private LedgerDatabase _database = null!;
    private PostgresStore _store = null!;
    private PostgresCatalogue _catalogue = null!;

    protected override ICatalogue Catalogue => _catalogue;

    public async ValueTask InitializeAsync()
    {
        _database = await LedgerDatabase.Create(shared);
        _store = _database.Open();
        _catalogue = new(_store);
    }

    public async ValueTask DisposeAsync()
    {
        await _catalogue.DisposeAsync();
        _store.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task What_one_silo_adds_another_one_sees_and_one_that_only_reads_adds_nothing()
    {
        var stop = TestContext.Current.CancellationToken;
        await Catalogue.AddCommunity(new(Garden, "和谐花园", Morning), stop);

        using var other = _database.Open();
        await using var seeing = new PostgresCatalogue(other);
        using var beside = PostgresStore.OpenReadOnly(_database.ConnectionString);
        await using var reading = new PostgresCatalogue(beside);

        Assert.Equal("和谐花园", (await seeing.FindCommunity(Garden, stop))?.Name);
        Assert.Single(await reading.ListCommunities(stop));
        await Assert.ThrowsAsync<Ledger.Grains.Journal.JournalUnavailableException>(
            () => reading.AddCommunity(new(Harbour, "x", Morning), stop));
    }

    [Fact]
    public async Task What_one_silo_works_on_alone_another_one_leaves_until_it_is_done()
    {
        var stop = TestContext.Current.CancellationToken;
        using var other = _database.Open();
        await using var second = new PostgresCatalogue(other);
        var (begun, end) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = _catalogue.WorkAlone(Garden, "q1", () => Work(), stop);
        await begun.Task;

        Assert.False(await second.WorkAlone(Garden, "q1", () => throw new InvalidOperationException("It was not alone."), stop));
        Assert.True(await second.WorkAlone(Garden, "q2", () => Task.CompletedTask, stop));
        Assert.True(await second.WorkAlone(Harbour, "q1", () => Task.CompletedTask, stop));

        end.SetResult();
        Assert.True(await first);
        Assert.True(await second.WorkAlone(Garden, "q1", () => Task.CompletedTask, stop));

        Task Work()
        {
            begun.SetResult();
            return end.Task;
        }
    }

    [Fact]
    public async Task Of_many_silos_that_add_at_once_one_adds()
    {
        var stop = TestContext.Current.CancellationToken;
        using var other = _database.Open();
        await using var second = new PostgresCatalogue(other);
        var programme = new StoredProgramme(Garden, 1, Morning, "{}", "operator", Morning);

        var added = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? _catalogue : second).AddProgramme(programme, stop)));

        Assert.Single(added, true);
    }
}
