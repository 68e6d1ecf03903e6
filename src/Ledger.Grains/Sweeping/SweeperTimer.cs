using Ledger.Grains.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ledger.Grains.Sweeping;

/// <summary>Wakes the sweeper in regular intervals while the service runs.</summary>
internal sealed partial class SweeperTimer(
    IGrainFactory grains, IOptions<LedgerOptions> options, TimeProvider time, ILogger<SweeperTimer> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.SweepEvery is not { Ticks: > 0 } every)
        {
            return;
        }

        using var timer = new PeriodicTimer(every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await grains.GetGrain<ISweeperGrain>(ISweeperGrain.Key).Sweep();
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // The next tick tries again; nobody's answer depends on this one.
                Failed(logger, e.GetType().Name, e.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sweep did not finish and is tried again later. {Error}: {Reason}")]
    private static partial void Failed(ILogger logger, string error, string reason);
}
