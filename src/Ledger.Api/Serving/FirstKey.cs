using Ledger.Api.Keys;
using Ledger.Api.Security;
using Ledger.Grains.Stores;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using NodaTime;

namespace Ledger.Api.Serving;

/// <summary>Nobody gets in without a key: in Development the first start makes one and shows it, elsewhere there is no start without one.</summary>
internal sealed class FirstKey(
    ICatalogue catalogue,
    IClock clock,
    IHostEnvironment environment,
    IConfiguration configuration,
    IHostApplicationLifetime lifetime,
    IServer server)
{
    /// <summary>The client that the first key of Development belongs to.</summary>
    public const string DevelopmentClient = "development";

    /// <summary>Opens the store and looks for a key that counts, before anything else starts.</summary>
    /// <exception cref="StartRefusedException">There is none, and this is not Development.</exception>
    public async Task Ensure()
    {
        var now = clock.GetCurrentInstant();
        var keys = await catalogue.ListKeys();
        if (keys.Any(key => key.RevokedAt is null && !(key.ExpiresAt <= now)))
        {
            return;
        }

        if (!environment.IsDevelopment())
        {
            throw new StartRefusedException(
                "there is no API key, so nobody could call. Make one with `keys create` (see `keys create --help`), then start again.");
        }

        var secret = KeySecret.Mint();
        var grants = new KeyGrants(DevelopmentClient, Roles.Operator | Roles.App, null, [Caller.AnySource], null, null, null);
        if (await catalogue.AddFirstKey(grants.Store(secret, now)) == FirstKeyOutcome.Added)
        {
            // Of two silos that start at once, one makes and shows it.
            lifetime.ApplicationStarted.Register(() => Show(secret));
        }
    }

    // To the screen, not to the log: logs are kept.
    private void Show(KeySecret secret)
    {
        var url = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? Defaults.Url;
        var path = Demo.DemoCommunity.IsWanted(environment, configuration)
            ? $"/v1/residents/{Demo.DemoCommunity.FirstResident}/balance?community={Demo.DemoCommunity.Id}"
            : "/v1/communities";
        Console.Out.WriteLine($"""

              A key for this machine, shown this once (role operator and app, all communities):

                {secret.Text}

              Open   {url}/scalar
              or try curl -H 'Authorization: Bearer {secret.Text}' '{url}{path}'

            """);
    }
}
