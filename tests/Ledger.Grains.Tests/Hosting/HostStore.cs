using Ledger.Grains.Tests.Stores;
using Ledger.PrivatePostgres;
using NodaTime;

namespace Ledger.Grains.Tests.Hosting;

/// <summary>Where a host keeps its ledger, also when it is started anew: a file of its own, or a database.</summary>
/// <param name="shared">The server of the database; null for a file.</param>
internal sealed class HostStore(SharedPostgres? shared) : IAsyncDisposable
{
    private TemporaryDirectory? _directory;
    private LedgerDatabase? _database;

    public async Task<LedgerHost> Open(Instant? now = null) => shared is null
        ? await LedgerHost.Start((_directory ??= new()).Path, now)
        : await LedgerHost.Start("", now, (_database ??= await LedgerDatabase.Create(shared)).ConnectionString);

    public async ValueTask DisposeAsync()
    {
        _directory?.Dispose();
        if (_database is { } database)
        {
            await database.DisposeAsync();
        }
    }
}
