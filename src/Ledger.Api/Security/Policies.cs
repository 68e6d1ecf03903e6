using Ledger.Api.Problems;
using Microsoft.AspNetCore.Authorization;

namespace Ledger.Api.Security;

/// <summary>Who may use an endpoint. Each endpoint names one of these, or is in the short list of open ones.</summary>
internal static class Policies
{
    public static Access SendEvents { get; } = new("send-events", Roles.App);

    public static Access ReadEvents { get; } = new("read-events", Roles.App | Roles.Operator);

    public static Access Simulate { get; } = new("simulate", Roles.App | Roles.Operator);

    public static Access Spend { get; } = new("spend", Roles.App | Roles.Merchant);

    /// <summary>Whoever has only the role of a resident pays for that resident only.</summary>
    public static Access Pay { get; } = new("pay", Roles.App | Roles.Resident);

    public static Access KeepProfiles { get; } = new("keep-profiles", Roles.App | Roles.Operator);

    public static Access KeepHouseholds { get; } = new("keep-households", Roles.App | Roles.Operator);

    public static Access SpendTogether { get; } = new("spend-together", Roles.App);

    public static Access Sell { get; } = new("sell", Roles.App | Roles.Merchant);

    public static Access ReadSale { get; } = new("read-sale", Roles.App | Roles.Merchant | Roles.Operator);

    public static Access Refund { get; } = new("refund", Roles.App | Roles.Merchant | Roles.Operator);

    /// <summary>Whoever has only the role of a resident reads that resident only.</summary>
    public static Access ReadResident { get; } = new("read-resident", Roles.App | Roles.Resident | Roles.Operator);

    public static Access ReadFunds { get; } = new("read-funds", Roles.App | Roles.Resident | Roles.Operator, IsAboutResidents: false);

    /// <summary>Everybody with a key.</summary>
    public static Access Browse { get; } = new("browse", Roles.App | Roles.Merchant | Roles.Resident | Roles.Operator, IsAboutResidents: false);

    public static Access Redeem { get; } = new("redeem", Roles.App);

    /// <summary>What merchants do with a redeemed reward.</summary>
    public static Access Serve { get; } = new("serve", Roles.Merchant | Roles.Operator);

    /// <summary>What apps do with it as well, for residents.</summary>
    public static Access HandOver { get; } = new("hand-over", Roles.App | Roles.Merchant | Roles.Operator);

    public static Access Operate { get; } = new("operate", Roles.Operator);

    /// <summary>The merchant that a statement is for, and operators.</summary>
    public static Access Dispute { get; } = new("dispute", Roles.Merchant | Roles.Operator);

    public static IEnumerable<Access> All =>
        [SendEvents, ReadEvents, Simulate, Spend, Pay, KeepProfiles, KeepHouseholds, SpendTogether, Sell, ReadSale, Refund, Dispute, ReadResident, ReadFunds, Browse, Redeem, Serve, HandOver, Operate];

    public static RouteHandlerBuilder Allow(this RouteHandlerBuilder endpoint, Access access) =>
        endpoint.RequireAuthorization(access.Name).WithMetadata(access);

    public static void AddTo(AuthorizationOptions options)
    {
        // What forgets to name its access is closed, not open.
        options.FallbackPolicy = new AuthorizationPolicyBuilder(ApiKeyAuthentication.Scheme).RequireAuthenticatedUser().Build();
        foreach (var access in All)
        {
            options.AddPolicy(access.Name, policy => policy
                .AddAuthenticationSchemes(ApiKeyAuthentication.Scheme)
                .RequireAuthenticatedUser()
                .RequireAssertion(context => context.User is CallerPrincipal { Caller: var caller } && access.Admits(caller, context.Resource)));
        }
    }
}

/// <summary>Roles that may use an endpoint.</summary>
/// <param name="Name">The policy's name.</param>
/// <param name="Roles">Any one of them is enough.</param>
/// <param name="IsAboutResidents">Then whoever has only the role of a resident may use it about that resident only. Default: true.</param>
internal sealed record Access(string Name, Roles Roles, bool IsAboutResidents = true)
{
    public bool Admits(Caller caller, object? resource) =>
        caller.Is(Roles) && (!IsAboutResidents || caller.Is(Roles & ~Roles.Resident) || IsOwn(caller, resource));

    private static bool IsOwn(Caller caller, object? resource) =>
        caller.Resident is { } own && resource is HttpContext context && context.GetRouteValue("resident") as string == own.Value;
}

/// <summary>Why a known caller is turned away.</summary>
internal static class Forbidding
{
    public static Problem ProblemOf(HttpContext context)
    {
        var language = context.Request.Language();
        var access = context.GetEndpoint()?.Metadata.GetMetadata<Access>();
        if (context.User is CallerPrincipal { Caller: var caller } && access is not null && caller.Is(access.Roles))
        {
            return new(KnownProblems.ResidentNotGranted, language, "This key is for one resident only, and this is another one.");
        }

        var roles = access is null ? "another role" : string.Join(" or ", Keys.KeyGrants.NamesOf(access.Roles));
        return new(KnownProblems.Forbidden, language, $"This needs a key with the role {roles}.");
    }
}
