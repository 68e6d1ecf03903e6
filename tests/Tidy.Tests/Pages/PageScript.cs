using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Tidy.Tests.Pages;

/// <summary>What a page tells the reader to type.</summary>
internal static partial class PageScript
{
    /// <summary>Are the programs here that the reader is told to have?</summary>
    public static bool CanRun { get; } = IsThere("bash") && IsThere("curl");

    /// <summary>Everything that stands in fences of bash under a heading.</summary>
    public static string Under(string page, string heading)
    {
        var text = Repository.Named(page).Text();
        var from = text.IndexOf($"\n## {heading}\n", StringComparison.Ordinal);
        Assert.True(from >= 0, $"{page} has no heading '## {heading}': give it back, or move the test with it.");
        var until = text.IndexOf("\n## ", from + 1, StringComparison.Ordinal);
        var section = until < 0 ? text[from..] : text[from..until];
        return string.Join('\n', Fence().Matches(section).Select(fence => fence.Groups["code"].Value))
            .Replace("dotnet run --project src/Ledger.Api --", $"dotnet '{Path.Combine(AppContext.BaseDirectory, "Ledger.Api.dll")}'", StringComparison.Ordinal);
    }

    /// <summary>What a script printed, line by line; a command that fails fails the test.</summary>
    public static async Task<string[]> Run(string script, DirectoryInfo folder, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("bash", ["-eu", "-c", script]) { WorkingDirectory = folder.FullName, RedirectStandardOutput = true };
        start.Environment.Remove("ConnectionStrings__Ledger");
        using var shell = Process.Start(start)!;
        try
        {
            var printed = await shell.StandardOutput.ReadToEndAsync(cancellation);
            await shell.WaitForExitAsync(cancellation);
            Assert.True(shell.ExitCode == 0, $"The script of the page ended with code {shell.ExitCode} after printing: {printed}");
            return printed.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            shell.Kill(entireProcessTree: true);
        }
    }

    private static bool IsThere(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    [GeneratedRegex("```bash\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fence();
}
