using System.Diagnostics;

namespace Ledger.Fault.Tests.Waiting;

/// <summary>Awaiting a condition of another process: asked again and again, and bounded.</summary>
internal static class Patience
{
    /// <summary>Far beyond what anything takes on a machine with two busy processors.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan s_askEvery = TimeSpan.FromMilliseconds(50);

    /// <summary>Returns when the condition holds; how long that took.</summary>
    /// <param name="what">What is awaited, for whoever reads the failure.</param>
    /// <param name="condition">Asked again until it says yes.</param>
    /// <param name="why">More for the failure: what the processes said.</param>
    public static async Task<TimeSpan> Until(string what, Func<Task<bool>> condition, Func<string>? why = null)
    {
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(s_askEvery);
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > Bound)
            {
                Assert.Fail($"Not within {Bound.TotalSeconds} s: {what}. {why?.Invoke()}");
            }

            await timer.WaitForNextTickAsync();
        }

        return Stopwatch.GetElapsedTime(started);
    }

    /// <inheritdoc cref="Until(string, Func{Task{bool}}, Func{string}?)"/>
    public static Task<TimeSpan> Until(string what, Func<bool> condition, Func<string>? why = null) =>
        Until(what, () => Task.FromResult(condition()), why);
}
