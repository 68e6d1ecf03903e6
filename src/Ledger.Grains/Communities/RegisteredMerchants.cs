using Ledger.Grains.Stores;
using Ledger.Merchants;

namespace Ledger.Grains.Communities;

/// <summary>The merchants of the register, remembered as every <see cref="RememberedList{TList}"/>.</summary>
/// <param name="register">Where they are kept.</param>
/// <param name="time">Tells how old a reading is.</param>
public sealed class RegisteredMerchants(IMerchantRegister register, TimeProvider time) : IMerchants
{
    private readonly RememberedList<MerchantBook> _remembered = new(
        async community => new((await register.ListMerchants(community)).Select(revision => revision.Merchant)), time);

    /// <inheritdoc/>
    public ValueTask<MerchantBook> Of(CommunityId community) => _remembered.Of(community);

    /// <inheritdoc/>
    public void Refresh() => _remembered.Refresh();
}
