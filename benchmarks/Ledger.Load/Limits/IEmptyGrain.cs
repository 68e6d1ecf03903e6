namespace Ledger.Load.Limits;

/// <summary>A grain that does nothing.</summary>
[Alias("load.empty")]
public interface IEmptyGrain : IGrainWithStringKey
{
    /// <summary>Answers.</summary>
    [Alias("ask")]
    Task<long> Ask(string command);
}

internal sealed class EmptyGrain : Grain, IEmptyGrain
{
    private long _asked;

    public Task<long> Ask(string command) => Task.FromResult(++_asked);
}
