using System.Text;
using Ledger.Load.Questions;

namespace Ledger.Load.Results;

/// <summary>A page with a table for each question.</summary>
/// <param name="name">Its title, and the name of its file.</param>
/// <param name="machine">Where and with what it was measured.</param>
internal sealed class QuestionPage(string name, string machine)
{
    private readonly StringBuilder _text = new($"# {name}\n\n{machine}\nHow to read it: [README](../README.md).\n");
    private readonly List<(string FileName, LineChart Chart)> _charts = [];

    public void Add(IQuestion question, IEnumerable<IReadOnlyList<string>> rows)
    {
        _text.Append($"\n## {question.Title}\n\n{question.About}\n\n");
        _text.Append($"| store | {string.Join(" | ", question.Columns)} |\n|---|{string.Concat(question.Columns.Select(_ => "---:|"))}\n");
        foreach (var row in rows)
        {
            _text.Append($"| {string.Join(" | ", row)} |\n");
        }

        if (question.Chart is { } chart)
        {
            _text.Append($"\n![{question.Title}]({chart.FileName})\n");
            _charts.Add(chart);
        }
    }

    public string Text() => _text.ToString();

    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, $"{name}.md"), Text());
        foreach (var (fileName, chart) in _charts)
        {
            File.WriteAllText(Path.Combine(folder, fileName), chart.Svg());
        }
    }
}
