namespace Ledger.Api.Telemetry;

/// <summary>How logs are written: for people in Development, as JSON lines elsewhere. No line names a resident.</summary>
internal static class Logs
{
    public static void AddTo(WebApplicationBuilder builder)
    {
        if (!builder.Environment.IsDevelopment())
        {
            // Scopes of the framework may hold the path of the request, and paths name residents.
            builder.Logging.AddJsonConsole(console =>
            {
                console.IncludeScopes = false;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
        }
    }
}
