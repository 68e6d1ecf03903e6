using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Ledger.Benchmarks.Journal;
using Ledger.Grains.Hosting;
using Ledger.Grains.Importing;
using Ledger.Grains.Journal;
using Ledger.Grains.Stores;
using Ledger.Grains.Wallets;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;
using IHost = Microsoft.Extensions.Hosting.IHost;

namespace Ledger.Benchmarks.Importing;

/// <summary>
/// A whole import, from the packed file to the last durable commit, into a new store with a running silo; and the rows that it left in the
/// journal through bare prepared inserts in durable transactions of 1,000. The time is for one whole file.
/// </summary>
[Config(typeof(WholeRuns))]
#pragma warning disable CA1001 // The runner calls Cleanup.
public class Imports
#pragma warning restore CA1001
{
    private const int RowsPerTransaction = 1_000;

    private static readonly CommunityId s_community = CommunityId.Parse("garden");

    private string _folder = "";
    private IHost _host = null!;
    private JournalRow[] _rows = [];
    private int _run;

    /// <summary>A file of <c>shared/data</c> beside the project.</summary>
    [Params("completejourney", "donations_all")]
    public string File { get; set; } = "";

    private string Path => System.IO.Path.Combine(ResultTables.Root, "..", "shared", "data", File + ".csv.gz");

    // The programmes of the real-data check: caps and short lots for the one, neither for the other.
    private string Programme => File == "completejourney"
        ? """
          { "zone": "Asia/Shanghai", "expiry": { "kind": "rolling", "months": 3 },
            "activities": [ { "type": "*", "award": { "kind": "per_unit", "points": 1 },
              "caps": [ { "per": "local_day", "points": 100 }, { "per": "month", "points": 300 } ] } ] }
          """
        : """
          { "zone": "Asia/Shanghai", "expiry": { "kind": "rolling", "months": 12 },
            "activities": [ { "type": "*", "award": { "kind": "per_unit", "points": 1 } } ] }
          """;

    [GlobalSetup]
    public async Task Setup()
    {
        _folder = Directory.CreateTempSubdirectory("ledger-benchmark-").FullName;
        await Open();
        await Import();
        var rows = new List<JournalRow>();
        await foreach (var row in _host.Services.GetRequiredService<IJournal>().ReadAll(s_community))
        {
            rows.Add(row);
        }

        _rows = [.. rows];
        await Close();
    }

    [IterationSetup(Target = nameof(Import))]
    public void BeforeImport() => Open().GetAwaiter().GetResult();

    [IterationCleanup(Target = nameof(Import))]
    public void AfterImport() => Close().GetAwaiter().GetResult();

    [Benchmark]
    public async Task<long> Import()
    {
        using var reader = ImportFile.Open(Path);
        var file = ImportFile.Read(reader, bad => throw new InvalidOperationException($"Line {bad.Line} {bad.Reason}"));
        var grains = _host.Services.GetRequiredService<IGrainFactory>();
        var importer = new Importer(
            _host.Services.GetRequiredService<IJournal>(),
            (resident, commands) => grains.GetGrain<IWalletGrain>(WalletKey.Of(s_community, resident)).SendMany(commands),
            TimeProvider.System);
        var report = await importer.Import(s_community, file, new());
        return report.Recorded == report.Rows ? report.Rows : throw new InvalidOperationException($"{report.Recorded} of {report.Rows} rows.");
    }

    [Benchmark(Baseline = true)]
    public int Bare_inserts()
    {
        using var bare = new BareInserts(System.IO.Path.Combine(_folder, $"bare-{_run++}.db"));
        foreach (var chunk in _rows.Chunk(RowsPerTransaction))
        {
            bare.Insert(chunk);
        }

        return _rows.Length;
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task Open()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(
            [new("ConnectionStrings:Ledger", $"Data Source={System.IO.Path.Combine(_folder, $"ledger-{_run++}.db")}")]);
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddLedgerStore(builder.Configuration, "benchmark");
        builder.UseLedgerSilo(sweep: false);
        _host = builder.Build();
        await _host.StartAsync();
        var installation = await ProgrammeInstallation.Install(
            _host.Services.GetRequiredService<ICatalogue>(), s_community, Programme, SystemClock.Instance.GetCurrentInstant());
        Debug.Assert(installation is not ProgrammeInstallation.OtherInForce, "A new store has no programme.");
    }

    private async Task Close()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    private sealed class WholeRuns : ManualConfig
    {
        public WholeRuns() => AddJob(Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithStrategy(RunStrategy.Monitoring)
            .WithWarmupCount(1)
            .WithIterationCount(5)
            .WithInvocationCount(1)
            .WithUnrollFactor(1));
    }
}
