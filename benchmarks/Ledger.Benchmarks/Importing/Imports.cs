using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using Ledger.Benchmarks.Journal;
using Ledger.Grains.Importing;
using Ledger.Grains.Journal;
using Ledger.Grains.Stores;
using Ledger.Grains.Wallets;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NodaTime;

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
        ? System.IO.File.ReadAllText(System.IO.Path.Combine(ResultTables.Root, "docs", "examples", "imported.json"))
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
        await _host.End();
    }

    [IterationSetup(Target = nameof(Import))]
    public void BeforeImport() => Open().GetAwaiter().GetResult();

    [IterationCleanup(Target = nameof(Import))]
    public void AfterImport() => _host.End().GetAwaiter().GetResult();

    [Benchmark]
    public async Task<long> Import()
    {
        using var reader = ImportFile.Open(Path);
        var file = ImportFile.Read(reader, bad => throw new InvalidOperationException($"Line {bad.Line} {bad.Reason}"));
        var grains = _host.Services.GetRequiredService<IGrainFactory>();
        var importer = new Importer(
            _host.Services.GetRequiredService<IJournal>(),
            (resident, commands) => grains.GetWallet(s_community, resident).SendMany(commands),
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
        _host = await EngineHost.Start(System.IO.Path.Combine(_folder, $"ledger-{_run++}.db"));
        var installation = await ProgrammeInstallation.Install(
            _host.Services.GetRequiredService<ICatalogue>(), s_community, Programme, SystemClock.Instance.GetCurrentInstant());
        Debug.Assert(installation is not ProgrammeInstallation.OtherInForce, "A new store has no programme.");
    }
}
