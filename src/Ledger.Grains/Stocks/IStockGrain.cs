using System.Collections.Immutable;
using Ledger.Stocks;
using Ledger.Transactions;
using Orleans.Concurrency;

namespace Ledger.Grains.Stocks;

/// <summary>The stock of one reward: what waits together is appended together, so that a rush is not one commit for each buyer.</summary>
/// <remarks>Key: <see cref="StockKey"/>. Exceptions are those of the journal; nothing is lost by sending the same again.</remarks>
[Alias("ledger.stock")]
public interface IStockGrain : IGrainWithStringKey
{
    /// <summary>Does one command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="key">What makes an adjustment one command; null for others, which have keys of their own.</param>
    /// <exception cref="Journal.JournalException">As for a wallet.</exception>
    [AlwaysInterleave]
    [Alias("do")]
    Task<StockResult> Do(StockCommand command, CommandKey? key);

    /// <summary>How the stock stands. Never waits for a command.</summary>
    [AlwaysInterleave]
    [Alias("read")]
    Task<StockReading> Read();

    /// <summary>Redemptions of which somebody has to find out now what became.</summary>
    [AlwaysInterleave]
    [Alias("to-look-for")]
    Task<ImmutableArray<RedemptionId>> ToLookFor();
}

/// <summary>How a stock stands after one of its transactions: of two answers the one with the greater number is newer, whichever came first.</summary>
/// <param name="Level">How it stands.</param>
/// <param name="Sequence">The number of the transaction; 0 before the first.</param>
[GenerateSerializer, Immutable]
[Alias("ledger.stock-reading")]
public sealed record StockReading([property: Id(0)] StockLevel Level, [property: Id(1)] long Sequence);

/// <summary>What became of a stock command. A closed set.</summary>
[GenerateSerializer, Immutable]
[Alias("ledger.stock-result")]
public abstract record StockResult
{
    private protected StockResult()
    {
    }

    /// <summary>The journal holds it, done or refused.</summary>
    /// <param name="Happened">What happened.</param>
    /// <param name="Replayed">True when this is the outcome of an earlier sending.</param>
    /// <param name="Sequence">The number of its transaction.</param>
    [GenerateSerializer, Immutable]
    [Alias("ledger.stock-result.recorded")]
    public sealed record Recorded([property: Id(0)] StockEvent Happened, [property: Id(1)] bool Replayed, [property: Id(2)] long Sequence) : StockResult;

    /// <summary>There was nothing to do.</summary>
    [GenerateSerializer, Immutable]
    [Alias("ledger.stock-result.nothing")]
    public sealed record Nothing : StockResult;

    /// <summary>The key belongs to another command. Nothing was done.</summary>
    [GenerateSerializer, Immutable]
    [Alias("ledger.stock-result.key-reused")]
    public sealed record KeyReused : StockResult;

    /// <summary>The redemption came after all: look again.</summary>
    [GenerateSerializer, Immutable]
    [Alias("ledger.stock-result.came")]
    public sealed record Came : StockResult;

    /// <summary>Too many reservations are open. Nothing was done.</summary>
    [GenerateSerializer, Immutable]
    [Alias("ledger.stock-result.full")]
    public sealed record Full : StockResult;
}

/// <summary>The grain key of a stock. Starts with a letter that is no hexadecimal digit, so that storage never takes it for a number.</summary>
public static class StockKey
{
    /// <summary>The stock of a reward.</summary>
    public static IStockGrain GetStock(this IGrainFactory grains, CommunityId community, RewardId reward)
    {
        ArgumentNullException.ThrowIfNull(grains);
        return grains.GetGrain<IStockGrain>($"s/{community.Value}/{reward.Value}");
    }

    internal static StreamId StreamOf(string key) => key.Split('/') is ["s", var community, var reward]
        ? StreamId.OfStock(CommunityId.Parse(community), new(reward))
        : throw new FormatException($"'{key}' is not the key of a stock.");
}
