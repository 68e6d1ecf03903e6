using Ledger.Api.Json;
using Ledger.Grains.Journal;
using NodaTime;

namespace Ledger.Api.Settlement;

/// <summary>A line of a merchant's day: points that it took, or gave back. Unit: points.</summary>
public sealed record MovementView
{
    /// <summary><c>capture</c>, <c>spend</c> (at once, without a hold), or <c>refund</c> (also by a void).</summary>
    public required string Kind { get; init; }

    /// <summary>When.</summary>
    public required Instant At { get; init; }

    /// <summary>The resident.</summary>
    public required string Resident { get; init; }

    /// <summary>The number of the transaction in the resident's wallet.</summary>
    public required long Transaction { get; init; }

    /// <summary>Points: positive to the merchant, negative back to the resident.</summary>
    public required long Points { get; init; }

    /// <summary>What they come to in minor units, with the same sign; absent where no rate was agreed.</summary>
    public long? Money { get; init; }

    /// <summary>The currency of <see cref="Money"/>.</summary>
    public string? Currency { get; init; }

    /// <summary>The merchant's own name for the sale; absent for a direct spend.</summary>
    public string? Reference { get; init; }

    /// <summary>The till; absent when it was not said.</summary>
    public string? Terminal { get; init; }

    /// <summary>Who served; absent when it was not said.</summary>
    public string? Cashier { get; init; }

    internal static MovementView Of(StoredMovement stored) => new()
    {
        Kind = EnumWords.Of(stored.Movement.Kind),
        At = stored.At,
        Resident = stored.Stream.Resident!.Value.Value,
        Transaction = stored.Sequence,
        Points = stored.Movement.Points.Value,
        Money = stored.Movement.Money?.MinorUnits,
        Currency = stored.Movement.Money?.Currency,
        Reference = stored.Movement.Reference,
        Terminal = stored.Movement.Terminal,
        Cashier = stored.Movement.Cashier,
    };
}

/// <summary>A page of a merchant's day, in order of time.</summary>
/// <param name="Merchant">The merchant.</param>
/// <param name="Day">The settlement day.</param>
/// <param name="Data">The lines.</param>
/// <param name="NextCursor">Where the next page begins; absent on the last.</param>
/// <param name="HasMore">Is there a next page?</param>
public sealed record MovementPage(string Merchant, LocalDate Day, IReadOnlyList<MovementView> Data, string? NextCursor, bool HasMore);
