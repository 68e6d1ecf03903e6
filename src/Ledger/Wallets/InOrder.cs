using System.Collections.Immutable;

namespace Ledger.Wallets;

/// <summary>Lists that are kept in an order, mostly by when something is due.</summary>
internal static class InOrder
{
    /// <summary>With a further item, after those that come before it or together with it.</summary>
    public static ImmutableArray<T> InsertInOrder<T, TKey>(this ImmutableArray<T> sorted, T item, Func<T, TKey> key)
        where TKey : IComparable<TKey>
    {
        var own = key(item);
        var at = sorted.Length;
        while (at > 0 && key(sorted[at - 1]).CompareTo(own) > 0)
        {
            at--;
        }

        return sorted.Insert(at, item);
    }
}
