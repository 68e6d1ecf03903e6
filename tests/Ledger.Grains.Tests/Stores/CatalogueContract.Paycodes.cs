using Ledger.Grains.Stores;
using NodaTime;
using static Ledger.Grains.Tests.Journal.Sample;

namespace Ledger.Grains.Tests.Stores;

public abstract partial class CatalogueContract
{
    private static readonly ResidentId s_payer = ResidentId.Parse("r-1");

    // A whole second.
    private static readonly Instant s_end = Instant.FromUnixTimeSeconds(s_now.ToUnixTimeSeconds() + 60);

    private IPaycodes Paycodes => (IPaycodes)Catalogue;

    [Fact]
    public async Task A_paycode_is_found_in_its_community_until_it_is_forgotten()
    {
        var (code, later) = (Code(1), Code(2) with { Until = s_end + Duration.FromSeconds(1) });

        Assert.True(await Paycodes.AddPaycode(code, s_now, Stop));
        Assert.True(await Paycodes.AddPaycode(later, s_now, Stop));
        Assert.Equal(code, await Paycodes.FindPaycode(Garden, code.Digest, Stop));
        Assert.Null(await Paycodes.FindPaycode(Harbour, code.Digest, Stop));
        Assert.Equal([code.Until, later.Until], await Paycodes.ListPaycodeEnds(Garden, s_payer, false, s_now, Stop));
        Assert.Equal([later.Until], await Paycodes.ListPaycodeEnds(Garden, s_payer, false, code.Until, Stop));

        await Paycodes.ForgetPaycodes(code.Until - Duration.FromSeconds(1), Stop);
        Assert.NotNull(await Paycodes.FindPaycode(Garden, code.Digest, Stop));
        await Paycodes.ForgetPaycodes(code.Until, Stop);
        Assert.Null(await Paycodes.FindPaycode(Garden, code.Digest, Stop));
        Assert.Equal(later, await Paycodes.FindPaycode(Garden, later.Digest, Stop));
    }

    [Fact]
    public async Task Codes_of_two_residents_never_meet()
    {
        Assert.True(await Paycodes.AddPaycode(Code(1), s_now, Stop));

        Assert.False(await Paycodes.AddPaycode(Code(1) with { Resident = ResidentId.Parse("r-2") }, s_now, Stop));
        Assert.True(await Paycodes.AddPaycode(Code(1) with { Community = Harbour, Resident = ResidentId.Parse("r-2") }, s_now, Stop));

        Assert.Equal(s_payer, (await Paycodes.FindPaycode(Garden, Code(1).Digest, Stop))?.Resident);
    }

    [Fact]
    public async Task A_resident_has_five_codes_that_have_not_ended_however_many_are_asked_for_at_once()
    {
        Assert.True(await Paycodes.AddPaycode(Code(100) with { Until = s_end - Duration.FromMinutes(1) }, s_now, Stop));

        var added = await AtOnce(16, i => Paycodes.AddPaycode(Code(i), s_now, Stop));

        Assert.Equal(StoredPaycode.LiveMax, added.Count(done => done));
        Assert.True(await Paycodes.AddPaycode(Code(101) with { Resident = ResidentId.Parse("r-2") }, s_now, Stop));
        Assert.True(await Paycodes.AddPaycode(Code(102), s_now + Duration.FromMinutes(1), Stop));
    }

    [Fact]
    public async Task What_counters_got_is_counted_apart_and_keeps_its_limit()
    {
        var found = await AtOnce(8, i => Paycodes.AddPaycode(Code(i) with { PinAbove = new(i * 100) }, s_now, Stop));

        Assert.Equal(StoredPaycode.LiveMax, found.Count(done => done));
        Assert.True(await Paycodes.AddPaycode(Code(8), s_now, Stop));
        Assert.Equal(StoredPaycode.LiveMax, (await Paycodes.ListPaycodeEnds(Garden, s_payer, true, s_now, Stop)).Count);
        Assert.Single(await Paycodes.ListPaycodeEnds(Garden, s_payer, false, s_now, Stop));
        var kept = Enumerable.Range(0, 8).First(i => found[i]);
        Assert.Equal(new Points(kept * 100), (await Paycodes.FindPaycode(Garden, Code(kept).Digest, Stop))?.PinAbove);
        Assert.Null((await Paycodes.FindPaycode(Garden, Code(8).Digest, Stop))?.PinAbove);
    }

    private static StoredPaycode Code(int number) => new(Garden, new($"{number:x32}"), s_payer, s_end);
}
