using System.Collections.Frozen;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Merchants;

/// <summary>The registered merchants of a community, at hand for decisions. Immutable.</summary>
/// <param name="merchants">Each once.</param>
public sealed class MerchantBook(IEnumerable<Merchant> merchants)
{
    private readonly FrozenDictionary<MerchantId, Merchant> _merchants = merchants.ToFrozenDictionary(merchant => merchant.Id);

    /// <summary>Nobody is registered: every merchant may sell, and its statements are in points only.</summary>
    public static MerchantBook Empty { get; } = new([]);

    /// <summary>The merchant; null when nobody registered it.</summary>
    public Merchant? Find(MerchantId id) => _merchants.GetValueOrDefault(id);

    /// <summary>The terms of a merchant at an instant.</summary>
    public MerchantTerms TermsOf(MerchantId id, Instant at) => Find(id)?.TermsAt(at) ?? MerchantTerms.None;

    /// <summary>Why a merchant may not sell now at a till; null when it may.</summary>
    internal Refusal? SellingObjection(MerchantId id, string? terminal) => Find(id)?.Status == MerchantStatus.Suspended
        ? new Refusal.MerchantSuspended(id)
        : TillObjection(id, terminal);

    /// <summary>Why nothing is done at this till of a merchant; null when there is no reason.</summary>
    internal Refusal? TillObjection(MerchantId id, string? terminal) =>
        Find(id)?.Knows(terminal) == false ? new Refusal.UnknownTerminal(id, terminal!) : null;
}
