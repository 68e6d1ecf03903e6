using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Ledger.Load;

/// <summary>The service as its own process, on a new store that is gone afterwards.</summary>
internal sealed partial class ServiceProcess : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly Process _process;

    private ServiceProcess(DirectoryInfo folder, Process process) => (_folder, _process) = (folder, process);

    public IPEndPoint Address { get; private set; } = new(IPAddress.Loopback, 0);

    public string Key { get; private set; } = "";

    /// <summary>From the start of the process to the first balance that it answered.</summary>
    public TimeSpan FirstAnswerAfter { get; private set; }

    public static async Task<ServiceProcess> Start(CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("ledger-load-");
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Ledger.Api.dll"), "--urls", "http://127.0.0.1:0"])
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardOutput = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        var watch = Stopwatch.StartNew();
        var service = new ServiceProcess(folder, Process.Start(start)!);
        await service.ReadAddressAndKey(cancellation);
        await service.ReadBalance(cancellation);
        service.FirstAnswerAfter = watch.Elapsed;
        return service;
    }

    public long ResidentMegabytes()
    {
        _process.Refresh();
        return _process.WorkingSet64 / (1024 * 1024);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task ReadAddressAndKey(CancellationToken cancellation)
    {
        while (await _process.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            if (CurlLine().Match(line) is { Success: true } match)
            {
                Key = match.Groups["key"].Value;
                Address = IPEndPoint.Parse(match.Groups["address"].Value);
                _ = _process.StandardOutput.ReadToEndAsync(cancellation);
                return;
            }
        }

        throw new InvalidOperationException("The service ended without showing a key.");
    }

    private async Task ReadBalance(CancellationToken cancellation)
    {
        using var client = new HttpClient { BaseAddress = new($"http://{Address}") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        using var answer = await client.GetAsync(new Uri("/v1/residents/r-1001/balance?community=demo", UriKind.Relative), cancellation);
        answer.EnsureSuccessStatusCode();
    }

    [GeneratedRegex(@"curl -H 'Authorization: Bearer (?<key>\S+)' 'http://(?<address>[^/]+)/")]
    private static partial Regex CurlLine();
}
