using Ledger.Grains.Clocks;
using Ledger.Grains.Communities;
using Ledger.Grains.Hosting;
using Ledger.Grains.Journal;
using Ledger.Grains.Mall;
using Ledger.Grains.Stores;
using Ledger.Grains.Verification;
using Ledger.Grains.Wallets;
using Ledger.Programmes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;
using NodaTime.Testing;

namespace Ledger.Grains.Tests.Hosting;

/// <summary>The real engine on a real file or database of its own, with a clock that is moved by hand and a journal that can be made to fail.</summary>
internal sealed class LedgerHost : IAsyncDisposable
{
    private readonly IHost _host;

    private LedgerHost(IHost host, FakeClock clock, FixedProgrammes programmes) => (_host, Clock, Programmes) = (host, clock, programmes);

    public static CommunityId Community { get; } = CommunityId.Parse("demo");

    public FakeClock Clock { get; }

    public FixedProgrammes Programmes { get; }

    public FaultyJournal Journal => (FaultyJournal)_host.Services.GetRequiredService<IJournal>();

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public IServiceProvider Services => _host.Services;

    /// <summary>Starts it on a file in a directory, or on a PostgreSQL database, there as one silo of a cluster.</summary>
    public static async Task<LedgerHost> Start(string directory, Instant? now = null, string? database = null, TimeSpan? sweepEvery = null)
    {
        var clock = new FakeClock(now ?? Instant.FromUtc(2026, 3, 1, 4, 0));
        var programmes = new FixedProgrammes();
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(
        [
            new("Ledger:Store", database is null ? "sqlite" : "postgres"),
            new("ConnectionStrings:Ledger", database ?? $"Data Source={Path.Combine(directory, "ledger.db")}"),
            new("Ledger:SweepEvery", sweepEvery?.ToString()),
        ]);
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddSingleton<IClock>(clock);
        builder.Services.AddLedgerStore(builder.Configuration, "test");
        var journal = builder.Services.Last(service => service.ServiceType == typeof(IJournal)).ImplementationFactory!;
        builder.Services.AddSingleton<IJournal>(provider => new FaultyJournal((IJournal)journal(provider)));
        builder.Services.AddSingleton<IProgrammes>(programmes);

        // The clock is moved by hand, so no database agrees with it.
        builder.Services.AddSingleton<IClockWatch, NoOtherClock>();
        builder.UseLedgerSilo(sweep: sweepEvery is not null);
        var host = builder.Build();
        await host.StartAsync();
        return new(host, clock, programmes);
    }

    /// <summary>Verifies what it has stored.</summary>
    public Task<VerificationReport> Verify() => new JournalVerifier(Journal, Journal.Inspection).Verify(Community, null, TestContext.Current.CancellationToken);

    /// <summary>Puts a reward into the mall.</summary>
    public async Task Offer(RewardId reward, string json)
    {
        await Services.GetRequiredService<IRewards>().AddReward(new(Community, reward, 1, json, false, "test", Clock.GetCurrentInstant()));
        Services.GetRequiredService<IMall>().Refresh();
    }

    public IWalletGrain Wallet(string resident) => Grains.GetWallet(Community, ResidentId.Parse(resident));

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}

/// <summary>A directory that is removed with everything in it.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("ledger-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>Programmes that a test sets and changes.</summary>
internal sealed class FixedProgrammes : IProgrammes
{
    public const string Simple =
        """
        { "expiry": { "kind": "rolling", "months": 12 },
          "activities": [
            { "type": "service", "award": { "kind": "per_unit", "points": 1 } },
            { "type": "class", "award": { "kind": "fixed", "points": 5 }, "caps": [ { "per": "local_day", "points": 12 } ] } ] }
        """;

    /// <summary>An award waits for a second person for fourteen days.</summary>
    public const string Asking =
        """
        { "expiry": { "kind": "rolling", "months": 12 },
          "adjustments": { "secondOperatorAbove": 100 },
          "activities": [
            { "type": "service", "award": { "kind": "per_unit", "points": 1 }, "caps": [ { "per": "local_day", "points": 500, "onReversal": "restore" } ],
              "approval": { "kind": "second_person" } } ] }
        """;

    public PublishedProgrammes Published { get; set; } = Only(Simple);

    public static PublishedProgrammes Only(string json, Instant? from = null) =>
        new([new PublishedProgramme(1, from ?? Instant.MinValue, ProgrammeReader.Read(json).Programme!)]);

    public ValueTask<PublishedProgrammes> Of(CommunityId community) => ValueTask.FromResult(Published);

    public void Refresh(CommunityId community)
    {
    }
}
