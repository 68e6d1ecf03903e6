using System.Text.Json.Serialization;
using Ledger.Json;
using Ledger.Transactions;

namespace Ledger.Wallets;

/// <summary>The last commands of a wallet by the hash of their keys, newest last. Immutable.</summary>
/// <remarks>A short cut only: the database is the judge of what was seen before.</remarks>
[JsonConverter(typeof(RecentCommandsConverter))]
public sealed class RecentCommands
{
    /// <summary>How many are remembered.</summary>
    public const int CommandsMax = 64;

    private readonly RecentCommand[] _commands;

    private RecentCommands(RecentCommand[] commands) => _commands = commands;

    /// <summary>None.</summary>
    public static RecentCommands Empty { get; } = new([]);

    /// <summary>All that are remembered, oldest first.</summary>
    public ReadOnlySpan<RecentCommand> All => _commands;

    /// <summary>Makes the memory from a list, oldest first.</summary>
    public static RecentCommands From(IEnumerable<RecentCommand> commands) => new([.. commands.TakeLast(CommandsMax)]);

    /// <summary>The transaction of a command; null when it is not remembered.</summary>
    public long? SequenceOf(KeyHash key)
    {
        for (var i = _commands.Length - 1; i >= 0; i--)
        {
            if (_commands[i].Key == key)
            {
                return _commands[i].Sequence;
            }
        }

        return null;
    }

    /// <summary>With a further command, without the oldest when full.</summary>
    public RecentCommands Add(KeyHash key, long sequence)
    {
        var kept = _commands.AsSpan(_commands.Length == CommandsMax ? 1 : 0);
        var commands = new RecentCommand[kept.Length + 1];
        kept.CopyTo(commands);
        commands[^1] = new(key, sequence);
        return new(commands);
    }
}

/// <summary>A command that is remembered.</summary>
/// <param name="Key">The hash of its key.</param>
/// <param name="Sequence">Its transaction.</param>
public readonly record struct RecentCommand(KeyHash Key, long Sequence);
