using Ledger.Grains.Stores;
using Ledger.Merchants;
using Ledger.Programmes;
using NodaTime;
using static Ledger.Grains.Tests.Journal.Sample;

namespace Ledger.Grains.Tests.Stores;

public abstract partial class CatalogueContract
{
    private IMerchantRegister Register => (IMerchantRegister)Catalogue;

    [Fact]
    public async Task A_merchant_is_kept_whole_with_all_that_it_ever_was()
    {
        var first = Revision("tea-house", 1);
        var second = Revision("tea-house", 2) with
        {
            Merchant = Named("tea-house") with
            {
                NameZh = "湖畔茶馆",
                Status = MerchantStatus.Suspended,
                Terminals = ["t-1", "t-2"],
                Cashiers = [new("c-9", new ResidentId("r-1")), new("c-10", null)],
                Terms = [new(s_now, LocalTime.Midnight, null), new(s_now + Duration.FromNanoseconds(1), new(22, 0), new(1, new(3), "CNY", Rounding.HalfUp))],
            },
            ChangedBy = "other",
            ChangedAt = s_now + Duration.FromNanoseconds(123_456_789),
        };
        Assert.True(await Register.AddMerchantRevision(first, Stop));
        Assert.True(await Register.AddMerchantRevision(second, Stop));
        Assert.True(await Register.AddMerchantRevision(Revision("clinic", 1), Stop));
        Assert.True(await Register.AddMerchantRevision(first with { Community = Harbour }, Stop));

        Same([Revision("clinic", 1), second], await Register.ListMerchants(Garden, Stop));
        Same([first, second], await Register.ListMerchantRevisions(Garden, new("tea-house"), Stop));
        Same([first with { Community = Harbour }], await Register.ListMerchants(Harbour, Stop));
        Same([second], [(await Register.FindMerchant(Garden, new("tea-house"), Stop))!]);
        Assert.Null(await Register.FindMerchant(Harbour, new("clinic"), Stop));
        Assert.Empty(await Register.ListMerchantRevisions(Harbour, new("clinic"), Stop));
    }

    [Fact]
    public async Task A_revision_that_is_not_the_next_one_is_not_taken()
    {
        Assert.False(await Register.AddMerchantRevision(Revision("tea-house", 2), Stop));
        Assert.True(await Register.AddMerchantRevision(Revision("tea-house", 1), Stop));
        Assert.False(await Register.AddMerchantRevision(Revision("tea-house", 1), Stop));
        Assert.False(await Register.AddMerchantRevision(Revision("tea-house", 3), Stop));
        Assert.Single(await Register.ListMerchantRevisions(Garden, new("tea-house"), Stop));
    }

    [Fact]
    public async Task Of_many_who_change_one_merchant_at_once_one_wins()
    {
        var won = await AtOnce(16, i => Register.AddMerchantRevision(Revision("tea-house", 1) with { ChangedBy = $"client-{i}" }, Stop));

        var winner = Assert.Single(Enumerable.Range(0, 16), i => won[i]);
        Assert.Equal($"client-{winner}", (await Register.ListMerchants(Garden, Stop)).Single().ChangedBy);
    }

    private static MerchantRevision Revision(string id, int number) => new(Garden, number, Named(id), "operator-1", s_now);

    private static Merchant Named(string id) => new()
    {
        Id = new(id),
        NameZh = id,
        NameEn = id,
        Category = "shops",
        Status = MerchantStatus.Active,
    };

    // A list in a record is compared by what it holds.
    private static void Same(IReadOnlyList<MerchantRevision> expected, IReadOnlyList<MerchantRevision> actual)
    {
        Assert.Equal(expected.Select(Plain), actual.Select(Plain));
        Assert.Equal(expected.Select(revision => MerchantJson.Write(revision.Merchant)), actual.Select(revision => MerchantJson.Write(revision.Merchant)));

        static (CommunityId, int, string, Instant) Plain(MerchantRevision revision) =>
            (revision.Community, revision.Revision, revision.ChangedBy, revision.ChangedAt);
    }
}
