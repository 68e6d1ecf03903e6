using System.Globalization;
using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Ledger.Load.Comparing;
using Ledger.Load.Loops;
using Ledger.Load.Workloads;
using Ledger.PrivatePostgres;
using Marten;
using Marten.Exceptions;

namespace Ledger.Load.Rivals;

/// <summary>
/// Marten as its pages advise for speed: quick appends to one stream per resident, and the balance as an inline projection, updated in the
/// same transaction.
/// </summary>
internal sealed class MartenAppends(PostgresServer server, int streams, IReadOnlyList<int> callers) : IContestant
{
    public const string ContestantName = "Marten, inline projection";
    public const string WorkloadName = "append to one of many streams";

    private readonly EvenChoice _streams = new(streams);
    private DocumentStore? _store;

    public string Name => ContestantName;

    public IReadOnlyList<Setting> Settings { get; } = [.. callers.Select(count => new Setting(WorkloadName, count, count == callers[^1] ? count : 0))];

    public IReadOnlyList<string> LastWords => [];

    public async Task Prepare(CancellationToken cancellation)
    {
        var connection = await server.CreateDatabase();
        _store = DocumentStore.For(options =>
        {
            options.Connection(connection);
            options.DisableNpgsqlLogging = true;
            options.AutoCreateSchemaObjects = AutoCreate.All;
            options.Events.StreamIdentity = StreamIdentity.AsString;
            options.Events.AppendMode = EventAppendMode.Quick;
            options.Events.UseMandatoryStreamTypeDeclaration = false;
            options.Projections.Snapshot<MartenBalance>(SnapshotLifecycle.Inline);
        });
        await _store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
    }

    public Task Start(CancellationToken cancellation) => Task.CompletedTask;

    public Task<IReadOnlyList<ICaller>> Callers(Setting setting, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<ICaller>>([.. Enumerable.Range(0, setting.Callers).Select(_ => new Caller(this))]);

    public Task Stop() => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_store is { } store)
        {
            await store.DisposeAsync();
        }
    }

    private sealed class Caller(MartenAppends marten) : ICaller
    {
        private const int TriesMax = 3;

        private int _turn;

        public async ValueTask<Answer> Send(CancellationToken cancellation)
        {
            var stream = marten._streams.Next(Random.Shared).ToString(CultureInfo.InvariantCulture);
            object happened = ++_turn % 2 == 0 ? new MartenSpent(Workload.PointsEach) : new MartenEarned(Workload.PointsEach);
            for (var tries = 1; ; tries++)
            {
                try
                {
                    await using var session = marten._store!.LightweightSession();
                    session.Events.Append(stream, happened);
                    await session.SaveChangesAsync(cancellation);
                    return new(1);
                }
                catch (Exception met) when (tries < TriesMax && met is (ConcurrencyException or MartenCommandException))
                {
                    // Two wrote to one stream at once, or both began it: the loser does it again, as its user would have it.
                }
            }
        }

        public void Dispose()
        {
        }
    }
}

/// <summary>Points came.</summary>
/// <param name="Points">How many.</param>
public sealed record MartenEarned(long Points);

/// <summary>Points went.</summary>
/// <param name="Points">How many.</param>
public sealed record MartenSpent(long Points);

/// <summary>What is there: the projection.</summary>
public sealed class MartenBalance
{
    /// <summary>The stream.</summary>
    public string Id { get; set; } = "";

    /// <summary>The points.</summary>
    public long Points { get; set; }

    /// <summary>Points came.</summary>
    public void Apply(MartenEarned earned) => Points += earned.Points;

    /// <summary>Points went.</summary>
    public void Apply(MartenSpent spent) => Points -= spent.Points;
}
