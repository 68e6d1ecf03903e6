using Ledger.Grains.Stores;
using NodaTime;
using static Ledger.Grains.Tests.Journal.Sample;

namespace Ledger.Grains.Tests.Stores;

public abstract partial class CatalogueContract
{
    private ISigningKeys SigningKeys => (ISigningKeys)Catalogue;

    [Fact]
    public async Task One_key_signs_and_those_before_it_keep_their_public_half_only()
    {
        Assert.Empty(await SigningKeys.ListSigningKeys(Garden, Stop));
        Assert.True(await SigningKeys.AddSigningKey(Signing("k1"), null, Stop));
        Assert.False(await SigningKeys.AddSigningKey(Signing("k2"), null, Stop));
        Assert.False(await SigningKeys.AddSigningKey(Signing("k2"), "k9", Stop));
        Assert.True(await SigningKeys.AddSigningKey(Signing("k2") with { CreatedAt = s_end }, "k1", Stop));
        Assert.False(await SigningKeys.AddSigningKey(Signing("k3"), "k1", Stop));
        Assert.True(await SigningKeys.AddSigningKey(Signing("k1") with { Community = Harbour }, null, Stop));

        var keys = await SigningKeys.ListSigningKeys(Garden, Stop);

        Assert.Equal(["k2", "k1"], keys.Select(key => key.Id));
        Assert.Equal((null as Instant?, s_end), (keys[0].RetiredAt, keys[1].RetiredAt));
        Assert.Equal((s_end, s_end - Duration.FromMinutes(1)), (keys[0].CreatedAt, keys[1].CreatedAt));
        Assert.Equal(Bytes(5, 2), keys[0].Private?.ToArray());
        Assert.Null(keys[1].Private);
        Assert.All(keys, key => Assert.Equal(Bytes(4, 1), key.Public.ToArray()));
        Assert.Single(await SigningKeys.ListSigningKeys(Harbour, Stop));
    }

    [Fact]
    public async Task Of_many_keys_that_are_added_at_once_one_signs()
    {
        var first = await AtOnce(8, i => SigningKeys.AddSigningKey(Signing($"a{i}"), null, Stop));
        var signing = Assert.Single(await SigningKeys.ListSigningKeys(Garden, Stop)).Id;
        var next = await AtOnce(8, i => SigningKeys.AddSigningKey(Signing($"b{i}"), signing, Stop));

        Assert.Single(first, done => done);
        Assert.Single(next, done => done);
        Assert.Single(await SigningKeys.ListSigningKeys(Garden, Stop), key => key.RetiredAt is null && key.Private is not null);
    }

    private static SigningKey Signing(string id) => new()
    {
        Community = Garden,
        Id = id,
        Public = Bytes(4, 1),
        Private = Bytes(5, 2),
        CreatedAt = s_end - Duration.FromMinutes(1),
    };
}
