using Ledger.Grains.Stores;
using static Ledger.Grains.Tests.Journal.Sample;

namespace Ledger.Grains.Tests.Stores;

public abstract partial class CatalogueContract
{
    private IProfiles Profiles => (IProfiles)Catalogue;

    [Fact]
    public async Task A_profile_is_found_by_each_of_its_names_in_its_community()
    {
        var full = Profile("r-1") with { Name = "王小明", Phone = "+8613800000001", MemberCode = "card-1", Pin = "derived" };
        var bare = Profile("r-2");

        Assert.True(await Profiles.PutProfile(full, Stop));
        Assert.True(await Profiles.PutProfile(bare, Stop));
        Assert.True(await Profiles.PutProfile(full with { Community = Harbour, Resident = ResidentId.Parse("r-9") }, Stop));

        foreach (var found in new[]
        {
            await Profiles.FindProfile(Garden, full.Resident, Stop),
            await Profiles.FindProfileByCode(Garden, "card-1", Stop),
            await Profiles.FindProfileByPhone(Garden, "+8613800000001", Stop),
        })
        {
            Assert.Equal(full, found);
        }

        Assert.Equal(bare, await Profiles.FindProfile(Garden, bare.Resident, Stop));
        Assert.Null(await Profiles.FindProfileByPhone(Garden, "card-1", Stop));
        Assert.Null(await Profiles.FindProfile(Harbour, full.Resident, Stop));
    }

    [Fact]
    public async Task A_profile_is_replaced_whole_but_for_its_PIN()
    {
        var first = Profile("r-1") with { Name = "王小明", Phone = "1", MemberCode = "card-1", Pin = "derived" };
        await Profiles.PutProfile(first, Stop);
        Assert.True(await Profiles.CountPin(first, 5, s_end, Stop));

        Assert.True(await Profiles.PutProfile(Profile("r-1") with { Phone = "2" }, Stop));
        Assert.Equal(Profile("r-1") with { Phone = "2", Pin = "derived", WrongPins = 5, PinLockedUntil = s_end }, await Profiles.FindProfile(Garden, first.Resident, Stop));

        Assert.True(await Profiles.PutProfile(Profile("r-1") with { Pin = "another" }, Stop));
        Assert.Equal(Profile("r-1") with { Pin = "another" }, await Profiles.FindProfile(Garden, first.Resident, Stop));
    }

    [Fact]
    public async Task Phone_and_member_code_are_one_residents_until_they_are_erased()
    {
        await Profiles.PutProfile(Profile("r-1") with { Phone = "1", MemberCode = "card-1" }, Stop);

        Assert.False(await Profiles.PutProfile(Profile("r-2") with { Phone = "1" }, Stop));
        Assert.False(await Profiles.PutProfile(Profile("r-2") with { Phone = "2", MemberCode = "card-1" }, Stop));
        Assert.Null(await Profiles.FindProfile(Garden, ResidentId.Parse("r-2"), Stop));

        Assert.True(await Profiles.EraseProfile(Garden, ResidentId.Parse("r-1"), Stop));
        Assert.False(await Profiles.EraseProfile(Garden, ResidentId.Parse("r-1"), Stop));
        Assert.Null(await Profiles.FindProfileByCode(Garden, "card-1", Stop));
        Assert.True(await Profiles.PutProfile(Profile("r-2") with { Phone = "1", MemberCode = "card-1" }, Stop));
    }

    [Fact]
    public async Task Of_many_who_want_one_phone_at_once_one_gets_it()
    {
        var got = await AtOnce(8, i => Profiles.PutProfile(Profile($"r-{i}") with { Phone = "1" }, Stop));

        var owner = Assert.Single(Enumerable.Range(0, 8), i => got[i]);
        Assert.Equal($"r-{owner}", (await Profiles.FindProfileByPhone(Garden, "1", Stop))?.Resident.Value);
    }

    [Fact]
    public async Task Each_PIN_is_counted_once_however_many_come_at_once()
    {
        var seen = Profile("r-1") with { Pin = "derived" };
        await Profiles.PutProfile(seen, Stop);

        var counted = await AtOnce(8, _ => Profiles.CountPin(seen, 1, null, Stop));

        Assert.Single(counted, done => done);
        Assert.Equal(1, (await Profiles.FindProfile(Garden, seen.Resident, Stop))?.WrongPins);
        Assert.False(await Profiles.CountPin(seen with { Pin = "another", WrongPins = 1 }, 2, null, Stop));
        Assert.True(await Profiles.CountPin(seen with { WrongPins = 1 }, 2, s_end, Stop));
        Assert.Equal(s_end, (await Profiles.FindProfile(Garden, seen.Resident, Stop))?.PinLockedUntil);
    }

    private static ResidentProfile Profile(string resident) => new() { Community = Garden, Resident = ResidentId.Parse(resident) };
}
