using System.Text;
using Ledger.Load.Questions;

namespace Ledger.Load.Results;

/// <summary>A page with a table for each question. Tables of questions that were not asked this time stay as they were.</summary>
/// <param name="name">Its title, and the name of its file.</param>
/// <param name="machine">Where and with what it was measured.</param>
/// <param name="day">When.</param>
internal sealed class QuestionPage(string name, string machine, DateOnly day)
{
    private const string Heading = "\n## ";

    private readonly List<string> _sections = [];
    private readonly List<(string FileName, LineChart Chart)> _charts = [];

    public void Add(IQuestion question, IEnumerable<IReadOnlyList<string>> rows)
    {
        var text = new StringBuilder($"{question.Title}\n\nMeasured on {day:yyyy-MM-dd}. {question.About}\n\n");
        text.Append($"| store | {string.Join(" | ", question.Columns)} |\n|---|{string.Concat(question.Columns.Select(_ => "---:|"))}\n");
        foreach (var row in rows)
        {
            text.Append($"| {string.Join(" | ", row)} |\n");
        }

        if (question.Chart is { } chart)
        {
            text.Append($"\n![{question.Title}]({chart.FileName})\n");
            _charts.Add(chart);
        }

        _sections.Add(text.ToString());
    }

    public string Text() => Text(_sections);

    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, $"{name}.md");
        string[] before = File.Exists(path) ? File.ReadAllText(path).Split(Heading)[1..] : [];
        File.WriteAllText(path, Text([
            .. before.Select(old => _sections.Find(section => TitleOf(section) == TitleOf(old)) ?? old),
            .. _sections.Where(section => !before.Any(old => TitleOf(old) == TitleOf(section))),
        ]));
        foreach (var (fileName, chart) in _charts)
        {
            File.WriteAllText(Path.Combine(folder, fileName), chart.Svg());
        }
    }

    private string Text(IEnumerable<string> sections) =>
        $"# {name}\n\n{machine}\nHow to read it: [README](../README.md). The date of each table is in the line above it.\n"
        + string.Concat(sections.Select(section => Heading + section));

    private static string TitleOf(string section) => section[..section.IndexOf('\n', StringComparison.Ordinal)];
}
