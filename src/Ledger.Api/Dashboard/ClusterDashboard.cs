using Ledger.Api.Security;
using Orleans.Dashboard;

namespace Ledger.Api.Dashboard;

/// <summary>
/// Orleans' own page about silos, grains and calls, for whoever looks into a cluster that is slow. Off unless <c>Ledger:Dashboard</c> is true: it
/// counts every call and takes some 70 MB.
/// </summary>
internal static class ClusterDashboard
{
    private const string Path = "/dashboard";
    private const string Policy = "see-dashboard";

    public static bool IsWanted(IConfiguration configuration) => configuration.GetValue("Ledger:Dashboard", false);

    public static void AddTo(WebApplicationBuilder builder)
    {
        builder.UseOrleans(silo => silo.AddDashboard());
        builder.Services.AddAuthentication().AddScheme<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions, BasicKeyAuthentication>(
            BasicKeyAuthentication.Scheme, null);

        // It shows the names of grains, and so residents of every community: only who operates them all may see that.
        builder.Services.AddAuthorizationBuilder().AddPolicy(Policy, policy => policy
            .AddAuthenticationSchemes(BasicKeyAuthentication.Scheme)
            .RequireAuthenticatedUser()
            .RequireAssertion(context =>
                context.User is CallerPrincipal { Caller: { Community: null } caller } && caller.Is(Roles.Operator)));
    }

    public static void Map(WebApplication app) => app.MapOrleansDashboard(Path).RequireAuthorization(Policy);
}
