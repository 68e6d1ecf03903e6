using Ledger.Grains.Journal;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Ledger.Grains.Clocks;

/// <summary>Says whether this process may decide anything: its clock must agree with the one that all processes share.</summary>
public interface IClockWatch
{
    /// <summary>Why nothing may be decided now, with numbers; null while all is well.</summary>
    string? Objection { get; }
}

/// <summary>One process with one file has no other clock to agree with.</summary>
internal sealed class NoOtherClock : IClockWatch
{
    /// <inheritdoc/>
    public string? Objection => null;
}

/// <summary>Asks the database for its time, again and again, and compares.</summary>
/// <remarks>
/// The time that a row counts from decides caps, expiry and order. Two silos whose clocks differ by minutes would decide differently about the
/// same second, so one that is off decides nothing. The database's clock is the common one, right or wrong. A database that does not answer is no
/// objection: without it nothing is committed anyway.
/// </remarks>
internal sealed partial class ClockWatch(
    Func<CancellationToken, Task<Instant>> shared, IClock own, TimeProvider time, ILogger<ClockWatch> logger) : BackgroundService, IClockWatch
{
    /// <summary>How far the clocks may differ.</summary>
    public static readonly Duration DifferenceMax = Duration.FromSeconds(2);

    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(1);

    private volatile Comparison _last = new("The clock of this process was not compared with the database's yet.", default, 0);

    /// <inheritdoc/>
    public string? Objection => _last is { Objection: null } agreed ? ObjectionTo(SetSince(agreed)) : _last.Objection;

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await Compare(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(AskEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await Compare(stoppingToken);
        }
    }

    /// <summary>Compares once.</summary>
    internal async Task Compare(CancellationToken cancellation)
    {
        try
        {
            // What the question took lies between the two readings of the own clock: only what is outside both is a difference.
            var before = own.GetCurrentInstant();
            var common = await shared(cancellation);
            var after = own.GetCurrentInstant();
            var ahead = before - common;
            var behind = common - after;
            var difference = Duration.Max(ahead, behind);
            Tell(new(
                difference <= DifferenceMax
                    ? null
                    : $"The clock of this process is {difference.TotalSeconds:0.0} s {(ahead > behind ? "ahead of" : "behind")} the database's; at most {DifferenceMax.TotalSeconds:0} s are allowed.",
                after,
                time.GetTimestamp()));
        }
        catch (JournalUnavailableException)
        {
            // Whatever was known of the clock before still holds.
        }
    }

    private static string? ObjectionTo(Duration set) => Duration.Max(set, -set) <= DifferenceMax
        ? null
        : $"The clock of this process was set {(set > Duration.Zero ? "ahead" : "back")} by {Duration.Max(set, -set).TotalSeconds:0.0} s and not compared with the database's since.";

    // Between two comparisons a stopwatch, which nobody can set, tells what the clock should show.
    private Duration SetSince(Comparison agreed) =>
        own.GetCurrentInstant() - agreed.At - Duration.FromTimeSpan(time.GetElapsedTime(agreed.Timestamp));

    private void Tell(Comparison comparison)
    {
        if (comparison.Objection is { } objection && _last.Objection is null)
        {
            Off(logger, objection);
        }
        else if (comparison.Objection is null && _last.Objection is not null)
        {
            Agrees(logger);
        }

        _last = comparison;
    }

    /// <summary>What a comparison found, and when that was by both the clock and the stopwatch of this process.</summary>
    private sealed record Comparison(string? Objection, Instant At, long Timestamp);

    [LoggerMessage(Level = LogLevel.Error, Message = "Nothing is decided here until the clock is right: {Objection}")]
    private static partial void Off(ILogger logger, string objection);

    [LoggerMessage(Level = LogLevel.Information, Message = "The clock of this process agrees with the database's")]
    private static partial void Agrees(ILogger logger);
}
