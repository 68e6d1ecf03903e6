using System.Collections.Concurrent;

namespace Ledger.Fault.Tests.Clients;

/// <summary>What all clients of a scenario sent and were told. Nobody else knows it.</summary>
internal sealed class ClientRecord
{
    private readonly List<SentCommand> _sent = [];
    private readonly ConcurrentDictionary<string, int> _failures = new();
    private long _decided;

    /// <summary>Everything that was sent so far.</summary>
    public IReadOnlyList<SentCommand> Sent
    {
        get
        {
            lock (_sent)
            {
                return [.. _sent];
            }
        }
    }

    /// <summary>What no service may ever do, in words.</summary>
    public ConcurrentQueue<string> Wrongs { get; } = new();

    /// <summary>Sendings whose answer said that it was decided just now, not before.</summary>
    public long Decided => Interlocked.Read(ref _decided);

    /// <summary>How often a sending brought no acknowledgement, by what it brought.</summary>
    public IReadOnlyDictionary<string, int> Failures => _failures;

    public void Add(SentCommand command)
    {
        lock (_sent)
        {
            _sent.Add(command);
        }
    }

    public void Decide() => Interlocked.Increment(ref _decided);

    public void Failed(string how) => _failures.AddOrUpdate(how, 1, (_, count) => count + 1);

    /// <summary>One of the commands sent before for which a condition holds; null when a few tries find none.</summary>
    public SentCommand? Any(Random chance, Func<SentCommand, bool> condition)
    {
        lock (_sent)
        {
            for (var tries = 0; tries < 20 && _sent.Count > 0; tries++)
            {
                var found = _sent[chance.Next(_sent.Count)];
                if (condition(found))
                {
                    return found;
                }
            }

            return null;
        }
    }
}
