using System.Collections.Concurrent;
using System.Net.Mime;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ledger.Api.Tests.Telemetry;

/// <summary>Takes in what is sent over OTLP (HTTP, protobuf), so that a test can look for words in it.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Signal, byte[] Body)> _received = [];
    private readonly SemaphoreSlim _arrived = new(0);

    private OtlpReceiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/v1/{signal}", Receive);
    }

    public string Address => _app.Urls.Single();

    public static async Task<OtlpReceiver> Start()
    {
        var receiver = new OtlpReceiver();
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>Waits until a signal (<c>traces</c>, <c>metrics</c>) came in that holds a word.</summary>
    public async Task Until(string signal, string word, CancellationToken cancellation)
    {
        while (!_received.Any(one => one.Signal == signal && Holds(one.Body, word)))
        {
            Assert.True(await _arrived.WaitAsync(TimeSpan.FromSeconds(30), cancellation), $"No {signal} with {word} came.");
        }
    }

    public bool HasAnywhere(string word) => _received.Any(one => Holds(one.Body, word));

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _arrived.Dispose();
    }

    private static bool Holds(byte[] body, string word) => body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(word)) >= 0;

    private async Task<IResult> Receive(string signal, HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        _received.Enqueue((signal, body.ToArray()));
        _arrived.Release();
        return Results.Bytes([], MediaTypeNames.Application.Octet);
    }
}
