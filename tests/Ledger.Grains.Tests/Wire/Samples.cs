using System.Collections.Immutable;
using System.Reflection;
using Ledger.Grains.Wallets;
using Ledger.Grains.Wire;
using Ledger.Rules;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Grains.Tests.Wire;

/// <summary>
/// A value of every type that crosses grain boundaries, made from its constructor and its settable members, with nothing left at its
/// default. A new type is therefore tested the moment it exists; one with a member of a kind unknown here fails until it is taught.
/// </summary>
internal static class Samples
{
    private static readonly Dictionary<Type, Func<int, object>> Makers = new()
    {
        [typeof(string)] = depth => $"text-{depth} \u5065\u5eb7",
        [typeof(long)] = depth => 9_007_199_254_740_991L - depth,
        [typeof(int)] = depth => 7 + depth,
        [typeof(ulong)] = depth => ulong.MaxValue - (ulong)depth,
        [typeof(bool)] = _ => true,
        [typeof(byte[])] = depth => new byte[] { 0, (byte)depth, 255 },
        [typeof(ReadOnlyMemory<byte>)] = _ => new ReadOnlyMemory<byte>([1, 0, 255]),
        [typeof(Instant)] = depth => Instant.FromUtc(2024, 2, 29, 23, 59, 59).PlusNanoseconds(123_456_789 + depth),
        [typeof(LocalDate)] = depth => new LocalDate(2024, 2, 29).PlusDays(depth),
        [typeof(LocalTime)] = depth => new LocalTime(22, depth),
        [typeof(Lots)] = depth => Lots.From([Of<Lot>(depth), Of<Lot>(depth + 1) with { ExpiresAt = null }]),
        [typeof(CapBuckets)] = depth => CapBuckets.From([KeyValuePair.Create(Of<CapBucketKey>(depth), Of<CapBucket>(depth))]),
        [typeof(WarningSchedule)] = depth => new WarningSchedule([Of<ScheduledWarning>(depth)], [Of<ScheduledWarning>(depth)]),
        [typeof(ActivityDetails)] = depth => ActivityDetails.Of(
            [new("amount", AttributeValue.Of(3000 + depth)), new("venue", AttributeValue.Of("hall-1"))], [$"tag-{depth}"])!,
        [typeof(RecentCommands)] = depth => RecentCommands.From([Of<RecentCommand>(depth), Of<RecentCommand>(depth + 1)]),
    };

    /// <summary>Sets of cases that are closed by the assembly they lie in.</summary>
    private static readonly Type[] ClosedSets = [typeof(WalletCommand), typeof(WalletEvent), typeof(Refusal), typeof(CommandResult)];

    /// <summary>Every type of the domain that may travel and can have a value, and every case of its closed sets.</summary>
    public static IEnumerable<Type> OfTheDomain =>
        MessageTypes.All.Types.Where(type => !type.IsAbstract).Union(ClosedSets[..3].SelectMany(CasesOf))
            .OrderBy(type => type.FullName, StringComparer.Ordinal);

    /// <summary>Every message of the grains that carries values of the domain.</summary>
    public static IEnumerable<Type> OfTheGrains =>
        typeof(IWalletGrain).Assembly.GetTypes().Where(IsGrainMessage).OrderBy(type => type.FullName, StringComparer.Ordinal);

    public static object Of(Type type) => Make(type, 0);

    public static T Of<T>(int depth = 0) => (T)Make(typeof(T), depth);

    /// <summary>The cases of a closed set.</summary>
    public static IEnumerable<Type> CasesOf(Type set) => set.Assembly.GetTypes().Where(type => type.IsSubclassOf(set) && !type.IsAbstract);

    /// <summary>The closed set that a case belongs to; null for others.</summary>
    public static Type? ClosedSetOf(Type type) => ClosedSets.FirstOrDefault(type.IsSubclassOf);

    private static bool IsGrainMessage(Type type) =>
        type is { IsAbstract: false, IsNested: false } or { IsAbstract: false, IsNestedPublic: true }
        && type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false) && !type.IsAssignableTo(typeof(Exception));

    private static object Make(Type type, int depth)
    {
        Assert.True(depth < 100, $"{type} contains itself without end");
        if (Makers.TryGetValue(type, out var make))
        {
            return make(depth);
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Make(underlying, depth);
        }

        if (type.IsEnum)
        {
            return Enum.GetValues(type).Cast<object>().Last();
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
        {
            return ArrayOf(type.GetGenericArguments()[0], depth);
        }

        if (type.IsAbstract)
        {
            return Make(CasesOf(type).First(), depth);
        }

        Assert.True(
            type.Assembly == typeof(Points).Assembly || type.Assembly == typeof(IWalletGrain).Assembly,
            $"no sample of {type}: teach {nameof(Samples)} to make one");
        return Construct(type, depth);
    }

    private static object Construct(Type type, int depth)
    {
        var parameters = type.GetConstructors().Select(constructor => constructor.GetParameters()).MaxBy(list => list.Length) ?? [];
        var value = Activator.CreateInstance(type, [.. parameters.Select((parameter, i) => Make(parameter.ParameterType, depth + i + 1))])!;
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.SetMethod is { IsPublic: true } && parameters.All(parameter => parameter.Name != property.Name))
            {
                property.SetValue(value, Make(property.PropertyType, depth + 1));
            }
        }

        return value;
    }

    /// <summary>Two items; of a closed set, one of each case.</summary>
    private static object ArrayOf(Type element, int depth)
    {
        object[] items = element.IsAbstract
            ? [.. CasesOf(element).Select(type => Make(type, depth + 1))]
            : [Make(element, depth + 1), Make(element, depth + 2)];
        var typed = Array.CreateInstance(element, items.Length);
        items.CopyTo(typed, 0);
        return typeof(ImmutableArray).GetMethod(nameof(ImmutableArray.Create), 1, [Type.MakeGenericMethodParameter(0).MakeArrayType()])!
            .MakeGenericMethod(element).Invoke(null, [typed])!;
    }
}
