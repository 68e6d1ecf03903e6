using System.Text.Json.Serialization;
using Ledger.Json;
using Ledger.Transactions;

namespace Ledger.Wallets;

/// <summary>The last commands of a wallet by the hash of their keys, newest last. Immutable.</summary>
/// <remarks>
/// A short cut only: the database is the judge of what was seen before. The newest few hang on one another and the others lie in an array, so
/// that a further command copies nothing, and only every eighth all of them.
/// </remarks>
[JsonConverter(typeof(RecentCommandsConverter))]
public sealed class RecentCommands
{
    /// <summary>How many are remembered.</summary>
    public const int CommandsMax = 64;

    private const int NewestMax = 8;

    private readonly RecentCommand[] _older;
    private readonly Node? _newest;
    private readonly int _newestCount;

    private RecentCommands(RecentCommand[] older, Node? newest, int newestCount) => (_older, _newest, _newestCount) = (older, newest, newestCount);

    /// <summary>None.</summary>
    public static RecentCommands Empty { get; } = new([], null, 0);

    private int OlderCount => Math.Min(_older.Length, CommandsMax - _newestCount);

    /// <summary>Makes the memory from a list, oldest first.</summary>
    public static RecentCommands From(IEnumerable<RecentCommand> commands) => new([.. commands.TakeLast(CommandsMax)], null, 0);

    /// <summary>All that are remembered, oldest first.</summary>
    public RecentCommand[] ToArray()
    {
        var all = new RecentCommand[OlderCount + _newestCount];
        _older.AsSpan(_older.Length - OlderCount).CopyTo(all);
        var place = all.Length;
        for (var node = _newest; node is not null; node = node.Before)
        {
            all[--place] = node.Command;
        }

        return all;
    }

    /// <summary>The transaction of a command; null when it is not remembered.</summary>
    public long? SequenceOf(KeyHash key)
    {
        for (var node = _newest; node is not null; node = node.Before)
        {
            if (node.Command.Key == key)
            {
                return node.Command.Sequence;
            }
        }

        for (var i = _older.Length - 1; i >= _older.Length - OlderCount; i--)
        {
            if (_older[i].Key == key)
            {
                return _older[i].Sequence;
            }
        }

        return null;
    }

    /// <summary>With a further command, without the oldest when full.</summary>
    public RecentCommands Add(KeyHash key, long sequence)
    {
        var more = new RecentCommands(_older, new(new(key, sequence), _newest), _newestCount + 1);
        return more._newestCount == NewestMax ? new(more.ToArray(), null, 0) : more;
    }

    private sealed class Node(RecentCommand command, Node? before)
    {
        public RecentCommand Command { get; } = command;

        public Node? Before { get; } = before;
    }
}

/// <summary>A command that is remembered.</summary>
/// <param name="Key">The hash of its key.</param>
/// <param name="Sequence">Its transaction.</param>
public readonly record struct RecentCommand(KeyHash Key, long Sequence);
