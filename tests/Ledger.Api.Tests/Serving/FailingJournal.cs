using System.Collections.Concurrent;
using System.Reflection;
using Ledger.Grains.Journal;

namespace Ledger.Api.Tests.Serving;

/// <summary>The true journal, but for appends that a test makes fail: one failure each, in order, before anything is written.</summary>
public class FailingJournal : DispatchProxy
{
    private readonly ConcurrentQueue<Exception> _failures = [];
    private IJournal _inner = null!;

    public static IJournal Around(IJournal inner)
    {
        var journal = Create<IJournal, FailingJournal>();
        ((FailingJournal)(object)journal)._inner = inner;
        return journal;
    }

    public static void Fail(IJournal journal, params IEnumerable<Exception> failures)
    {
        foreach (var failure in failures)
        {
            ((FailingJournal)(object)journal)._failures.Enqueue(failure);
        }
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name == nameof(IJournal.Append) && _failures.TryDequeue(out var failure)
            ? Task.FromException<AppendResult>(failure)
            : targetMethod.Invoke(_inner, args);
}
