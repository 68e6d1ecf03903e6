using System.Globalization;
using System.Security;
using System.Text;

namespace Ledger.Load.Results;

/// <summary>One line of a chart.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="Points">From left to right; all greater than 0.</param>
internal sealed record Series(string Name, IReadOnlyList<(double X, double Y)> Points);

/// <summary>Lines over two logarithmic axes, as SVG: a step up is the same ratio everywhere.</summary>
internal sealed class LineChart(string title, string acrossTitle, string upTitle, IReadOnlyList<Series> lines)
{
    private const int Width = 900;
    private const int Height = 480;
    private const int Left = 80;
    private const int Right = 330;
    private const int Top = 50;
    private const int Bottom = 60;

    // Okabe and Ito's colours, which people who see few colours tell apart; and dashes for whoever sees none.
    private static readonly string[] s_colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#7F7F7F"];
    private static readonly int[] s_steps = [1, 2, 5];
    private static readonly string[] s_dashes = ["none", "7 3", "2 3", "9 3 2 3"];

    public string Svg()
    {
        var (across, up) = (Span(lines.SelectMany(line => line.Points, (_, point) => point.X)), Span(lines.SelectMany(line => line.Points, (_, point) => point.Y)));
        var svg = new StringBuilder();
        Add(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" font-family="sans-serif" font-size="13">""");
        Add(svg, $"""<title>{Escaped(title)}</title>""");
        Add(svg, $"""<rect width="{Width}" height="{Height}" fill="#ffffff"/>""");
        Add(svg, $"""<text x="{Left}" y="26" font-size="17" font-weight="bold">{Escaped(title)}</text>""");
        AddGrid(svg, across, up);
        for (var i = 0; i < lines.Count; i++)
        {
            AddLine(svg, i, across, up);
        }

        Add(svg, $"""<text x="{(Left + Width - Right) / 2}" y="{Height - 14}" text-anchor="middle">{Escaped(acrossTitle)}</text>""");
        Add(svg, $"""<text transform="translate(20 {(Top + Height - Bottom) / 2}) rotate(-90)" text-anchor="middle">{Escaped(upTitle)}</text>""");
        Add(svg, $"</svg>");
        return svg.ToString();
    }

    private static void AddGrid(StringBuilder svg, (double Low, double High) across, (double Low, double High) up)
    {
        foreach (var mark in Marks(across))
        {
            var x = Place(mark, across, Left, Width - Right);
            Add(svg, $"""<line x1="{x:f1}" y1="{Top}" x2="{x:f1}" y2="{Height - Bottom}" stroke="#dddddd"/>""");
            Add(svg, $"""<text x="{x:f1}" y="{Height - Bottom + 18}" text-anchor="middle">{mark:#,0.##}</text>""");
        }

        foreach (var mark in Marks(up))
        {
            var y = Place(mark, up, Height - Bottom, Top);
            Add(svg, $"""<line x1="{Left}" y1="{y:f1}" x2="{Width - Right}" y2="{y:f1}" stroke="#dddddd"/>""");
            Add(svg, $"""<text x="{Left - 8}" y="{y + 4:f1}" text-anchor="end">{mark:#,0.##}</text>""");
        }
    }

    private void AddLine(StringBuilder svg, int number, (double Low, double High) across, (double Low, double High) up)
    {
        var (colour, dash) = (s_colours[number % s_colours.Length], s_dashes[number % s_dashes.Length]);
        var places = lines[number].Points
            .Select(point => (X: Place(point.X, across, Left, Width - Right), Y: Place(point.Y, up, Height - Bottom, Top)))
            .ToList();
        var path = string.Join(' ', places.Select(place => string.Create(CultureInfo.InvariantCulture, $"{place.X:f1},{place.Y:f1}")));
        Add(svg, $"""<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>""");
        foreach (var (x, y) in places)
        {
            Add(svg, $"""<circle cx="{x:f1}" cy="{y:f1}" r="3.5" fill="{colour}"/>""");
        }

        var legend = Top + 8 + (number * 24);
        Add(svg, $"""<line x1="{Width - Right + 18}" y1="{legend}" x2="{Width - Right + 52}" y2="{legend}" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>""");
        Add(svg, $"""<text x="{Width - Right + 60}" y="{legend + 4}">{Escaped(lines[number].Name)}</text>""");
    }

    // From one mark to another, so that both ends have one.
    private static (double Low, double High) Span(IEnumerable<double> values)
    {
        var all = values.DefaultIfEmpty(1).ToList();
        var marks = Enumerable.Range(-3, 14).SelectMany(_ => s_steps, (power, step) => step * Math.Pow(10, power)).ToList();
        var low = marks.Last(mark => mark <= all.Min() || mark == marks[0]);
        return (low, marks.First(mark => (mark >= all.Max() && mark > low) || mark == marks[^1]));
    }

    private static IEnumerable<double> Marks((double Low, double High) span)
    {
        int[] steps = span.High / span.Low > 2_000 ? [1] : span.High / span.Low > 200 ? [1, 3] : s_steps;
        return Enumerable.Range(-3, 14)
            .SelectMany(_ => steps, (power, step) => step * Math.Pow(10, power))
            .Where(mark => mark >= span.Low * 0.999 && mark <= span.High * 1.001);
    }

    private static double Place(double value, (double Low, double High) span, double from, double to) =>
        from + ((to - from) * (Math.Log(value) - Math.Log(span.Low)) / (Math.Log(span.High) - Math.Log(span.Low)));

    private static string Escaped(string text) => SecurityElement.Escape(text);

    private static void Add(StringBuilder svg, FormattableString line) => svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
