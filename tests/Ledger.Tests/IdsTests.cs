using Ledger.Wallets;

namespace Ledger.Tests;

public sealed class IdsTests
{
    public static TheoryData<string> Identifiers() =>
        ["a", "A", "7", "r-1029", "a_b.c:d@e~f", "0-", new string('x', 64), "r~", "user@example.org", "urn:x:1"];

    public static TheoryData<string> Others() =>
    [
        "", " ", "a b", " a", "a ", "-a", "_a", ".a", "~a", ":a", "@a", "a/b", "/", "a\\b", "..", "a\0", "a\n", "a\t", "é", "ａ", "７", "小明", "🌱", "a🌱",
        "a\u0301", "a\u200d", "\u202ea", "a%20", "a?b", "a#b", "a'b", "a\"b", "a;b", "a,b", "a*", "*", "a+b", new string('x', 65), new string('x', 300),
    ];

    [Theory]
    [MemberData(nameof(Identifiers))]
    public void An_identifier_is_read_as_it_is(string text)
    {
        Assert.True(Identifier.IsValid(text));
        Assert.Matches(Identifier.Pattern, text);
        Assert.True(ResidentId.TryParse(text, out var resident));
        Assert.True(CommunityId.TryParse(text, out var community));
        Assert.True(MerchantId.TryParse(text, out var merchant));
        Assert.True(FundId.TryParse(text, out var fund));
        Assert.True(ActivityType.TryParse(text, out var activity));
        Assert.Equal([text, text, text, text, text], [resident.ToString(), community.ToString(), merchant.ToString(), fund.ToString(), activity.ToString()]);
        Assert.Equal(
            (resident, community, merchant, fund, activity),
            (ResidentId.Parse(text), CommunityId.Parse(text), MerchantId.Parse(text), FundId.Parse(text), ActivityType.Parse(text)));
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void What_is_no_identifier_is_none(string text)
    {
        Assert.False(Identifier.IsValid(text));

        // To a schema, whose expressions are those of ECMAScript, $ is the very end; to .NET a line feed may follow.
        Assert.DoesNotMatch(Identifier.Pattern.Replace("$", @"\z", StringComparison.Ordinal), text);
        Assert.False(ResidentId.TryParse(text, out var resident));
        Assert.False(CommunityId.TryParse(text, out _));
        Assert.False(MerchantId.TryParse(text, out _));
        Assert.False(FundId.TryParse(text, out _));
        Assert.False(ActivityType.TryParse(text, out _));
        Assert.Equal(default, resident);
        Assert.Throws<FormatException>(() => ResidentId.Parse(text));
        Assert.Throws<FormatException>(() => CommunityId.Parse(text));
        Assert.Throws<FormatException>(() => MerchantId.Parse(text));
        Assert.Throws<FormatException>(() => FundId.Parse(text));
        Assert.Throws<FormatException>(() => ActivityType.Parse(text));
    }

    [Fact]
    public void Half_of_a_character_is_no_identifier() => Assert.False(ResidentId.TryParse("a\ud83c", out _));

    [Fact]
    public void Nothing_is_no_identifier() => Assert.False(ResidentId.TryParse(null, out _));

    [Theory]
    [InlineData("1", 1, 0)]
    [InlineData("12.1", 12, 1)]
    [InlineData("9223372036854775807.2147483647", long.MaxValue, int.MaxValue)]
    public void A_lot_is_read_as_it_is_written(string text, long sequence, int ordinal)
    {
        Assert.True(LotId.TryParse(text, out var id));
        Assert.Equal(new LotId(sequence, ordinal), id);
        Assert.Equal(text, id.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("1.")]
    [InlineData(".1")]
    [InlineData("-1")]
    [InlineData("1.-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1,0")]
    [InlineData("1.1.1")]
    [InlineData("1e3")]
    [InlineData("a")]
    [InlineData("🌱")]
    [InlineData("１")]
    [InlineData("9223372036854775808")]
    [InlineData("1.2147483648")]
    public void What_is_no_lot_is_none(string text)
    {
        Assert.False(LotId.TryParse(text, out var id));
        Assert.Equal(default, id);
    }

    [Fact]
    public void Lots_are_ordered_by_number_and_not_by_text() =>
        Assert.Equal([new LotId(2), new(10), new(10, 1), new(10, 2)], new LotId[] { new(10, 2), new(10), new(2), new(10, 1) }.Order());
}
