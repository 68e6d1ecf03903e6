using System.Globalization;
using Spectre.Console;

namespace Ledger.Api.CommandLine;

/// <summary>Shows how far long work has come: a bar on a terminal, else a line now and then. Always on standard error.</summary>
internal static class CommandProgress
{
    private static readonly TimeSpan BarEvery = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(10);

    /// <summary>Does the work and shows it.</summary>
    /// <param name="what">The work in a word or two, for example <c>Importing</c>.</param>
    /// <param name="unit">What is counted, for example <c>rows</c>.</param>
    /// <param name="error">Where lines go when there is no terminal.</param>
    /// <param name="count">How many are done, and of how many; null for not known.</param>
    /// <param name="work">The work.</param>
    public static Task<T> Show<T>(string what, string unit, TextWriter error, Func<(long Done, long? All)> count, Func<Task<T>> work) =>
        Console.IsErrorRedirected || error != Console.Error
            ? Lines(what, unit, error, count, work)
            : Bar(what, unit, count, work);

    private static async Task<T> Lines<T>(string what, string unit, TextWriter error, Func<(long Done, long? All)> count, Func<Task<T>> work)
    {
        var running = Task.Run(work);
        using var timer = new PeriodicTimer(LineEvery);
        var tick = timer.WaitForNextTickAsync().AsTask();
        while (await Task.WhenAny(running, tick) == tick)
        {
            await error.WriteLineAsync($"{what}: {Words(count(), unit)}");
            tick = timer.WaitForNextTickAsync().AsTask();
        }

        return await running;
    }

    private static Task<T> Bar<T>(string what, string unit, Func<(long Done, long? All)> count, Func<Task<T>> work)
    {
        var screen = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return screen.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var running = Task.Run(work);
                var task = context.AddTask(what);
                while (await Task.WhenAny(running, Task.Delay(BarEvery)) != running)
                {
                    var (done, all) = count();
                    task.Description = $"{what} {Words((done, all), unit)}";
                    task.IsIndeterminate = all is null;
                    task.MaxValue = Math.Max(all ?? 1, 1);
                    task.Value = all is null ? 0 : done;
                }

                return await running;
            });
    }

    private static string Words((long Done, long? All) count, string unit) => count.All is { } all
        ? string.Create(CultureInfo.InvariantCulture, $"{count.Done:N0} of {all:N0} {unit}")
        : string.Create(CultureInfo.InvariantCulture, $"{count.Done:N0} {unit}");
}

/// <summary>How far something has come that reports it.</summary>
internal sealed class CommandCount : IProgress<long>
{
    private long _value;

    public long Value => Interlocked.Read(ref _value);

    public void Report(long value) => Interlocked.Exchange(ref _value, value);
}
