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
        Assert.SkipUnless(ReadmeScript.CanRun, "The README's session was NOT tried: it needs bash and curl.");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(PatienceMax);
        var (url, key) = await Started(patience.Token);
        var script = ReadmeScript.Under("A first session")
            .Replace("KEY=plk_…", $"KEY={key}", StringComparison.Ordinal)
            .Replace("http://127.0.0.1:5080", url, StringComparison.Ordinal);

        var lines = await ReadmeScript.Run(script, _folder, patience.Token);

        JsonElement[] answers = [.. lines.Select(line => JsonDocument.Parse(line).RootElement)];
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

    [GeneratedRegex(@"curl -H 'Authorization: Bearer (?<key>\S+)' '(?<url>http://[^/]+)/")]
    private static partial Regex CurlLine();
}
