using FsCheck;
using FsCheck.Fluent;
using Ledger.Tests.Json;
using Ledger.Tests.Laws;
using Ledger.Transactions;

namespace Ledger.Tests.Transactions;

public sealed class CommandKeyTests
{
    private static readonly CommunityId Garden = CommunityId.Parse("garden");

    public static TheoryData<string, bool> Parts() => new()
    {
        { "a", true },
        { new string('x', 255), true },
        { new string('x', 256), false },
        { "", false },
        { "https://apps.example/volunteers?x=1#y", true },
        { "活动 17", true },
        { " ", true },
        { "🌱", true },
        { "a🌱b🌱", true },
        { "👨‍👩‍👧", true },
        { "\ud83c", false },
        { "\udf31", false },
        { "\udf31\ud83c", false },
        { "\ud83c\ud83c\udf31", false },
        { "\ud83c\udf31\udf31", false },
        { "a\0b", false },
        { "a\nb", false },
        { "a\tb", false },
        { "a\u007fb", false },
        { "a\u0085b", false },
    };

    [Fact]
    public void A_source_or_id_is_1_to_255_characters_without_control_characters_or_halves() => Assert.All(
        Parts().Select(row => row.Data), part => Assert.True(CommandKey.IsValidPart(part.Item1) == part.Item2, $"'{part.Item1}' is {part.Item2}"));

    [Fact]
    public void Nothing_is_no_part() => Assert.False(CommandKey.IsValidPart(null));

    [Fact]
    public void Events_clients_and_imports_never_share_a_key()
    {
        var keys = new[]
        {
            CommandKey.Event("a", "1"), CommandKey.Client("a", "1"), CommandKey.Import("1"), new CommandKey(CommandKey.SweepSource, "1"),
            CommandKey.Event("client:a", "1"), CommandKey.Event("import", "1"),
        };

        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.Equal(keys.Length, keys.Select(key => key.HashIn(Garden)).Distinct().Count());
    }

    [Fact]
    public void The_hash_tells_apart_where_one_part_ends_and_the_next_begins() => Assert.Equal(
        4,
        new[]
        {
            new CommandKey("ab", "c").HashIn(Garden), new CommandKey("a", "bc").HashIn(Garden), new CommandKey("ab", "c").HashIn(CommunityId.Parse("gardena")),
            new CommandKey("b", "c").HashIn(CommunityId.Parse("gardena")),
        }.Distinct().Count());

    [Fact]
    public void The_longest_key_has_a_hash() =>
        Assert.NotEqual(default, new CommandKey(new string('界', 255), new string('界', 255)).HashIn(CommunityId.Parse(new string('c', 64))));

    [Fact]
    public void The_hash_reads_back_from_its_bytes_and_its_text()
    {
        var texts = from text in ArbMap.Default.GeneratorFor<NonEmptyString>() select new CommandKey("s", text.Get);

        Law.Holds(texts.ToArbitrary(), 200, key =>
        {
            var hash = key.HashIn(Garden);
            Assert.Equal(hash, KeyHash.FromBytes(hash.ToBytes()));
            Assert.Equal(32, hash.ToString().Length);
            Assert.Equal(16, hash.ToBytes().Length);
        });
    }

    [Fact]
    public void A_copy_of_a_command_under_another_key_has_the_hash_of_that_key()
    {
        var first = Samples.Envelope;
        Assert.Equal(first.Key.HashIn(first.Community), first.KeyHash);

        var second = first with { Key = CommandKey.Import("x") };
        var third = first with { Community = CommunityId.Parse("orchard") };

        Assert.Equal(second.Key.HashIn(first.Community), second.KeyHash);
        Assert.Equal(first.Key.HashIn(third.Community), third.KeyHash);
        Assert.Equal(first.KeyHash, (first with { At = default }).KeyHash);
    }

    [Fact]
    public void A_stream_knows_its_resident()
    {
        var stream = StreamId.Of(Garden, ResidentId.Parse("r-1"));

        Assert.Equal("garden/resident/r-1", stream.ToString());
        Assert.Equal(ResidentId.Parse("r-1"), stream.Resident);
        Assert.Null(new StreamId(Garden, "stock/lamp").Resident);
    }
}
