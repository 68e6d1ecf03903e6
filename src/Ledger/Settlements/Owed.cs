using System.Collections.Immutable;
using Ledger.Merchants;

namespace Ledger.Settlements;

/// <summary>What is owed to a merchant, or moves between it and the community: points, and what they come to in money.</summary>
/// <param name="Points">Points; less than zero where the merchant owes.</param>
/// <param name="Money">One amount for each currency, by its code, none of them zero; points without a rate are in none.</param>
public sealed record Owed(Points Points, ImmutableArray<Money> Money)
{
    /// <summary>Nothing.</summary>
    public static Owed Nothing { get; } = new(Points.Zero, []);

    /// <summary>An amount of points that comes to one amount of money, or to none.</summary>
    public static Owed Of(Points points, string? currency, long minorUnits) =>
        new(points, currency is null || minorUnits == 0 ? [] : [new(currency, minorUnits)]);

    /// <summary>Both together.</summary>
    public static Owed operator +(Owed left, Owed right) => new(left.Points + right.Points, Sum([.. left.Money, .. right.Money]));

    /// <summary>The difference.</summary>
    public static Owed operator -(Owed left, Owed right) => left + -right;

    /// <summary>The same the other way.</summary>
    public static Owed operator -(Owed owed) => new(-owed.Points, [.. owed.Money.Select(money => money with { MinorUnits = -money.MinorUnits })]);

    /// <inheritdoc/>
    public bool Equals(Owed? other) => other is not null && Points == other.Points && Money.AsSpan().SequenceEqual(other.Money.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Points, Money.Length);

    /// <summary>In words, for people: <c>25 points (2500 CNY)</c>.</summary>
    public override string ToString() =>
        $"{Points} points{(Money.IsEmpty ? "" : $" ({string.Join(", ", Money.Select(money => $"{money.MinorUnits} {money.Currency}"))})")}";

    private static ImmutableArray<Money> Sum(ImmutableArray<Money> amounts) =>
    [
        .. amounts.GroupBy(money => money.Currency, (currency, parts) => new Money(currency, parts.Sum(part => part.MinorUnits)), StringComparer.Ordinal)
            .Where(money => money.MinorUnits != 0)
            .OrderBy(money => money.Currency, StringComparer.Ordinal),
    ];
}
