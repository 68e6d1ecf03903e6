using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Load.Ours;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ledger.Load.Limits;

/// <summary>
/// What an HTTP endpoint in front of a grain costs when the grain does nothing: the same event is read from JSON, a grain of its subject is
/// called, and a short answer is written. No key is looked up, nothing is decided, nothing is stored.
/// </summary>
internal static class EmptyGrainServer
{
    public static async Task Run(string url, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.UseOrleans(silo => silo.UseLocalhostClustering(siloPort: ServiceProcess.FreePort(), gatewayPort: 0));
        await using var app = builder.Build();
        app.Urls.Add(url);
        app.MapPost("/v1/events", async (HttpContext context, IGrainFactory grains) =>
        {
            var posted = await JsonSerializer.DeserializeAsync(context.Request.Body, EmptyGrainJson.Default.PostedEvent, context.RequestAborted);
            var asked = await grains.GetGrain<IEmptyGrain>("r/" + posted!.Subject).Ask(posted.Id);
            var body = JsonSerializer.SerializeToUtf8Bytes(new EventAnswer(posted.Id, asked), EmptyGrainJson.Default.EventAnswer);
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        });
        await app.StartAsync(cancellation);
        Console.WriteLine(EmptyGrainEndpoint.Ready);
        await app.WaitForShutdownAsync(cancellation);
    }
}

/// <summary>An event as it is posted.</summary>
internal sealed record PostedEvent(string Id, string Source, string Type, string Subject, DateTimeOffset Time, PostedData Data);

/// <summary>Its data.</summary>
internal sealed record PostedData(string? Activity, long? Quantity, string? Merchant, long? Points);

/// <summary>What is answered.</summary>
internal sealed record EventAnswer(string Id, long Asked);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PostedEvent))]
[JsonSerializable(typeof(EventAnswer))]
internal sealed partial class EmptyGrainJson : JsonSerializerContext;
