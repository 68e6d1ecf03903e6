using System.Buffers;
using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Accounts;
using Ledger.Grains.Wire;
using Ledger.Wallets;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Orleans.Serialization;

namespace Ledger.Grains.Tests.Wire;

public sealed class DomainCodecTests : IDisposable
{
    private const BindingFlags DeclaredFields =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private readonly ServiceProvider _services =
        new ServiceCollection().AddSerializer(builder => builder.AddDomainCodec()).BuildServiceProvider();

    private Serializer Serializer => _services.GetRequiredService<Serializer>();

    public static TheoryData<Type> AllTypes => [.. Samples.OfTheDomain];

    public void Dispose() => _services.Dispose();

    [Theory]
    [MemberData(nameof(AllTypes))]
    public void A_value_written_is_the_value_read(Type type)
    {
        var value = Samples.Of(type);
        Sameness.AssertSame(value, Serializer.Deserialize<object>(Serializer.SerializeToArray<object>(value)));
    }

    [Theory]
    [MemberData(nameof(AllTypes))]
    public void A_type_that_may_travel_is_immutable_so_passing_it_by_reference_is_safe(Type type)
    {
        for (var declared = type; declared is not null && declared != typeof(object); declared = declared.BaseType)
        {
            foreach (var field in declared.GetFields(DeclaredFields))
            {
                Assert.True(field.IsInitOnly, $"{declared}.{field.Name} can be set after construction");
                Assert.True(
                    IsImmutable(field.FieldType) || IsPart(field) || IsOwned(field), $"{declared}.{field.Name} is a {field.FieldType}, which can change");
            }
        }
    }

    [Theory]
    [InlineData(typeof(WalletCommand))]
    [InlineData(typeof(WalletEvent))]
    [InlineData(typeof(Refusal))]
    public void The_case_of_a_closed_set_goes_by_its_stored_name(Type set)
    {
        foreach (var type in Samples.CasesOf(set))
        {
            var stored = Assert.Single(set.GetCustomAttributes<JsonDerivedTypeAttribute>(), attribute => attribute.DerivedType == type);
            var message = Encoding.UTF8.GetString(Serializer.SerializeToArray(Samples.Of(type)));
            Assert.Contains($"\"{stored.TypeDiscriminator}\"", message, StringComparison.Ordinal);
            Assert.DoesNotContain(type.Name, message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(AllTypes))]
    public void A_message_is_little_more_than_the_stored_json(Type type)
    {
        var value = Samples.Of(type);
        var form = MessageTypes.All.FormOf(type)!;
        var framed = Serializer.SerializeToArray(value).Length;
        var json = JsonSerializer.SerializeToUtf8Bytes(value, form.Json).Length;
        Assert.InRange(framed, json, json + form.Utf8Name.Length + 24);
    }

    [Fact]
    public void One_value_twice_in_a_message_is_written_once_and_read_as_one()
    {
        object posting = Samples.Of<Posting>();
        var back = Serializer.Deserialize<object[]>(Serializer.SerializeToArray(new[] { posting, posting }))!;
        Assert.Equal(posting, back[0]);
        Assert.Same(back[0], back[1]);
    }

    [Fact]
    public void A_message_of_several_buffers_is_read_whole()
    {
        ImmutableArray<Posting> postings = [.. Enumerable.Repeat(Samples.Of<Posting>(), 50)];
        var bytes = Serializer.SerializeToArray(postings);
        var first = new Segment(bytes.AsMemory(0, 1), null);
        var last = bytes.AsMemory(1).ToArray().Chunk(7).Aggregate(first, (previous, chunk) => new(chunk, previous));
        var message = new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
        Assert.Equal(postings, Serializer.Deserialize<ImmutableArray<Posting>>(message));
    }

    [Fact]
    public void A_name_that_is_not_on_the_list_is_refused()
    {
        var bytes = Serializer.SerializeToArray<object>(new LocalDate(2024, 2, 29));
        Replace(bytes, "NodaTime.LocalDate", "NodaTime.LocalTime");
        Assert.Throws<SerializerException>(() => Serializer.Deserialize<object>(bytes));
    }

    [Theory]
    [InlineData("2024-02-29", "2024-02-30")]
    [InlineData("\"2024-02-29\"", "[2024,02,29]")]
    [InlineData("\"2024-02-29\"", "null        ")]
    public void Json_that_is_not_a_value_of_the_type_is_refused_without_quoting_it(string written, string received)
    {
        var bytes = Serializer.SerializeToArray<object>(new LocalDate(2024, 2, 29));
        Replace(bytes, written, received);
        var refused = Assert.ThrowsAny<SerializerException>(() => Serializer.Deserialize<object>(bytes));
        Assert.Null(refused.InnerException);
        Assert.DoesNotContain("2024", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_way_to_cut_a_message_short_is_refused()
    {
        var bytes = Serializer.SerializeToArray<object>(Samples.Of<Posting>());
        for (var length = 0; length < bytes.Length; length++)
        {
            var torn = bytes[..length];
            Assert.ThrowsAny<Exception>(() => Serializer.Deserialize<object>(torn));
        }
    }

    [Fact]
    public void Only_values_of_the_domain_are_claimed()
    {
        var codec = _services.GetRequiredService<DomainCodec>();
        Assert.True(codec.IsTypeAllowed(typeof(Points)));
        Type[] others = [typeof(object), typeof(string), typeof(Identifier), typeof(DomainCodec), typeof(Duration), typeof(FileInfo)];
        Assert.All(others, other => Assert.Null(codec.IsTypeAllowed(other)));
    }

    private static bool IsImmutable(Type type) =>
        type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(decimal)
        || type == typeof(ReadOnlyMemory<byte>) || type.Assembly == typeof(Instant).Assembly
        || MessageTypes.All.Contains(type)
        || (Nullable.GetUnderlyingType(type) is { } underlying && IsImmutable(underlying))
        || (type.IsValueType && type.IsDefined(typeof(System.Runtime.CompilerServices.IsReadOnlyAttribute), inherit: false)
            && type.GetFields(DeclaredFields).All(field => IsImmutable(field.FieldType)))
        || (type is { IsGenericType: true, Namespace: "System.Collections.Immutable" or "System.Collections.Frozen" }
            && typeof(IEnumerable).IsAssignableFrom(type) && type.GetGenericArguments().All(IsImmutable));

    // A private part of its type that is as immutable.
    private static bool IsPart(FieldInfo field) => field.FieldType is { IsNestedPrivate: true, IsSealed: true }
        && field.FieldType.GetFields(DeclaredFields).All(part => part.IsInitOnly && IsImmutable(part.FieldType));

    // A private part of its type, never shown and never written again once it is made.
    private static bool IsOwned(FieldInfo field) => field.IsPrivate && field.DeclaringType == typeof(RecentCommands)
        && (field.FieldType.IsNestedPrivate || (field.FieldType.GetElementType() is { } element && IsImmutable(element)));

    private static void Replace(byte[] bytes, string from, string to)
    {
        var at = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(from));
        Assert.True(at >= 0, $"the message does not hold {from}");
        Assert.Equal(from.Length, to.Length);
        Encoding.UTF8.GetBytes(to, bytes.AsSpan(at));
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? previous)
        {
            Memory = memory;
            if (previous is not null)
            {
                RunningIndex = previous.RunningIndex + previous.Memory.Length;
                previous.Next = this;
            }
        }
    }
}
