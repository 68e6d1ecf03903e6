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

    private volatile string? _objection = "The clock of this process was not compared with the database's yet.";

    /// <inheritdoc/>
    public string? Objection => _objection;

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
            Tell(difference <= DifferenceMax
                ? null
                : $"The clock of this process is {difference.TotalSeconds:0.0} s {(ahead > behind ? "ahead of" : "behind")} the database's; at most {DifferenceMax.TotalSeconds:0} s are allowed.");
        }
        catch (JournalUnavailableException)
        {
            // Whatever was known of the clock before still holds.
        }
    }

    private void Tell(string? objection)
    {
        if (objection is not null && _objection is null)
        {
            Off(logger, objection);
        }
        else if (objection is null && _objection is not null)
        {
            Agrees(logger);
        }

        _objection = objection;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Nothing is decided here until the clock is right: {Objection}")]
    private static partial void Off(ILogger logger, string objection);

    [LoggerMessage(Level = LogLevel.Information, Message = "The clock of this process agrees with the database's")]
    private static partial void Agrees(ILogger logger);
}
