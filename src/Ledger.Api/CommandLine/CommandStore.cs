using System.Data.Common;
using Ledger.Grains.Hosting;
using Ledger.Grains.Journal.Sqlite;
using Ledger.Grains.Stores;
using Ledger.Grains.Stores.Sqlite;

namespace Ledger.Api.CommandLine;

/// <summary>The store that a command works on, found as the service would find it.</summary>
internal static class CommandStore
{
    /// <summary>Where the configuration names the store.</summary>
    public const string ConnectionName = "ConnectionStrings:Ledger";

    /// <summary>Files, environment and the option, the last of them strongest.</summary>
    public static IConfigurationRoot Configuration(string? store)
    {
        var environment = Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT")
            ?? Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? Environments.Production;
        var configuration = new ConfigurationBuilder()
            .SetBasePath(Directory.GetCurrentDirectory())
            .AddJsonFile("appsettings.json", optional: true)
            .AddJsonFile($"appsettings.{environment}.json", optional: true)
            .AddEnvironmentVariables();
        if (store is not null)
        {
            configuration.AddInMemoryCollection([new(ConnectionName, ConnectionTo(store))]);
        }

        return configuration.Build();
    }

    /// <summary>What the configuration says to use a file.</summary>
    public static string ConnectionTo(string store) => new DbConnectionStringBuilder { ["Data Source"] = store }.ToString();

    /// <summary>Opens the store for reading, also beside a service that writes to it.</summary>
    /// <exception cref="StoreRefusedException">It cannot be opened.</exception>
    public static ReadOnlyLedger OpenReadOnly(string? store) => new(SqliteStore.OpenReadOnly(LedgerHosting.PathOf(Configuration(store))));

    /// <summary>Refuses where there is no store yet: only an import and the first key make one.</summary>
    /// <exception cref="StoreRefusedException">There is no such file.</exception>
    public static void RequireFile(IConfiguration configuration)
    {
        var path = Path.GetFullPath(LedgerHosting.PathOf(configuration));
        if (!File.Exists(path))
        {
            throw new StoreRefusedException(StoreRefusals.FileMissing, $"There is no store {path}.");
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

/// <summary>A store opened for reading: everything that is read comes from one moment.</summary>
internal sealed class ReadOnlyLedger(SqliteStore store) : IAsyncDisposable
{
    public SqliteJournal Journal { get; } = new(store);

    public SqliteCatalogue Catalogue { get; } = new(store);

    public string Path => store.Path;

    public async ValueTask DisposeAsync()
    {
        await Journal.DisposeAsync();
        store.Dispose();
    }
}
