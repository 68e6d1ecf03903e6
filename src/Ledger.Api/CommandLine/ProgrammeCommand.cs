using System.CommandLine;
using Ledger.Programmes;

namespace Ledger.Api.CommandLine;

/// <summary><c>programme check</c>: says what is wrong with a programme before anybody publishes it.</summary>
public static class ProgrammeCommand
{
    private const string AboutCheck = """
        Reads a programme and tells every mistake in it, with its place. Exit code 1 when there are any. What is allowed and does nothing,
        such as a rule that never matches, is told as a warning.

        Example: programme check programme.json
        """;

    /// <summary>The command.</summary>
    public static Command Create() => new("programme", "Works with a community's rules.") { Check(), SimulateCommand.Create() };

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
            var (_, problems, warnings) = ProgrammeReader.Read(await File.ReadAllTextAsync(path, cancellation));
            var output = parsed.InvocationConfiguration.Output;
            await (parsed.GetValue(json)
                ? CommandJson.Write(output, new { valid = problems.IsEmpty, problems, warnings })
                : output.WriteAsync(Words(path, problems) + Warnings(warnings)));
            return problems.IsEmpty ? ExitCodes.Done : ExitCodes.Found;
        });
        return command;
    }

    private static string Words(string path, IReadOnlyList<ProgrammeProblem> problems) => problems.Count == 0
        ? $"{path} is a programme.\n"
        : $"{path} has {problems.Count} {(problems.Count == 1 ? "mistake" : "mistakes")}:\n"
            + Lines(problems);

    private static string Warnings(IReadOnlyList<ProgrammeProblem> warnings) => warnings.Count == 0
        ? string.Empty
        : $"{warnings.Count} {(warnings.Count == 1 ? "warning" : "warnings")}, which forbid nothing:\n" + Lines(warnings);

    private static string Lines(IReadOnlyList<ProgrammeProblem> found) => string.Concat(found.Select(problem => $"  {problem}\n"));
}
