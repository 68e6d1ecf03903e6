using System.Collections.Frozen;
using System.Collections.Immutable;
using Ledger.Api.Security;
using Ledger.Grains.Stores;
using NodaTime;

namespace Ledger.Api.Keys;

/// <summary>What a key is for: the words of requests and of the catalogue, and what they mean for a caller.</summary>
/// <param name="Client">The stable client id.</param>
/// <param name="Roles">What it may do; at least one.</param>
/// <param name="Community">The one community it is for; null for all of them.</param>
/// <param name="Sources">The CloudEvents sources it may speak for; <c>*</c> for every one.</param>
/// <param name="Merchant">The merchant it acts as; needed for <see cref="Roles.Merchant"/>, absent otherwise.</param>
/// <param name="Resident">The resident it may read; needed for <see cref="Roles.Resident"/>, absent otherwise.</param>
/// <param name="ExpiresAt">From when on it no longer counts; null for never.</param>
/// <param name="Terminal">The one till that it is; null for every till of its merchant.</param>
public sealed record KeyGrants(
    string Client,
    Roles Roles,
    CommunityId? Community,
    ImmutableArray<string> Sources,
    MerchantId? Merchant,
    ResidentId? Resident,
    Instant? ExpiresAt,
    string? Terminal = null)
{
    private const string TerminalScope = "terminal:";

    private static readonly FrozenDictionary<string, Roles> RolesByName = new Dictionary<string, Roles>
    {
        ["app"] = Roles.App,
        ["merchant"] = Roles.Merchant,
        ["resident"] = Roles.Resident,
        ["operator"] = Roles.Operator,
    }.ToFrozenDictionary();

    /// <summary>The words for roles.</summary>
    public static IEnumerable<string> RoleNames => RolesByName.Keys.Order(StringComparer.Ordinal);

    /// <summary>The role of a word; null when it is none.</summary>
    public static Roles? RoleOf(string name) => RolesByName.TryGetValue(name, out var role) ? role : null;

    /// <summary>The words of roles.</summary>
    public static ImmutableArray<string> NamesOf(Roles roles) =>
        [.. RolesByName.Where(role => (roles & role.Value) != Roles.None).Select(role => role.Key).Order(StringComparer.Ordinal)];

    /// <summary>What does not fit together, in words; null when all does.</summary>
    public string? Contradiction() => this switch
    {
        { Roles: Roles.None } => "At least one role is needed.",
        { Roles: var roles, Merchant: var merchant } when ((roles & Roles.Merchant) != Roles.None) != merchant.HasValue =>
            "The role merchant and a merchant belong together.",
        { Terminal: not null, Merchant: null } => "Only a merchant's key is for a terminal.",
        { Roles: var roles, Resident: var resident } when ((roles & Roles.Resident) != Roles.None) != resident.HasValue =>
            "The role resident and a resident belong together.",
        { Roles: var roles, Community: null } when (roles & Roles.Operator) == Roles.None =>
            "Only an operator's key may be for all communities.",
        { Roles: var roles } when (roles & Roles.Resident) != Roles.None && roles != Roles.Resident =>
            "A resident's key has no other role.",
        { Roles: var roles, Sources.IsEmpty: false } when (roles & Roles.App) == Roles.None => "Only an app has sources.",
        _ => null,
    };

    /// <summary>The key as it is stored.</summary>
    public ApiKey Store(KeySecret secret, Instant now) => new()
    {
        Id = secret.Id,
        Client = Client,
        Community = Community,
        Scopes =
        [
            .. NamesOf(Roles),
            .. Resident is { } resident ? [ApiKey.ScopeOf(resident)] : Array.Empty<string>(),
            .. Terminal is { } terminal ? [TerminalScope + terminal] : Array.Empty<string>(),
        ],
        Sources = Sources,
        Merchant = Merchant,
        Hash = secret.Hash(),
        CreatedAt = now,
        ExpiresAt = ExpiresAt,
    };

    /// <summary>What a stored key is for.</summary>
    public static KeyGrants Of(ApiKey key)
    {
        var roles = Roles.None;
        foreach (var scope in key.Scopes)
        {
            roles |= RoleOf(scope) ?? Roles.None;
        }

        return new(
            key.Client,
            roles,
            key.Community,
            key.Sources,
            key.Merchant,
            After(key, ApiKey.ResidentScope) is { } resident ? new ResidentId(resident) : null,
            key.ExpiresAt,
            After(key, TerminalScope));
    }

    /// <summary>The caller that comes with a stored key.</summary>
    public static Caller CallerOf(ApiKey key)
    {
        var grants = Of(key);
        return new()
        {
            Client = key.Client,
            KeyId = key.Id,
            Roles = grants.Roles,
            Community = grants.Community,
            Sources = grants.Sources.ToFrozenSet(StringComparer.Ordinal),
            Merchant = grants.Merchant,
            Resident = grants.Resident,
            ExpiresAt = grants.ExpiresAt,
            Terminal = grants.Terminal,
        };
    }

    private static string? After(ApiKey key, string prefix) =>
        key.Scopes.FirstOrDefault(scope => scope.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..];
}
