using Ledger.Grains.Stores;

namespace Ledger.Api.CommandLine;

/// <summary>The store that a command works on, found as the service would find it.</summary>
internal static class CommandStore
{
    /// <summary>Files, environment and what the options set, the last of them strongest.</summary>
    public static IConfigurationRoot Configuration(IReadOnlyDictionary<string, string?> settings)
    {
        var environment = Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT")
            ?? Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? Environments.Production;
        return new ConfigurationBuilder()
            .SetBasePath(Directory.GetCurrentDirectory())
            .AddJsonFile("appsettings.json", optional: true)
            .AddJsonFile($"appsettings.{environment}.json", optional: true)
            .AddEnvironmentVariables()
            .AddInMemoryCollection(settings)
            .Build();
    }

    /// <summary>Which store that is.</summary>
    /// <exception cref="CommandRefusedException">There is no such kind of store.</exception>
    public static StoreAddress AddressOf(IConfiguration configuration) =>
        StoreAddress.Of(configuration) is { Kind: StoreAddress.Sqlite or StoreAddress.Postgres } address
            ? address
            : throw new CommandRefusedException(
                $"{StoreAddress.KindKey} must be {StoreAddress.Sqlite} or {StoreAddress.Postgres}, not '{configuration[StoreAddress.KindKey]}'.");

    /// <summary>Opens the store for reading, also beside a service that writes to it.</summary>
    /// <exception cref="StoreRefusedException">It cannot be opened.</exception>
    public static OpenLedger OpenReadOnly(IConfiguration configuration) => OpenLedger.ForReading(AddressOf(configuration));

    /// <summary>Refuses where there is no store yet: only an import and the first key make one.</summary>
    /// <exception cref="StoreRefusedException">There is no such file, or the database is empty.</exception>
    public static async Task RequireStore(IConfiguration configuration)
    {
        var address = AddressOf(configuration);
        if (address.IsPostgres)
        {
            await OpenLedger.ForReading(address).DisposeAsync();
        }
        else if (!File.Exists(address.File))
        {
            throw new StoreRefusedException(StoreRefusals.FileMissing, $"There is no store {Path.GetFullPath(address.File)}.");
        }
    }

    /// <summary>Refuses a community that is not there: a mistyped name must not look like an empty one that is in order.</summary>
    /// <exception cref="CommandRefusedException">There is no such community.</exception>
    public static async Task RequireCommunity(ICatalogue catalogue, CommunityId community, CancellationToken cancellation)
    {
        if (await catalogue.FindCommunity(community, cancellation) is null)
        {
            var all = (await catalogue.ListCommunities(cancellation)).Select(known => known.Id.Value).ToList();
            throw new CommandRefusedException(
                $"There is no community {community} in this store. It has {(all.Count == 0 ? "none yet" : string.Join(", ", all))}.");
        }
    }
}
