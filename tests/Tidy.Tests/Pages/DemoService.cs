using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Tidy.Tests.Pages;

/// <summary>The service as a newcomer starts it, with its demo, on a free port and in a folder of its own.</summary>
internal sealed partial class DemoService : IAsyncDisposable
{
    private static readonly TimeSpan PatienceMax = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ledger-demo-");
    private readonly Process _process;

    public DemoService()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Ledger.Api.dll"), "--urls", "http://127.0.0.1:0"])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment.Remove("ConnectionStrings__Ledger");
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>Types what stands under a heading of a page, and reads each printed line as JSON.</summary>
    public async Task<JsonElement[]> Type(string page, string heading, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(PatienceMax);
        var (url, key) = await Started(patience.Token);
        var script = PageScript.Under(page, heading)
            .Replace("KEY=plk_…", $"KEY={key}", StringComparison.Ordinal)
            .Replace("http://127.0.0.1:5080", url, StringComparison.Ordinal);
        return [.. (await PageScript.Run(script, _folder, patience.Token)).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private async Task<(string Url, string Key)> Started(CancellationToken cancellation)
    {
        var seen = new StringBuilder();
        while (await _process.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            seen.AppendLine(line);
            if (CurlLine().Match(line) is { Success: true } match)
            {
                _ = _process.StandardOutput.ReadToEndAsync(cancellation);
                return (match.Groups["url"].Value, match.Groups["key"].Value);
            }
        }

        throw new InvalidOperationException($"The service ended without showing a key: {seen}");
    }

    [GeneratedRegex(@"curl -H 'Authorization: Bearer (?<key>\S+)' '(?<url>http://[^/]+)/")]
    private static partial Regex CurlLine();
}
