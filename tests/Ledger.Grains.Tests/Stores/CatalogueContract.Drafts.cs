using Ledger.Grains.Stores;
using NodaTime;
using static Ledger.Grains.Tests.Journal.Sample;

namespace Ledger.Grains.Tests.Stores;

public abstract partial class CatalogueContract
{
    private IDrafts Drafts => (IDrafts)Catalogue;

    [Fact]
    public async Task A_draft_is_kept_whole_and_listed_without_its_text()
    {
        var draft = Draft("d1") with { Name = "春天 2027", Json = """{ "zone": "Nowhere" }""" };
        var older = Draft("d2") with { CreatedAt = s_now - Duration.FromNanoseconds(1) };

        Assert.True(await Drafts.AddDraft(draft, Stop));
        Assert.True(await Drafts.AddDraft(older, Stop));
        Assert.False(await Drafts.AddDraft(Draft("d1") with { Name = "another" }, Stop));
        Assert.True(await Drafts.AddDraft(draft with { Community = Harbour }, Stop));

        Assert.Equal(draft, await Drafts.FindDraft(Garden, "d1", Stop));
        Assert.Null(await Drafts.FindDraft(Garden, "d9", Stop));
        Assert.Equal([older with { Json = null }, draft with { Json = null }], await Drafts.ListDrafts(Garden, Stop));
        Assert.Single(await Drafts.ListDrafts(Harbour, Stop));
    }

    [Fact]
    public async Task A_draft_is_changed_and_deleted_by_whoever_saw_its_last_revision()
    {
        await Drafts.AddDraft(Draft("d1"), Stop);
        var second = Draft("d1") with { Revision = 2, Name = "second", Json = "{ }", ChangedBy = "other", ChangedAt = s_now + Duration.FromHours(1) };

        Assert.True(await Drafts.ChangeDraft(second, Stop));
        Assert.False(await Drafts.ChangeDraft(second with { Name = "late" }, Stop));
        Assert.False(await Drafts.ChangeDraft(second with { Revision = 4 }, Stop));
        Assert.False(await Drafts.ChangeDraft(second with { Id = "d9" }, Stop));
        Assert.Equal(second, await Drafts.FindDraft(Garden, "d1", Stop));

        Assert.False(await Drafts.DeleteDraft(Garden, "d1", 1, Stop));
        Assert.False(await Drafts.DeleteDraft(Harbour, "d1", 2, Stop));
        Assert.True(await Drafts.DeleteDraft(Garden, "d1", 2, Stop));
        Assert.Null(await Drafts.FindDraft(Garden, "d1", Stop));
    }

    [Fact]
    public async Task Of_many_who_change_one_draft_at_once_one_wins_and_his_text_stays()
    {
        await Drafts.AddDraft(Draft("d1"), Stop);

        var won = await AtOnce(16, i => Drafts.ChangeDraft(Draft("d1") with { Revision = 2, Json = $"{i}", ChangedBy = $"client-{i}" }, Stop));

        var winner = Assert.Single(Enumerable.Range(0, 16), i => won[i]);
        var stored = await Drafts.FindDraft(Garden, "d1", Stop);
        Assert.Equal((2, $"{winner}", $"client-{winner}"), (stored!.Revision, stored.Json, stored.ChangedBy));
    }

    [Fact]
    public async Task A_community_has_a_hundred_drafts_at_most_however_many_are_added_at_once()
    {
        var added = await AtOnce(ProgrammeDraft.CountMax + 16, i => Drafts.AddDraft(Draft($"d{i}"), Stop));

        Assert.Equal(ProgrammeDraft.CountMax, added.Count(done => done));
        Assert.Equal(ProgrammeDraft.CountMax, (await Drafts.ListDrafts(Garden, Stop)).Count);
        Assert.True(await Drafts.AddDraft(Draft("d1") with { Community = Harbour }, Stop));
        await Drafts.DeleteDraft(Garden, $"d{Enumerable.Range(0, added.Length).First(i => added[i])}", 1, Stop);
        Assert.True(await Drafts.AddDraft(Draft("again"), Stop));
    }

    [Fact]
    public async Task A_published_draft_names_its_version_and_never_changes_again()
    {
        await Drafts.AddDraft(Draft("d1"), Stop);
        var version = Version(1);

        Assert.False(await Drafts.PublishDraft(version, "d1", 2, Stop));
        Assert.False(await Drafts.PublishDraft(version, "d9", 1, Stop));
        Assert.False(await Drafts.PublishDraft(version with { Version = 2 }, "d1", 1, Stop));
        Assert.Empty(await Catalogue.ListProgrammes(Garden, Stop));
        Assert.Equal(Draft("d1"), await Drafts.FindDraft(Garden, "d1", Stop));

        Assert.True(await Drafts.PublishDraft(version, "d1", 1, Stop));
        Assert.Equal([version], await Catalogue.ListProgrammes(Garden, Stop));
        var published = Draft("d1") with { Revision = 2, ChangedBy = version.PublishedBy, ChangedAt = version.PublishedAt, PublishedAs = 1 };
        Assert.Equal(published, await Drafts.FindDraft(Garden, "d1", Stop));

        Assert.False(await Drafts.ChangeDraft(Draft("d1") with { Revision = 3 }, Stop));
        Assert.False(await Drafts.PublishDraft(Version(2), "d1", 2, Stop));
        Assert.Single(await Catalogue.ListProgrammes(Garden, Stop));
        Assert.True(await Drafts.DeleteDraft(Garden, "d1", 2, Stop));
        Assert.Single(await Catalogue.ListProgrammes(Garden, Stop));
    }

    [Fact]
    public async Task Of_publishing_and_changing_at_once_one_wins_and_what_was_published_is_what_was_seen()
    {
        for (var round = 1; round <= 8; round++)
        {
            var id = $"d{round}";
            await Drafts.AddDraft(Draft(id), Stop);
            var next = (await Catalogue.ListProgrammes(Garden, Stop)).Count + 1;

            var won = await AtOnce(8, i => i % 2 == 0
                ? Drafts.PublishDraft(Version(next), id, 1, Stop)
                : Drafts.ChangeDraft(Draft(id) with { Revision = 2, Json = "changed" }, Stop));

            Assert.Single(won, true);
            var (draft, versions) = (await Drafts.FindDraft(Garden, id, Stop), await Catalogue.ListProgrammes(Garden, Stop));
            Assert.Equal((2, versions.Count == next), (draft!.Revision, draft.PublishedAs == next));
            Assert.Equal(draft.PublishedAs is null ? "changed" : "{}", draft.Json);
        }
    }

    private static Task<bool[]> AtOnce(int count, Func<int, Task<bool>> act) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(i => Task.Run(() => act(i), Stop)));

    private static StoredProgramme Version(int number) => new(Garden, number, s_now, "{}", "publisher", s_now + Duration.FromHours(2));

    private static ProgrammeDraft Draft(string id) => new()
    {
        Community = Garden,
        Id = id,
        Name = "next year",
        Revision = 1,
        Json = "{}",
        CreatedBy = "writer",
        CreatedAt = s_now,
        ChangedBy = "writer",
        ChangedAt = s_now,
    };
}
