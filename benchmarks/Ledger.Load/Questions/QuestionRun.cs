using System.CommandLine;
using Ledger.Load.Comparing;
using Ledger.Load.Loops;
using Ledger.Load.Ours;
using Ledger.Load.Results;
using Ledger.PrivatePostgres;

namespace Ledger.Load.Questions;

/// <summary>Asks questions of each store in turn, and makes a page of the answers.</summary>
internal sealed class QuestionRun
{
    private readonly Option<string[]> _part;
    private readonly Option<string> _store = new("--store") { Description = "The stores.", DefaultValueFactory = _ => "both" };
    private readonly Option<bool> _quick = new("--quick") { Description = "A taste: small numbers; nothing is written to benchmarks/results." };
    private readonly Option<DirectoryInfo?> _output = new("--out") { Description = "Where the page goes. Default: benchmarks/results." };

    /// <param name="parts">The names of all questions.</param>
    public QuestionRun(params string[] parts)
    {
        _part = new("--part") { Description = $"Only these: {string.Join(", ", parts)}." };
        _part.AcceptOnlyFromAmong(parts);
        _store.AcceptOnlyFromAmong("sqlite", "postgres", "both");
    }

    /// <summary>Adds what may be said on the command line whatever is asked.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _quick, _part, _store, _output })
        {
            command.Add(option);
        }
    }

    /// <summary>Whether small numbers do.</summary>
    public bool IsQuick(ParseResult parsed) => parsed.GetValue(_quick);

    /// <param name="page">The name of the page.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="all">All questions.</param>
    /// <param name="cancellation">Stops.</param>
    public async Task Run(string page, ParseResult parsed, IReadOnlyList<IQuestion> all, CancellationToken cancellation)
    {
        var names = parsed.GetValue(_part) ?? [];
        var kinds = StoreMaker.KindsOf(parsed.GetValue(_store)!);
        await using var server = await DurableServer.Start();
        ProcessorTime.AddServer(server.ProcessId);
        var written = new QuestionPage(page, await Machine.Of(server), DateOnly.FromDateTime(DateTime.UtcNow));
        foreach (var question in all.Where(question => names.Length == 0 || names.Contains(question.Name)))
        {
            written.Add(question, await Ask(question, kinds, server, cancellation));
        }

        Console.WriteLine(written.Text());
        if ((parsed.GetValue(_output)?.FullName ?? (IsQuick(parsed) ? null : ResultFolder.Default)) is { } folder)
        {
            written.Write(folder);
        }
    }

    private static async Task<List<IReadOnlyList<string>>> Ask(
        IQuestion question, IReadOnlyList<string> kinds, PostgresServer server, CancellationToken cancellation)
    {
        var rows = new List<IReadOnlyList<string>>();
        foreach (var kind in kinds)
        {
            await Console.Error.WriteLineAsync($"{question.Name}, {kind}");
            foreach (var row in await question.Measure(new(kind, server), cancellation))
            {
                rows.Add([kind, .. row]);
                await Console.Error.WriteLineAsync("  " + string.Join(" | ", row));
            }

            GC.Collect();
        }

        return rows;
    }
}
