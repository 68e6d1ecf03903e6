using System.CommandLine;
using Ledger.Programmes;

namespace Ledger.Api.CommandLine;

/// <summary><c>programme check</c>: says what is wrong with a programme before anybody publishes it.</summary>
public static class ProgrammeCommand
{
    private const string AboutCheck = """
        Reads a programme and tells every mistake in it, with its place. Exit code 1 when there are any.

        Example: programme check programme.json
        """;

    /// <summary>The command.</summary>
    public static Command Create() => new("programme", "Works with a community's rules.") { Check() };

    /// <summary>Everything that is wrong with a text as a programme.</summary>
    internal static IReadOnlyList<ProgrammeProblem> ProblemsOf(string json) => ProgrammeReader.Read(json).Problems;

    private static DescribedCommand Check()
    {
        var file = new Argument<string>("FILE") { Description = "The programme, as JSON." };
        var json = CommandOptions.Json();
        var command = new DescribedCommand("check", "Tells every mistake in a programme.", AboutCheck) { file, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var path = parsed.GetRequiredValue(file);
            var problems = ProblemsOf(await File.ReadAllTextAsync(path, cancellation));
            var output = parsed.InvocationConfiguration.Output;
            await (parsed.GetValue(json)
                ? CommandJson.Write(output, new { valid = problems.Count == 0, problems = problems.Select(problem => new { problem.Path, problem.Text }) })
                : output.WriteAsync(Words(path, problems)));
            return problems.Count == 0 ? ExitCodes.Done : ExitCodes.Found;
        });
        return command;
    }

    private static string Words(string path, IReadOnlyList<ProgrammeProblem> problems) => problems.Count == 0
        ? $"{path} is a programme.\n"
        : $"{path} has {problems.Count} {(problems.Count == 1 ? "mistake" : "mistakes")}:\n"
            + string.Concat(problems.Select(problem => $"  {problem}\n"));
}
