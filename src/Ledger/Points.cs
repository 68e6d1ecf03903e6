namespace Ledger;

/// <summary>A number of whole points. Unit: one point. Never a fraction, never money. Default: zero.</summary>
/// <remarks>
/// May be negative as a difference; a posting, a lot or a command carries a positive number.
/// Arithmetic is exact: a result outside <see cref="long"/> is an error, never a wrapped number.
/// </remarks>
/// <param name="Value">The number, from <see cref="long.MinValue"/> to <see cref="long.MaxValue"/>.</param>
public readonly record struct Points(long Value) : IComparable<Points>
{
    /// <summary>No points.</summary>
    public static Points Zero => default;

    /// <summary>The most that one amount may be, 2^53−1, so that every JSON client reads it exactly.</summary>
    /// <remarks>Source: RFC 7493 §2.2 (I-JSON numbers).</remarks>
    public static Points Max => new(9_007_199_254_740_991);

    /// <summary>True when more than zero.</summary>
    public bool IsPositive => Value > 0;

    /// <summary>True when exactly zero.</summary>
    public bool IsZero => Value == 0;

    /// <summary>The smaller of two.</summary>
    public static Points Min(Points left, Points right) => left.Value <= right.Value ? left : right;

    /// <summary>The sum.</summary>
    /// <exception cref="OverflowException">The sum is outside the range of <see cref="long"/>.</exception>
    public static Points operator +(Points left, Points right) => new(left.Value + right.Value);

    /// <summary>The difference; may be negative.</summary>
    /// <exception cref="OverflowException">The difference is outside the range of <see cref="long"/>.</exception>
    public static Points operator -(Points left, Points right) => new(left.Value - right.Value);

    /// <summary>The opposite number.</summary>
    /// <exception cref="OverflowException">The number is <see cref="long.MinValue"/>.</exception>
    public static Points operator -(Points points) => new(-points.Value);

    /// <summary>Is the left number the smaller?</summary>
    public static bool operator <(Points left, Points right) => left.Value < right.Value;

    /// <summary>Is the left number the larger?</summary>
    public static bool operator >(Points left, Points right) => left.Value > right.Value;

    /// <summary>Is the left number no larger?</summary>
    public static bool operator <=(Points left, Points right) => left.Value <= right.Value;

    /// <summary>Is the left number no smaller?</summary>
    public static bool operator >=(Points left, Points right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public int CompareTo(Points other) => Value.CompareTo(other.Value);

    /// <summary>The number in invariant digits, for example <c>1500</c>.</summary>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
