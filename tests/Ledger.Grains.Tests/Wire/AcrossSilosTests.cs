using System.Collections.Immutable;
using Ledger.Accounts;
using Ledger.Grains.Wallets;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Grains.Tests.Wire;

[Collection(nameof(TwoSilos))]
public sealed class AcrossSilosTests(TwoSilos silos)
{
    public static TheoryData<Type> OfTheDomain => [.. Samples.OfTheDomain];

    public static TheoryData<Type> OfTheGrains => [.. Samples.OfTheGrains];

    [Theory]
    [MemberData(nameof(OfTheDomain))]
    [MemberData(nameof(OfTheGrains))]
    public async Task Every_value_crosses_as_an_object(Type type)
    {
        var value = Samples.Of(type);
        var far = await silos.Far(nameof(Every_value_crosses_as_an_object));
        var back = await far.Any(value);
        Sameness.AssertSame(value, back);
        Assert.NotSame(value, back);
    }

    [Theory]
    [MemberData(nameof(OfTheDomain))]
    [MemberData(nameof(OfTheGrains))]
    public async Task Every_value_crosses_as_its_own_type_and_as_its_closed_set(Type type)
    {
        var value = Samples.Of(type);
        var far = await silos.Far(nameof(Every_value_crosses_as_its_own_type_and_as_its_closed_set));
        Sameness.AssertSame(value, await EchoAs(far, type, value));
        if (Samples.ClosedSetOf(type) is { } set)
        {
            Sameness.AssertSame(value, await EchoAs(far, set, value));
        }
    }

    [Theory]
    [MemberData(nameof(OfTheDomain))]
    public async Task Every_value_of_the_domain_crosses_in_a_collection(Type type)
    {
        var value = Samples.Of(type);
        var far = await silos.Far(nameof(Every_value_of_the_domain_crosses_in_a_collection));
        var array = Array.CreateInstance(type, 2);
        array.SetValue(value, 0);
        array.SetValue(value, 1);
        var list = typeof(ImmutableArray).GetMethod(nameof(ImmutableArray.Create), 1, [Type.MakeGenericMethodParameter(0).MakeArrayType()])!
            .MakeGenericMethod(type).Invoke(null, [array])!;
        Sameness.AssertSame(list, await EchoAs(far, list.GetType(), list));
        Sameness.AssertSame(array, await EchoAs(far, typeof(IReadOnlyList<>).MakeGenericType(type), array));
    }

    [Fact]
    public async Task The_cases_of_a_closed_set_cross_in_one_array()
    {
        var far = await silos.Far(nameof(The_cases_of_a_closed_set_cross_in_one_array));
        foreach (var array in new object[]
        {
            Samples.Of<ImmutableArray<WalletCommand>>(), Samples.Of<ImmutableArray<WalletEvent>>(), Samples.Of<ImmutableArray<Refusal>>(),
            Samples.Of<ImmutableArray<CommandResult>>(),
        })
        {
            Sameness.AssertSame(array, await EchoAs(far, array.GetType(), array));
        }
    }

    [Fact]
    public async Task The_ends_of_every_range_cross()
    {
        var far = await silos.Far(nameof(The_ends_of_every_range_cross));
        foreach (var value in new object[]
        {
            WalletState.Empty, Instant.MinValue, Instant.MaxValue, LocalDate.MinIsoValue, LocalDate.MaxIsoValue,
            new Points(long.MinValue), new Points(long.MaxValue), new KeyHash(0, ulong.MaxValue), new LotId(long.MaxValue, int.MaxValue),
            CommandKey.Client("c", new string('\u4e2d', CommandKey.CharactersMax)), CommandKey.Client("c", "\ud83c\udfe5\"\\<>&\u2028"),
        })
        {
            Sameness.AssertSame(value, await far.Any(value));
        }
    }

    [Fact]
    public async Task Several_arguments_of_one_call_cross_together()
    {
        var far = await silos.Far(nameof(Several_arguments_of_one_call_cross_together));
        var stream = StreamId.Of(new("spring-lane"), new("r-1029"));
        var key = CommandKey.Event("https://clinic.example/visits", "v-7 \u5065\u5eb7");
        var posting = new Posting(Account.Issuance(new("charity-service")), Account.Available, new(22), new LotId(3, 1));
        var at = Instant.FromUtc(2024, 2, 29, 16, 0).PlusNanoseconds(100);
        Assert.Equal(
            [
                posting with { Lot = null },
                new(new(stream.ToString()), new(key.ToString()), new(at.ToUnixTimeTicks()), null),
                new(new("r-1029"), Account.Available, new(22), new LotId(3, 1)),
            ],
            await far.Post(stream, key, new("r-1029"), posting, null, at));
    }

    [Fact]
    public async Task A_grain_sends_to_a_grain_of_the_other_silo()
    {
        var near = await silos.Near(nameof(A_grain_sends_to_a_grain_of_the_other_silo));
        var far = await silos.Far(nameof(A_grain_sends_to_a_grain_of_the_other_silo));
        object value = Samples.Of<Posting>();
        var back = await near.Relay(far, value);
        Assert.Equal(value, back);
        Assert.NotSame(value, back);
    }

    [Fact]
    public async Task A_client_outside_sends_and_receives()
    {
        var grain = silos.Client.GetGrain<IEcho>("client/1");
        object value = Samples.Of<Balances>();
        Assert.Equal(value, await grain.Any(value));
    }

    [Fact]
    public async Task Nothing_crosses_as_nothing()
    {
        var far = await silos.Far(nameof(Nothing_crosses_as_nothing));
        Assert.Null(await far.Any(null));
        Assert.Null(await EchoAs(far, typeof(LotId?), null));
        Assert.Null(await EchoAs(far, typeof(WalletCommand), null));
        Assert.Equal(new LotId(4), await EchoAs(far, typeof(LotId?), new LotId(4)));
    }

    private static async Task<object?> EchoAs(IEcho grain, Type declared, object? value)
    {
        var envelope = Activator.CreateInstance(typeof(Declared<>).MakeGenericType(declared), value);
        return ((IDeclared)(await grain.Any(envelope))!).Value;
    }
}
