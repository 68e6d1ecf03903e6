using System.Collections.Immutable;
using Ledger.Accounts;
using Ledger.Grains.Journal;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Grains.Tests.Wire;

/// <summary>Gives back what it gets.</summary>
[Alias("tests.echo")]
public interface IEcho : IGrainWithStringKey
{
    [Alias("any")]
    Task<object?> Any(object? value);

    /// <summary>As a grain's method looks in earnest: several domain values in, one out.</summary>
    [Alias("post")]
    Task<ImmutableArray<Posting>> Post(StreamId stream, CommandKey key, ResidentId resident, Posting posting, LotId? lot, Instant at);

    /// <summary>Is the value the very object that the caller holds?</summary>
    [Alias("is-kept")]
    Task<bool> IsKept(object value);

    /// <summary>Asks another grain to echo, so that the caller of that one is a grain.</summary>
    [Alias("relay")]
    Task<object?> Relay(IEcho other, object? value);

    [Alias("fail")]
    Task Fail(string kind, string message);
}

/// <summary>A member of a known type, as a message of ours declares it: the codec is chosen by that type and not by the value.</summary>
[GenerateSerializer, Immutable]
[Alias("tests.declared`1")]
public sealed record Declared<T>([property: Id(0)] T Value) : IDeclared
{
    object? IDeclared.Value => Value;
}

public interface IDeclared
{
    object? Value { get; }
}

public sealed class EchoGrain : Grain, IEcho
{
    /// <summary>What the test in the same process holds; compared by reference.</summary>
    internal static object? Held { get; set; }

    public Task<object?> Any(object? value) => Task.FromResult(value);

    public Task<ImmutableArray<Posting>> Post(
        StreamId stream, CommandKey key, ResidentId resident, Posting posting, LotId? lot, Instant at) =>
        Task.FromResult<ImmutableArray<Posting>>(
        [
            posting with { Lot = lot },
            new(new(stream.ToString()), new(key.ToString()), new(at.ToUnixTimeTicks()), null),
            new(new(resident.Value), posting.To, posting.Points, posting.Lot),
        ]);

    public Task<bool> IsKept(object value) => Task.FromResult(ReferenceEquals(value, Held));

    public Task<object?> Relay(IEcho other, object? value) => other.Any(value);

    public Task Fail(string kind, string message) => throw kind switch
    {
        nameof(JournalBusyException) => new JournalBusyException(message),
        nameof(JournalUnavailableException) => new JournalUnavailableException(message),
        nameof(JournalOutcomeUnknownException) => new JournalOutcomeUnknownException(message),
        nameof(JournalFencedException) => new JournalFencedException(message),
        nameof(JournalLimitException) => new JournalLimitException(message),
        _ => new JournalException(message),
    };
}
