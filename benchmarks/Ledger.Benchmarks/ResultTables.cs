using System.Globalization;
using System.Text;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;

namespace Ledger.Benchmarks;

/// <summary>The committed tables: one Markdown file for each class of benchmarks, written anew by each run of the class.</summary>
internal static class ResultTables
{
    /// <summary>The project's root.</summary>
    public static string Root { get; } = FindRoot();

    public static string ArtifactsPath => Path.Combine(Root, "BenchmarkDotNet.Artifacts");

    /// <summary>Writes the tables of the classes that ran. A filtered run that left out benchmarks of a class replaces its table by a shorter one.</summary>
    public static void Keep(IEnumerable<Summary> summaries)
    {
        foreach (var summary in summaries.Where(summary => summary.Reports.Length > 0))
        {
            var name = summary.BenchmarksCases[0].Descriptor.Type.Name;
            var path = Path.Combine(Root, "benchmarks", "results", name + ".md");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, Page(name, summary));
            Console.WriteLine($"Kept {Path.GetRelativePath(Root, path)}");
        }
    }

    private static string Page(string name, Summary summary)
    {
        var table = new TableText();
        MarkdownExporter.GitHub.ExportToLog(summary, table);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {name}\n\nRun on {DateTime.UtcNow:yyyy-MM-dd}. How to read it: [README](../README.md).\n\n");
        text.Append(table.ToString().Trim().ReplaceLineEndings("\n")).Append('\n');
        return text.ToString();
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Ledger.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("No folder above the benchmarks holds Ledger.slnx.");
    }

    private sealed class TableText : ILogger
    {
        private readonly StringBuilder _text = new();

        public string Id => nameof(TableText);

        public int Priority => 0;

        public void Write(LogKind logKind, string text) => _text.Append(text);

        public void WriteLine() => _text.Append('\n');

        public void WriteLine(LogKind logKind, string text) => _text.Append(text).Append('\n');

        public void Flush()
        {
        }

        public override string ToString() => _text.ToString();
    }
}
