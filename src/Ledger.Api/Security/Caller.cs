using System.Collections.Frozen;
using System.Security.Claims;
using Ledger.Api.Problems;
using NodaTime;

namespace Ledger.Api.Security;

/// <summary>Who is calling and what for: what a key grants. Immutable, shared by all requests with that key.</summary>
public sealed record Caller
{
    /// <summary>The source that grants every source.</summary>
    public const string AnySource = "*";

    /// <summary>The stable client id; survives a change of key, so it names the client's commands for ever.</summary>
    public required string Client { get; init; }

    /// <summary>The key it came with.</summary>
    public required string KeyId { get; init; }

    /// <summary>What it may do.</summary>
    public required Roles Roles { get; init; }

    /// <summary>The one community it is for; null for all of them.</summary>
    public CommunityId? Community { get; init; }

    /// <summary>The CloudEvents sources it may speak for.</summary>
    public FrozenSet<string> Sources { get; init; } = [];

    /// <summary>The merchant it acts as; null when it is not a merchant.</summary>
    public MerchantId? Merchant { get; init; }

    /// <summary>The one till of the merchant that it is; null for any.</summary>
    public string? Terminal { get; init; }

    /// <summary>The resident it may read; null when it is not a resident.</summary>
    public ResidentId? Resident { get; init; }

    /// <summary>From when on the key no longer counts; null for never.</summary>
    public Instant? ExpiresAt { get; init; }

    /// <summary>Has it any of these roles?</summary>
    public bool Is(Roles roles) => (Roles & roles) != Roles.None;

    /// <summary>Has it of all roles that meet other people's wallets only that of a till?</summary>
    public bool IsOnlyMerchant => Is(Roles.Merchant) && !Is(Roles.App | Roles.Operator);

    /// <summary>May it speak for this source?</summary>
    public bool MaySpeakFor(string source) => Sources.Contains(source) || Sources.Contains(AnySource);

    /// <summary>May it sell and refund at this merchant?</summary>
    public bool MayActAs(MerchantId merchant) => Is(Roles.App | Roles.Operator) || Merchant == merchant;
}

/// <summary>A caller as the framework passes it on.</summary>
internal sealed class CallerPrincipal(Caller caller, string scheme) : ClaimsPrincipal(new ClaimsIdentity(scheme))
{
    public Caller Caller { get; } = caller;
}

internal static class CallerOfContext
{
    /// <summary>The caller of an endpoint that admits only callers with a key.</summary>
    public static Caller Caller(this HttpContext context) => (context.User as CallerPrincipal)?.Caller
        ?? throw new RequestRefusedException(KnownProblems.Unauthenticated, "This needs an API key.");
}
