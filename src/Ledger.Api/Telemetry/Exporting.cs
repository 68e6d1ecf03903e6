using Ledger.Grains.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Ledger.Api.Telemetry;

/// <summary>Sends meters and traces over OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says where to; else costs nothing.</summary>
internal static class Exporting
{
    public static void AddTo(WebApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            return;
        }

        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("ledger"))
            .WithMetrics(metrics => metrics
                .AddMeter(LedgerInstruments.Name, "Microsoft.Orleans")
                .AddAspNetCoreInstrumentation()
                .AddRuntimeInstrumentation())
            .WithTracing(traces => traces
                // Not the sources of Orleans: they tag every call with the grain's key, and keys name residents.
                .AddSource(LedgerInstruments.Name)
                .AddAspNetCoreInstrumentation(options => options.EnrichWithHttpResponse = (activity, response) =>
                    // Paths name residents; the route says which address it was, and no trace says whose.
                    activity.SetTag("url.path", (response.HttpContext.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText)
                        .SetTag("url.query", null)))
            .UseOtlpExporter();
    }
}
