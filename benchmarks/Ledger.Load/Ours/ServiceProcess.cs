using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Ledger.Load.Ours;

/// <summary>The service as its own process, with everything as it is shipped but for the limit on calls of one client, which is lifted.</summary>
internal sealed partial class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_startPatience = TimeSpan.FromSeconds(60);

    private readonly TaskCompletionSource<string> _key = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ChildProcess _process;

    private ServiceProcess(LedgerStore store, bool demo, int port)
    {
        Address = new(IPAddress.Loopback, port);
        _process = new(
            "Ledger.Api.dll",
            ["--urls", $"http://{Address}"],
            [
                .. store.Configuration.Select(pair => KeyValuePair.Create(pair.Key.Replace(":", "__", StringComparison.Ordinal), pair.Value)),
                new("ASPNETCORE_ENVIRONMENT", "Development"),
                new("Ledger__Demo", demo ? "true" : "false"),
                new("Ledger__RateLimit__RequestsMax", "0"),
                new("Ledger__RateLimit__AnonymousRequestsMax", "0"),
            ],
            line =>
            {
                if (CurlLine().Match(line) is { Success: true } match)
                {
                    _key.TrySetResult(match.Groups["key"].Value);
                }
            });
    }

    public IPEndPoint Address { get; }

    /// <summary>A key that may do everything.</summary>
    public string Key { get; private set; } = "";

    /// <summary>From the start of the process to the first balance that it answered.</summary>
    public TimeSpan FirstAnswerAfter { get; private set; }

    public IReadOnlyList<string> LastWords => _process.LastWords;

    /// <param name="store">Where it keeps everything.</param>
    /// <param name="key">The key that its first start showed; null at the first start.</param>
    /// <param name="demo">Whether an empty store gets the demo community.</param>
    /// <param name="community">Where a first balance is asked for.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="InvalidOperationException">It did not start.</exception>
    public static async Task<ServiceProcess> Start(LedgerStore store, string? key, bool demo, string community, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var service = new ServiceProcess(store, demo, FreePort());
        try
        {
            service.Key = key ?? await service._key.Task.WaitAsync(s_startPatience, cancellation);
            await service.ReadBalance(community, cancellation);
            service.FirstAnswerAfter = watch.Elapsed;
            return service;
        }
        catch (Exception failure) when (failure is TimeoutException or HttpRequestException)
        {
            await service.DisposeAsync();
            throw new InvalidOperationException("The service did not start:\n" + string.Join('\n', service.LastWords), failure);
        }
    }

    public long ResidentMegabytes() => _process.ResidentMegabytes();

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private async Task ReadBalance(string community, CancellationToken cancellation)
    {
        using var client = new HttpClient { BaseAddress = new($"http://{Address}") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        var patience = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var answer = await client.GetAsync(
                    new Uri($"/v1/residents/r-1001/balance?community={community}", UriKind.Relative), cancellation);
                answer.EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException) when (!_process.HasEnded && patience.Elapsed < s_startPatience)
            {
                await Task.Delay(10, cancellation);
            }
        }
    }

    [GeneratedRegex(@"curl -H 'Authorization: Bearer (?<key>\S+)' '")]
    private static partial Regex CurlLine();
}
