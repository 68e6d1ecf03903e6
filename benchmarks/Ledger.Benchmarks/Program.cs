using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Ledger.Benchmarks;
using Perfolizer.Horology;

// In this process and in short iterations: a whole run takes minutes, and ratios and allocations are what is read from it.
var shortRuns = Job.Default
    .WithToolchain(InProcessEmitToolchain.Instance)
    .WithWarmupCount(4)
    .WithIterationCount(12)
    .WithIterationTime(TimeInterval.FromMilliseconds(200));

var config = ManualConfig.Create(DefaultConfig.Instance)
    .AddJob(shortRuns.AsDefault())
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddColumn(StatisticColumn.Median, StatisticColumn.Min)
    .HideColumns(Column.StdDev, Column.RatioSD, Column.Gen0, Column.Gen1, Column.Gen2)
    .WithOptions(ConfigOptions.DisableLogFile)
    .WithArtifactsPath(ResultTables.ArtifactsPath);

var summaries = BenchmarkSwitcher.FromAssembly(typeof(ResultTables).Assembly).Run(args, config);
ResultTables.Keep(summaries);
return summaries.Any(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success)) ? 1 : 0;
