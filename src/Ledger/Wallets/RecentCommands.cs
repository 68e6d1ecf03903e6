using System.Text.Json.Serialization;
using Ledger.Json;
using Ledger.Transactions;

namespace Ledger.Wallets;

/// <summary>The last commands of a wallet by the hash of their keys, newest last. Immutable.</summary>
/// <remarks>
/// A short cut only: the database is the judge of what was seen before. The memories of a wallet from transaction to transaction share one
/// shelf: each sees its own stretch of it, and the newest may put one more behind its end. So a command costs no copy of all before it.
/// </remarks>
[JsonConverter(typeof(RecentCommandsConverter))]
public sealed class RecentCommands
{
    /// <summary>How many are remembered.</summary>
    public const int CommandsMax = 64;

    // Free places of a new shelf, once all are remembered: the next copy is that many commands away.
    private const int PlacesAhead = 16;
    private const int PlacesMin = 4;

    private readonly Shelf _shelf;
    private readonly int _start;
    private readonly int _end;

    private RecentCommands(Shelf shelf, int start, int end) => (_shelf, _start, _end) = (shelf, start, end);

    /// <summary>None.</summary>
    public static RecentCommands Empty { get; } = From([]);

    /// <summary>All that are remembered, oldest first.</summary>
    public ReadOnlySpan<RecentCommand> All => _shelf.Between(_start, _end);

    /// <summary>Makes the memory from a list, oldest first.</summary>
    public static RecentCommands From(IEnumerable<RecentCommand> commands)
    {
        RecentCommand[] kept = [.. commands.TakeLast(CommandsMax)];
        return new(new(kept, kept.Length), 0, kept.Length);
    }

    /// <summary>The transaction of a command; null when it is not remembered.</summary>
    public long? SequenceOf(KeyHash key)
    {
        var all = All;
        for (var i = all.Length - 1; i >= 0; i--)
        {
            if (all[i].Key == key)
            {
                return all[i].Sequence;
            }
        }

        return null;
    }

    /// <summary>With a further command, without the oldest when full.</summary>
    public RecentCommands Add(KeyHash key, long sequence)
    {
        var command = new RecentCommand(key, sequence);
        var start = _end - _start == CommandsMax ? _start + 1 : _start;
        if (_shelf.TryPut(_end, command))
        {
            return new(_shelf, start, _end + 1);
        }

        var kept = _shelf.Between(start, _end);
        var places = new RecentCommand[Math.Clamp(2 * kept.Length, PlacesMin, CommandsMax + PlacesAhead)];
        kept.CopyTo(places);
        places[kept.Length] = command;
        return new(new(places, kept.Length + 1), 0, kept.Length + 1);
    }

    /// <summary>Places that are filled one after the other and never changed: whoever sees a filled one sees it for ever.</summary>
    private sealed class Shelf(RecentCommand[] places, int filled)
    {
        private readonly RecentCommand[] _places = places;
        private int _filled = filled;

        public ReadOnlySpan<RecentCommand> Between(int start, int end) => _places.AsSpan(start, end - start);

        /// <summary>Fills a place; false when there is none or another one, that was decided and not kept, has filled it.</summary>
        public bool TryPut(int place, RecentCommand command)
        {
            if (place == _places.Length || Interlocked.CompareExchange(ref _filled, place + 1, place) != place)
            {
                return false;
            }

            _places[place] = command;
            return true;
        }
    }
}

/// <summary>A command that is remembered.</summary>
/// <param name="Key">The hash of its key.</param>
/// <param name="Sequence">Its transaction.</param>
public readonly record struct RecentCommand(KeyHash Key, long Sequence);
