using System.Diagnostics;

namespace Ledger.Grains.Stores;

/// <summary>How a status is written, in stores and answers.</summary>
public static class ReratingStatusText
{
    /// <summary>The word.</summary>
    public static string Of(ReratingStatus status) => status switch
    {
        ReratingStatus.Proposed => "proposed",
        ReratingStatus.Approved => "approved",
        ReratingStatus.Rejected => "rejected",
        ReratingStatus.Done => "done",
        ReratingStatus.Failed => "failed",
        _ => throw new UnreachableException($"Status {status} has no word."),
    };

    internal static ReratingStatus Read(string word) => Enum.GetValues<ReratingStatus>().First(status => Of(status) == word);
}
