using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Ledger.Accounts;

namespace Ledger.Grains.Tests.Wire;

[Collection(nameof(TwoSilos))]
public sealed class InOneSiloTests(TwoSilos silos)
{
    public static TheoryData<Type> AllTypes => [.. Samples.OfTheDomain, .. Samples.OfTheGrains];

    [Theory]
    [MemberData(nameof(AllTypes))]
    public async Task A_value_is_passed_and_returned_by_reference(Type type)
    {
        var near = await silos.Near(nameof(A_value_is_passed_and_returned_by_reference));
        var value = Samples.Of(type);
        EchoGrain.Held = value;
        Assert.True(await near.IsKept(value));
        Assert.Same(value, await near.Any(value));
    }

    [Fact]
    public async Task An_immutable_array_of_them_is_passed_and_returned_by_reference()
    {
        var near = await silos.Near(nameof(An_immutable_array_of_them_is_passed_and_returned_by_reference));
        ImmutableArray<Posting> postings = [Samples.Of<Posting>()];
        var back = (ImmutableArray<Posting>)(await near.Any(postings))!;
        Assert.Same(ImmutableCollectionsMarshal.AsArray(postings), ImmutableCollectionsMarshal.AsArray(back));
    }

    [Fact]
    public async Task A_list_that_may_change_is_copied()
    {
        var near = await silos.Near(nameof(A_list_that_may_change_is_copied));
        List<Posting> postings = [Samples.Of<Posting>()];
        var back = (List<Posting>)(await near.Any(postings))!;
        Assert.NotSame(postings, back);
        Assert.Equal(postings, back);
    }
}
