using Ledger.Grains.Errands;

namespace Ledger.Api.Sharing;

/// <summary>Does a wallet's errands right after the request that made them.</summary>
internal sealed partial class PromptErrands(ErrandDriver driver, ILogger<PromptErrands> logger)
{
    /// <summary>Does what is due, or leaves it to the sweeper: the request is done either way.</summary>
    public async Task Do(CommunityId community, ResidentId resident)
    {
        try
        {
            await driver.Do(community, resident);
        }
#pragma warning disable CA1031 // What was asked for is committed, and so is what is left to do.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Left(logger, failure.GetType().Name);
        }
    }

    // Kinds only: what an exception says may name a resident.
    [LoggerMessage(1, LogLevel.Information, "Errands of a wallet are left to the sweeper. {Error}")]
    private static partial void Left(ILogger logger, string error);
}
