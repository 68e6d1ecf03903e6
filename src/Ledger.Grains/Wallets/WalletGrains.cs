namespace Ledger.Grains.Wallets;

/// <summary>Finds wallets.</summary>
public static class WalletGrains
{
    /// <summary>What silos call the grain; never changes.</summary>
    internal const string GrainName = "wallet";

    /// <summary>What silos call its interface; never changes.</summary>
    internal const string InterfaceName = "ledger.wallet";

    // Asked by its C# type, Orleans works out the name of the interface anew at every call, for half a kilobyte.
    private static readonly GrainType s_wallet = GrainType.Create(GrainName);
    private static readonly GrainInterfaceType s_interface = GrainInterfaceType.Create(InterfaceName);

    /// <summary>The wallet of a resident, wherever it is active or whether it is active at all.</summary>
    public static IWalletGrain GetWallet(this IGrainFactory grains, CommunityId community, ResidentId resident)
    {
        ArgumentNullException.ThrowIfNull(grains);
        return (IWalletGrain)grains.GetGrain(GrainId.Create(s_wallet, IdSpan.Create(WalletKey.Of(community, resident))), s_interface);
    }
}
