using Ledger.Load.Loops;

namespace Ledger.Load.Comparing;

/// <summary>How long and how often.</summary>
/// <param name="Rounds">How often everything is measured; the median counts.</param>
/// <param name="WarmUp">Before each measurement.</param>
/// <param name="Duration">Of each measurement.</param>
internal sealed record Patience(int Rounds, TimeSpan WarmUp, TimeSpan Duration)
{
    /// <summary>After each start of a contestant, shared by its settings: a process that has just begun still compiles itself. Default: not at all.</summary>
    public TimeSpan Start { get; init; }
}

/// <summary>Measures contestants in turn, round by round, so that an hour in which the machine is slow is slow for all of them.</summary>
internal sealed class Comparison(IReadOnlyList<IContestant> contestants, Patience patience, Action<string> say)
{
    /// <summary>Residents come at half the rate that gets through at most: busy, not overrun.</summary>
    private const double OpenLoopShare = 0.5;

    /// <summary>What runs in this process is compiled after the first round; only its connections and caches are new.</summary>
    private const double ShareOfLaterStarts = 0.2;

    private readonly Dictionary<(string Contestant, Setting Setting), List<Figures>> _figures = [];

    /// <summary>What a log said last, where something failed.</summary>
    public List<string> LastWords { get; } = [];

    public async Task<IReadOnlyList<Row>> Run(CancellationToken cancellation)
    {
        foreach (var contestant in contestants)
        {
            say($"preparing {contestant.Name}");
            await contestant.Prepare(cancellation);
        }

        for (var round = 1; round <= patience.Rounds; round++)
        {
            foreach (var contestant in contestants)
            {
                await Measure(contestant, round, cancellation);
            }
        }

        return [.. _figures.Select(pair => new Row(pair.Key.Contestant, pair.Key.Setting, pair.Value))];
    }

    private async Task Measure(IContestant contestant, int round, CancellationToken cancellation)
    {
        await contestant.Start(cancellation);
        await WarmUp(contestant, round == 1 || contestant.IsProcess ? patience.Start : patience.Start * ShareOfLaterStarts, cancellation);
        var failed = false;
        foreach (var setting in contestant.Settings)
        {
            var closed = await With(contestant, setting, callers => ClosedLoop.Run(callers, patience.WarmUp, patience.Duration, cancellation), cancellation);
            var open = setting.OpenLoopCallers > 0 && closed.Sends > 0 ? await Open(contestant, setting, closed, cancellation) : null;
            var figures = new Figures(closed, open);
            failed |= figures.Failures.Count > 0;
            Keep(contestant, setting, figures);
            say($"round {round}: {contestant.Name}, {setting.Workload}, {setting.Callers}: {figures}");
        }

        if (failed && contestant.LastWords is { Count: > 0 } words)
        {
            LastWords.Add($"{contestant.Name}, round {round}:");
            LastWords.AddRange(words);
        }

        await contestant.Stop();

        // Nobody pays for what another one left behind.
        GC.Collect();
    }

    private static async Task WarmUp(IContestant contestant, TimeSpan start, CancellationToken cancellation)
    {
        foreach (var setting in contestant.Settings)
        {
            await With(
                contestant, setting, callers => ClosedLoop.Run(callers, start / contestant.Settings.Count, TimeSpan.Zero, cancellation), cancellation);
        }
    }

    private Task<Measured> Open(IContestant contestant, Setting setting, Measured closed, CancellationToken cancellation) => With(
        contestant,
        setting with { Callers = setting.OpenLoopCallers },
        callers => OpenLoop.Run(
            callers, closed.Sends / patience.Duration.TotalSeconds * OpenLoopShare, patience.WarmUp, patience.Duration, cancellation),
        cancellation);

    private static async Task<Measured> With(
        IContestant contestant, Setting setting, Func<IReadOnlyList<ICaller>, Task<Measured>> run, CancellationToken cancellation)
    {
        var callers = await contestant.Callers(setting, cancellation);
        try
        {
            return await run(callers);
        }
        finally
        {
            foreach (var caller in callers)
            {
                caller.Dispose();
            }
        }
    }

    private void Keep(IContestant contestant, Setting setting, Figures figures)
    {
        if (!_figures.TryGetValue((contestant.Name, setting), out var all))
        {
            _figures.Add((contestant.Name, setting), all = []);
        }

        all.Add(figures);
    }
}
