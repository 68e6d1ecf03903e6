using System.Text;
using FsCheck.Fluent;
using Ledger.Json;
using Ledger.Tests.Laws;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Tests.Json;

/// <summary>What we write ourselves is what the library would have written, for every time there is.</summary>
public sealed class IsoTextTests
{
    private static readonly long s_first = Instant.MinValue.ToUnixTimeSeconds();
    private static readonly long s_last = Instant.MaxValue.ToUnixTimeSeconds();

    [Fact]
    public void An_instant_is_written_as_the_pattern_writes_it() => Law.Holds(Instants().ToArbitrary(), 2_000, instant =>
    {
        var text = new byte[IsoText.BytesMax];
        var length = IsoText.Write(instant, text);
        Assert.Equal(InstantPattern.ExtendedIso.Format(instant), Encoding.ASCII.GetString(text, 0, length));
    });

    [Fact]
    public void A_date_is_written_as_the_pattern_writes_it() => Law.Holds(Instants().ToArbitrary(), 2_000, instant =>
    {
        var date = instant.InUtc().Date;
        foreach (var calendar in new[] { CalendarSystem.Iso, CalendarSystem.Julian })
        {
            if (calendar == CalendarSystem.Iso || date.Year is > -9_000 and < 9_000)
            {
                var text = new byte[IsoText.BytesMax];
                var length = IsoText.Write(date.WithCalendar(calendar), text);
                Assert.Equal(LocalDatePattern.Iso.Format(date.WithCalendar(calendar)), Encoding.ASCII.GetString(text, 0, length));
            }
        }
    });

    [Fact]
    public void What_is_written_is_read_without_the_pattern() => Law.Holds(Instants().ToArbitrary(), 2_000, instant =>
    {
        var text = new byte[IsoText.BytesMax];
        var isRead = IsoText.TryRead(text.AsSpan(0, IsoText.Write(instant, text)), out Instant read);

        Assert.Equal((instant.InUtc().Year >= 0, isRead ? instant : default), (isRead, read));
    });

    [Fact]
    public void Nothing_is_read_that_the_pattern_reads_otherwise()
    {
        var (tried, reads) = (0, 0);
        Law.Holds(Damaged().ToArbitrary(), 20_000, text =>
        {
            tried++;
            var bytes = Encoding.ASCII.GetBytes(text);
            if (IsoText.TryRead(bytes, out Instant instant))
            {
                reads++;
                Assert.Equal(InstantPattern.ExtendedIso.Parse(text).GetValueOrThrow(), instant);
            }

            if (IsoText.TryRead(bytes.AsSpan(0, Math.Min(10, bytes.Length)), out LocalDate date))
            {
                Assert.Equal(LocalDatePattern.Iso.Parse(text[..10]).GetValueOrThrow(), date);
            }
        });

        // Neither all nor none of them.
        Assert.InRange(reads, tried / 20, tried * 3 / 4);
    }

    // One or two letters become others, go, or come.
    private static FsCheck.Gen<string> Damaged() =>
        from instant in Instants()
        from damages in Gen.Choose(0, int.MaxValue).ArrayOf(2)
        select damages.Aggregate(InstantPattern.ExtendedIso.Format(instant), (text, damage) =>
        {
            var (place, letter) = (damage % text.Length, "0123456789-:TZ. +/z"[damage / 64 % 19]);
            return (damage / 2_048 % 5) switch
            {
                0 => text.Remove(place, 1),
                1 => text.Insert(place, letter.ToString()),
                2 => text.Remove(place, 1).Insert(place, letter.ToString()),
                _ => text,
            };
        });

    // Anywhere at all, and around the places where the form changes: year 0 and 9999, midnight, the ends of the scale; few digits and many.
    private static FsCheck.Gen<Instant> Instants() =>
        from second in Gen.OneOf(
            Gen.Elements(s_first, s_last, 0L, -1L, -62_167_219_200L, -62_167_219_201L, 951_782_399L, 951_782_400L),
            Gen.Choose(int.MinValue, int.MaxValue).Select(number => (long)number),
            Gen.Choose(int.MinValue, int.MaxValue).Select(number => Math.Clamp(number * 150L, s_first, s_last)))
        from digits in Gen.Choose(0, 9)
        from fraction in Gen.Choose(0, 999_999_999)
        let unit = (int)Math.Pow(10, 9 - digits)
        select Instant.FromUnixTimeSeconds(second) + Duration.FromNanoseconds(digits == 0 ? 0 : (long)(fraction / unit * unit));
}
