using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Tidy.Tests.Pages;

/// <summary>The first session of the README, typed by a test: page and service cannot drift apart.</summary>
public sealed partial class FirstSessionTests : IAsyncLifetime
{
    private static readonly TimeSpan PatienceMax = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ledger-readme-");
    private Process _service = null!;

    public ValueTask InitializeAsync()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Ledger.Api.dll"), "--urls", "http://127.0.0.1:0"])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment.Remove("ConnectionStrings__Ledger");
        _service = Process.Start(start)!;
        _service.ErrorDataReceived += (_, _) => { };
        _service.BeginErrorReadLine();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _service.Kill(entireProcessTree: true);
        await _service.WaitForExitAsync();
        _service.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task The_first_session_of_the_README_goes_as_it_says()
    {
        Assert.SkipUnless(IsThere("bash") && IsThere("curl"), "The README's session was NOT tried: it needs bash and curl.");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(PatienceMax);
        var (url, key) = await Started(patience.Token);

        var answers = await Type(Session().Replace("KEY=plk_…", $"KEY={key}", StringComparison.Ordinal).Replace("http://127.0.0.1:5080", url, StringComparison.Ordinal), patience.Token);

        Assert.Equal(7, answers.Length);
        Assert.Equal(59, answers[0].GetProperty("available").GetInt64());
        Assert.Equal(15, answers[1].GetProperty("credited").GetInt64());
        Assert.Equal(8, answers[2].GetProperty("transaction").GetInt64());
        Assert.Equal(44, answers[2].GetProperty("balance").GetProperty("available").GetInt64());
        Assert.Equal(3, answers[3].GetProperty("postings").GetArrayLength());
        Assert.Equal(54, answers[4].GetProperty("balance").GetProperty("available").GetInt64());
        Assert.Equal("insufficient_points", answers[5].GetProperty("code").GetString());
        Assert.Equal(0, answers[6].GetProperty("sum").GetInt64());
    }

    // Everything that stands in fences of bash under the heading.
    private static string Session()
    {
        var text = Repository.Named("README.md").Text();
        var from = text.IndexOf("## A first session", StringComparison.Ordinal);
        var section = text[from..text.IndexOf("\n## ", from + 1, StringComparison.Ordinal)];
        return string.Join('\n', Fence().Matches(section).Select(fence => fence.Groups["code"].Value));
    }

    private async Task<(string Url, string Key)> Started(CancellationToken cancellation)
    {
        var seen = new StringBuilder();
        while (await _service.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            seen.AppendLine(line);
            if (CurlLine().Match(line) is { Success: true } match)
            {
                _ = _service.StandardOutput.ReadToEndAsync(cancellation);
                return (match.Groups["url"].Value, match.Groups["key"].Value);
            }
        }

        throw new InvalidOperationException($"The service ended without showing a key: {seen}");
    }

    private async Task<JsonElement[]> Type(string script, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("bash", ["-eu", "-c", script]) { WorkingDirectory = _folder.FullName, RedirectStandardOutput = true };
        using var shell = Process.Start(start)!;
        var printed = await shell.StandardOutput.ReadToEndAsync(cancellation);
        await shell.WaitForExitAsync(cancellation);
        Assert.True(shell.ExitCode == 0, $"The session ended with code {shell.ExitCode} after printing: {printed}");
        return [.. printed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private static bool IsThere(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    [GeneratedRegex("```bash\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"curl -H 'Authorization: Bearer (?<key>\S+)' '(?<url>http://[^/]+)/")]
    private static partial Regex CurlLine();
}
