namespace Ledger.Load.Loops;

/// <summary>One who sends and waits for the answer, again and again; used by one loop at a time.</summary>
internal interface ICaller : IDisposable
{
    /// <summary>Sends the next command, or the next batch, and waits until it is durably answered.</summary>
    ValueTask<Answer> Send(CancellationToken cancellation);
}

/// <summary>What became of one sending.</summary>
/// <param name="Done">Commands that were done.</param>
/// <param name="Failures">Why others were not, one entry each: the status with the problem's code, or the name of an exception; null for none.</param>
/// <param name="FirstStep">How long the first of two steps took; null for what is one step.</param>
internal readonly record struct Answer(int Done, IReadOnlyList<string>? Failures = null, TimeSpan? FirstStep = null);
