namespace Ledger.Api.Members;

/// <summary>What counters may do for a member without a phone; section <c>Ledger:Members</c>.</summary>
public sealed record MemberOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Ledger:Members";

    /// <summary>Above so many points a hold for a member who was found by card or phone number asks for the PIN. Default: 200; 0 for always.</summary>
    public long PinAbove { get; init; } = 200;
}
