using System.Text;
using Ledger.Load.Growing;

namespace Ledger.Load.Results;

/// <summary>The tables about growth.</summary>
internal sealed class GrowthPage(string machine)
{
    private const string FileName = "LoadGrowth.md";

    private readonly StringBuilder _text = new($"# LoadGrowth\n\n{machine}\nHow to read it: [README](../README.md).\n");
    private readonly List<(string FileName, LineChart Chart)> _charts = [];

    public void Add(IGrowth growth, IEnumerable<IReadOnlyList<string>> rows)
    {
        _text.Append($"\n## {growth.Title}\n\n{growth.About}\n\n");
        _text.Append($"| store | {string.Join(" | ", growth.Columns)} |\n|---|{string.Concat(growth.Columns.Select(_ => "---:|"))}\n");
        foreach (var row in rows)
        {
            _text.Append($"| {string.Join(" | ", row)} |\n");
        }

        if (growth.Chart is { } chart)
        {
            _text.Append($"\n![{growth.Title}]({chart.FileName})\n");
            _charts.Add(chart);
        }
    }

    public string Text() => _text.ToString();

    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, FileName), Text());
        foreach (var (fileName, chart) in _charts)
        {
            File.WriteAllText(Path.Combine(folder, fileName), chart.Svg());
        }
    }
}
