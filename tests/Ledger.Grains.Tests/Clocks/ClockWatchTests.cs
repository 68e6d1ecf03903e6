using Ledger.Grains.Clocks;
using Ledger.Grains.Journal;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using NodaTime.Testing;

namespace Ledger.Grains.Tests.Clocks;

public class ClockWatchTests
{
    private static readonly Instant Noon = Instant.FromUtc(2026, 3, 1, 4, 0);

    private readonly FakeClock _own = new(Noon);
    private Func<Instant> _common = () => Noon;

    [Theory]
    [InlineData(0, null)]
    [InlineData(2, null)]
    [InlineData(-2, null)]
    [InlineData(2.5, "2.5 s ahead of")]
    [InlineData(-2.5, "2.5 s behind")]
    [InlineData(-86400, "86400.0 s behind")]
    public async Task A_clock_may_differ_by_two_seconds_and_no_more(double seconds, string? objection)
    {
        using var watch = Watch();
        _own.Reset(Noon + Duration.FromSeconds(seconds));
        await watch.Compare(default);
        if (objection is null)
        {
            Assert.Null(watch.Objection);
        }
        else
        {
            Assert.Contains(objection, watch.Objection!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_the_question_took_is_no_difference()
    {
        using var watch = Watch();

        // The database read its clock at some moment of a question that took a minute.
        _common = () =>
        {
            _own.AdvanceMinutes(1);
            return Noon + Duration.FromSeconds(20);
        };
        await watch.Compare(default);
        Assert.Null(watch.Objection);
    }

    [Fact]
    public async Task A_clock_that_was_put_right_decides_again_and_a_database_that_is_silent_changes_nothing()
    {
        using var watch = Watch();
        Assert.NotNull(watch.Objection);
        await watch.Compare(default);
        Assert.Null(watch.Objection);
        _own.AdvanceMinutes(-5);
        await watch.Compare(default);
        Assert.NotNull(watch.Objection);
        _common = () => throw new JournalUnavailableException("The database does not answer.");
        await watch.Compare(default);
        Assert.NotNull(watch.Objection);
        _common = () => Noon;
        _own.Reset(Noon);
        await watch.Compare(default);
        Assert.Null(watch.Objection);
        _common = () => throw new JournalUnavailableException("The database does not answer.");
        await watch.Compare(default);
        Assert.Null(watch.Objection);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(-60)]
    [InlineData(-2.1)]
    public async Task A_clock_that_is_set_is_noticed_before_anybody_compares(double seconds)
    {
        var time = new MovedTime();
        using var watch = Watch(time);
        await watch.Compare(default);
        time.Move(TimeSpan.FromHours(5));
        _own.AdvanceHours(5);
        Assert.Null(watch.Objection);
        _own.Advance(Duration.FromSeconds(seconds));
        Assert.NotNull(watch.Objection);
        _own.Advance(Duration.FromSeconds(-seconds));
        Assert.Null(watch.Objection);
    }

    private ClockWatch Watch(TimeProvider? time = null) => new(_ => Task.FromResult(_common()), _own, time ?? TimeProvider.System, NullLogger<ClockWatch>.Instance);
}
