namespace Ledger.Load.Rivals;

/// <summary>A resident's ledger as a first sketch would have it: everything in the grain's state, saved whole at each command.</summary>
[Alias("load.state-ledger")]
public interface IStateLedgerGrain : IGrainWithStringKey
{
    /// <summary>Fills it with a number of entries.</summary>
    [Alias("fill")]
    Task Fill(int entries);

    /// <summary>Adds points, or takes them away; once per command.</summary>
    /// <returns>The balance; null when there are too few points.</returns>
    [Alias("post")]
    Task<long?> Post(Guid command, long points);
}

/// <summary>The state: a balance and its history.</summary>
[GenerateSerializer]
[Alias("load.state-ledger.state")]
public sealed class StateLedger
{
    /// <summary>What is there.</summary>
    [Id(0)]
    public long Balance { get; set; }

    /// <summary>What happened, oldest first.</summary>
    [Id(1)]
    public List<StateEntry> Entries { get; set; } = [];
}

/// <summary>One change.</summary>
/// <param name="Command">The command that made it.</param>
/// <param name="Points">What came, or went.</param>
/// <param name="BalanceAfter">What was there then.</param>
/// <param name="At">When.</param>
[GenerateSerializer, Immutable]
[Alias("load.state-ledger.entry")]
public sealed record StateEntry([property: Id(0)] Guid Command, [property: Id(1)] long Points, [property: Id(2)] long BalanceAfter, [property: Id(3)] DateTimeOffset At);

internal sealed class StateLedgerGrain(
    [PersistentState("state-ledger", StateLedgerGrain.Storage)] IPersistentState<StateLedger> state) : Grain, IStateLedgerGrain
{
    public const string Storage = "rival";

    public Task Fill(int entries)
    {
        state.State = new() { Balance = 1_000_000_000 };
        for (var i = 0; i < entries; i++)
        {
            state.State.Entries.Add(new(Guid.NewGuid(), 10, state.State.Balance, DateTimeOffset.UtcNow));
        }

        return state.WriteStateAsync();
    }

    public async Task<long?> Post(Guid command, long points)
    {
        var ledger = state.State;
        if (ledger.Entries.Find(entry => entry.Command == command) is { } earlier)
        {
            return earlier.BalanceAfter;
        }

        if (ledger.Balance + points < 0)
        {
            return null;
        }

        ledger.Balance += points;
        ledger.Entries.Add(new(command, points, ledger.Balance, DateTimeOffset.UtcNow));

        // A real one would only grow. Here the oldest goes, so that the length that is measured stays what the table says.
        ledger.Entries.RemoveAt(0);
        await state.WriteStateAsync();
        return ledger.Balance;
    }
}
