using Ledger.Merchants;
using Ledger.Transactions;
using NodaTime;

namespace Ledger.Grains.Journal;

/// <summary>A movement to or from a merchant, kept beside the journal so that tills and settlements find it.</summary>
/// <param name="Stream">The stream of its transaction.</param>
/// <param name="Sequence">The number there.</param>
/// <param name="At">The time that the transaction counts from.</param>
/// <param name="Movement">
/// What moved. As it is appended, with the day in which it happened; as it is read, with the day that it counts in: where that day was closed
/// before the transaction was committed, the first day that was not.
/// </param>
public sealed record StoredMovement(StreamId Stream, long Sequence, Instant At, Movement Movement)
{
    /// <summary>Its place in a day's list.</summary>
    public RowPlace Place => new(At, Stream.Name, Sequence);
}

/// <summary>Which movements are wanted.</summary>
/// <param name="Community">Whose.</param>
/// <param name="Merchant">Of this merchant.</param>
/// <param name="Day">That count in this settlement day.</param>
public sealed record MovementQuestion(CommunityId Community, MerchantId Merchant, LocalDate Day)
{
    /// <summary>Only those of a till; null for all.</summary>
    public string? Terminal { get; init; }

    /// <summary>Only those of a cashier; null for all.</summary>
    public string? Cashier { get; init; }

    /// <summary>Only what comes after this place; null for all.</summary>
    public RowPlace? After { get; init; }

    /// <summary>The most that are wanted.</summary>
    public int RowsMax { get; init; } = int.MaxValue;
}

/// <summary>The movements of a merchant in one day at one till, by one cashier and in one currency, added up.</summary>
/// <param name="Merchant">The merchant.</param>
/// <param name="Day">The settlement day that they count in.</param>
/// <param name="Terminal">The till; null for those that did not say.</param>
/// <param name="Cashier">Who served; null for those that did not say.</param>
/// <param name="Currency">The currency; null for those without a rate.</param>
/// <param name="Sales">How many captures and spends.</param>
/// <param name="Captured">Their points.</param>
/// <param name="MoneyCaptured">What they come to, in minor units.</param>
/// <param name="Refunds">How many refunds.</param>
/// <param name="Refunded">Their points, as a positive number.</param>
/// <param name="MoneyRefunded">What they take back, as a positive number of minor units.</param>
public sealed record MovementSum(
    MerchantId Merchant,
    LocalDate Day,
    string? Terminal,
    string? Cashier,
    string? Currency,
    long Sales,
    Points Captured,
    long MoneyCaptured,
    long Refunds,
    Points Refunded,
    long MoneyRefunded);

/// <summary>What somebody bought of a merchant in a day.</summary>
/// <param name="Stream">Whose wallet paid.</param>
/// <param name="Sales">How many captures and spends.</param>
/// <param name="Captured">Their points.</param>
public readonly record struct BuyerSum(StreamId Stream, long Sales, Points Captured);

/// <summary>A wallet that somebody serves.</summary>
/// <param name="Cashier">Who serves.</param>
/// <param name="Stream">Whose wallet pays.</param>
public readonly record struct Served(string Cashier, StreamId Stream);

/// <summary>What somebody bought of one cashier in a day.</summary>
/// <param name="Served">Whose wallet paid, and who served.</param>
/// <param name="Sales">How many captures and spends.</param>
/// <param name="Captured">Their points.</param>
public readonly record struct ServedSum(Served Served, long Sales, Points Captured);

/// <summary>Days of a merchant.</summary>
/// <param name="Merchant">The merchant.</param>
/// <param name="After">The days after this one; null for all.</param>
public readonly record struct DaysOfMerchant(MerchantId Merchant, LocalDate? After);
