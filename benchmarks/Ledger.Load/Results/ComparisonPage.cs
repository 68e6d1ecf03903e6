using System.Globalization;
using System.Text;
using Ledger.Load.Comparing;

namespace Ledger.Load.Results;

/// <summary>The tables of a comparison.</summary>
internal sealed class ComparisonPage(
    IReadOnlyList<Row> rows, Extent extent, string machine, IReadOnlyList<string> lastWords)
{
    private const string FileName = "Load.md";

    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, FileName), Text());
        foreach (var (name, svg) in ConcurrencyPlots.Of(rows))
        {
            File.WriteAllText(Path.Combine(folder, name), svg);
        }
    }

    public string Text()
    {
        var text = new StringBuilder();
        Line(text, $"# Load");
        Line(text, $"");
        Line(text, $"{machine}");
        var patience = extent.Patience;
        Line(text, $"{(extent.Name is { } name ? $"A {name} run (`--{name}`): " : "")}{extent.Wallets:n0} wallets; {patience.Rounds} rounds of {patience.Duration.TotalSeconds:n1} s after {patience.WarmUp.TotalSeconds:n1} s of warm-up each, contestants in turn, each driven for {patience.Start.TotalSeconds:n0} s after its start. How to read it: [README](../README.md).");
        AddAims(text);
        AddThroughput(text);
        AddWaits(text);
        AddFailures(text);
        return text.ToString();
    }

    private void AddAims(StringBuilder text)
    {
        var aims = Aims.Of(rows);
        if (aims.Count == 0)
        {
            return;
        }

        Line(text, $"\n## Ratios\n");
        Line(text, $"Of commands a second; behind the aim, how many times less processor time a command of ours takes.\n");
        Line(text, $"| ours | against | ratio | aim | processors, ratio |");
        Line(text, $"|---|---|---:|---:|---:|");
        foreach (var aim in aims)
        {
            Line(text, $"| {aim.Ours} | {aim.Against} | {aim.Value:n2} {aim.Unit}| {aim.Wanted} | {aim.Processors:n2} |");
        }
    }

    private void AddThroughput(StringBuilder text)
    {
        Line(text, $"\n## At full speed\n");
        Line(text, $"Commands a second, durable when answered: the median of the rounds, with the slowest and the fastest. Latencies in milliseconds, of callers that send again as soon as they are answered. *Processors*: microseconds of one processor for one command, client, service and database together. *Allocated*: bytes for one command in the process of the callers, which is that of the engine too where ours is called through grains.\n");
        Line(text, $"| contestant | workload | callers | per second | slowest – fastest | p50 | p99 | p99.9 | processors | allocated |");
        Line(text, $"|---|---|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var row in rows)
        {
            Line(text, $"| {row.Contestant} | {row.Setting.Workload} | {row.Setting.Callers} | {row.PerSecond:n0} | {row.SlowestPerSecond:n0} – {row.FastestPerSecond:n0} | {row.Closed(0.5):n2} | {row.Closed(0.99):n2} | {row.Closed(0.999):n2} | {row.ProcessorMicroseconds:n0} | {row.AllocatedBytes:n0} |");
        }
    }

    private void AddWaits(StringBuilder text)
    {
        Line(text, $"\n## At half of that speed\n");
        Line(text, $"Milliseconds from the moment at which each command should have been sent, whatever was still being answered then: what a resident waits.\n");
        Line(text, $"| contestant | workload | sent a second | p50 | p99 | p99.9 |");
        Line(text, $"|---|---|---:|---:|---:|---:|");
        foreach (var row in rows.Where(row => row.Open(0.5) is not null))
        {
            Line(text, $"| {row.Contestant} | {row.Setting.Workload} | {row.PerSecond / 2:n0} | {row.Open(0.5):n2} | {row.Open(0.99):n2} | {row.Open(0.999):n2} |");
        }
    }

    private void AddFailures(StringBuilder text)
    {
        Line(text, $"\n## Failures\n");
        var failed = rows.Where(row => row.Failures.Count > 0).ToList();
        if (failed.Count == 0)
        {
            Line(text, $"None: every command was done.");
        }

        foreach (var row in failed)
        {
            var reasons = string.Join(", ", row.Failures.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Value:n0} × `{pair.Key}`")));
            Line(text, $"- {row.Contestant}, {row.Setting.Workload}, {row.Setting.Callers} callers: {reasons}");
        }

        if (lastWords.Count > 0)
        {
            Line(text, $"\nWhat the services said last:\n\n```\n{string.Join('\n', lastWords)}\n```");
        }
    }

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
