using Ledger.Load.Loops;

namespace Ledger.Load.Comparing;

/// <summary>One way to keep points, or one limit of the machine. Its data are made once; it runs only while it is measured.</summary>
internal interface IContestant : IAsyncDisposable
{
    /// <summary>For the tables, for example <c>ours, grains, PostgreSQL</c>.</summary>
    string Name { get; }

    /// <summary>What is measured of it.</summary>
    IReadOnlyList<Setting> Settings { get; }

    /// <summary>The last lines of its log; empty where it has none.</summary>
    IReadOnlyList<string> LastWords { get; }

    /// <summary>Whether each start is a new process, which compiles itself anew.</summary>
    bool IsProcess => false;

    /// <summary>Makes its data, once.</summary>
    Task Prepare(CancellationToken cancellation);

    /// <summary>Starts it for a round, with everything in memory that a service has after its first hour.</summary>
    Task Start(CancellationToken cancellation);

    /// <summary>The callers of one setting, connected.</summary>
    Task<IReadOnlyList<ICaller>> Callers(Setting setting, CancellationToken cancellation);

    /// <summary>Stops it until the next round.</summary>
    Task Stop();
}

/// <summary>What is measured of a contestant.</summary>
/// <param name="Workload">What is asked of it.</param>
/// <param name="Callers">How many ask at a time, each waiting for its answer.</param>
/// <param name="OpenLoopCallers">
/// It is also asked at half of that rate, whatever it answers, to learn what residents would wait; by so many at a time at most. 0 for not.
/// </param>
internal sealed record Setting(string Workload, int Callers, int OpenLoopCallers = 0);
