using Ledger.Paycodes;

namespace Ledger.Tests;

public sealed class PaycodeTests
{
    private static readonly CommunityId Garden = CommunityId.Parse("garden");

    // Which seventeen digits are drawn; those that are not issued are drawn again, as in life.
    private static readonly IReadOnlyList<Paycode> Issued =
    [
        .. Enumerable.Range(1, 300).Select(seed => new Random(seed))
            .Select(random => Paycode.Of(string.Concat(Enumerable.Range(0, Paycode.DrawnCount).Select(_ => random.Next(10)))))
            .OfType<Paycode>(),
    ];

    [Fact]
    public void The_check_digit_is_that_of_the_standard()
    {
        // ISO/IEC 7064 gives 0794 the check digit 5. The thirteen digits before it lead the sum back to where it begins.
        Assert.True(Paycode.TryParse("0000000000008 0794 5", out _));
    }

    [Fact]
    public void A_code_is_read_as_it_is_shown_and_never_shows_itself()
    {
        foreach (var code in Issued)
        {
            Assert.Equal(23, code.Grouped.Length);
            foreach (var text in new[] { code.Digits, code.Grouped, code.Grouped.Replace(' ', '-') })
            {
                Assert.True(Paycode.TryParse(text, out var read));
                Assert.Equal(code, read);
            }

            Assert.DoesNotContain(code.Digits, $"{code}", StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_wrong_digit_and_every_two_swapped_neighbours_of_an_issued_code_are_noticed()
    {
        foreach (var digits in Issued.Select(code => code.Digits))
        {
            for (var i = 0; i < Paycode.DigitsCount; i++)
            {
                foreach (var wrong in "0123456789".Where(digit => digit != digits[i]))
                {
                    Assert.False(Paycode.TryParse(digits[..i] + wrong + digits[(i + 1)..], out _), $"{digits}: {wrong} at {i}");
                }

                if (i > 0 && digits[i] != digits[i - 1])
                {
                    Assert.False(Paycode.TryParse(digits[..(i - 1)] + digits[i] + digits[i - 1] + digits[(i + 1)..], out _), $"{digits}: swapped at {i}");
                }
            }
        }
    }

    [Fact]
    public void Some_seven_in_ten_draws_are_issued()
    {
        Assert.InRange(Issued.Count, 180, 240);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("40271893650817264")]
    [InlineData("4027189365081726411")]
    [InlineData("４02718936508172641")]
    [InlineData("402 718 936 508 172 64x")]
    public void What_is_no_code_is_not_read(string? text) => Assert.False(Paycode.TryParse(text, out _));

    [Fact]
    public void Only_seventeen_digits_make_a_code()
    {
        Assert.Throws<ArgumentException>(() => Paycode.Of("1234567890123456"));
        Assert.Throws<ArgumentException>(() => Paycode.Of("1234567890123456x"));
    }

    [Fact]
    public void What_is_stored_tells_codes_and_communities_apart()
    {
        var digests = Issued.SelectMany(code => new[] { code.DigestIn(Garden), code.DigestIn(CommunityId.Parse("harbour")) }).ToList();

        Assert.Equal(digests.Count, digests.Distinct().Count());
        Assert.All(digests, digest => Assert.Equal(32, digest.Value.Length));
    }
}
