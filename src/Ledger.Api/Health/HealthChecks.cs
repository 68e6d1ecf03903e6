using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Grains.Clocks;
using Ledger.Grains.Journal;
using Ledger.Grains.Stores;

namespace Ledger.Api.Health;

/// <summary>How the service is.</summary>
/// <param name="Status"><c>live</c> or <c>ready</c>.</param>
public sealed record HealthView(string Status);

internal static class HealthChecks
{
    private static readonly TimeSpan StorePatience = TimeSpan.FromSeconds(2);

    /// <summary>The process runs. Restart it when this does not answer.</summary>
    public static void MapLive(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, () => Answers.Ok(new HealthView("live"), ApiJson.Web.HealthView))
        .AllowAnonymous()
        .Describe("healthLive", "Health", "Does the process run?", "Restart it when this does not answer.")
        .Gives<HealthView>(StatusCodes.Status200OK, "It does.");

    /// <summary>Requests will be served. Send none while this is 503.</summary>
    public static void MapReady(IEndpointRouteBuilder routes, string pattern) => routes
        .MapGet(pattern, Ready)
        .AllowAnonymous()
        .Describe("healthReady", "Health", "Will requests be served?", "503 while the store does not answer, the clock is wrong, or the service is starting or stopping.")
        .Gives<HealthView>(StatusCodes.Status200OK, "They will.")
        .Fails(KnownProblems.Unavailable);

    private static async Task<IResult> Ready(HttpContext context, ICatalogue catalogue, IClockWatch clocks, IHostApplicationLifetime lifetime)
    {
        if (!lifetime.ApplicationStarted.IsCancellationRequested || lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return NotReady(context, "The service is starting or stopping.");
        }

        if (clocks.Objection is { } objection)
        {
            return NotReady(context, objection);
        }

        try
        {
            await catalogue.ListCommunities(context.RequestAborted).WaitAsync(StorePatience, context.RequestAborted);
            return Answers.Ok(new HealthView("ready"), ApiJson.Web.HealthView);
        }
        catch (Exception failure) when (failure is JournalException or TimeoutException)
        {
            return NotReady(context, "The store does not answer.");
        }
    }

    private static ProblemResult NotReady(HttpContext context, string why) =>
        new(new(KnownProblems.Unavailable, context.Request.Language(), why) { RetryAfterSeconds = 2 });
}
