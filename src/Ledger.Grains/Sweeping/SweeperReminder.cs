using Ledger.Grains.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ledger.Grains.Sweeping;

/// <summary>
/// Has the one sweeper of a cluster woken by a reminder, which outlives every silo. Each silo says so at its start; the last one counts.
/// </summary>
internal sealed partial class SweeperReminder(
    IGrainFactory grains, IOptions<LedgerOptions> options, TimeProvider time, ILogger<SweeperReminder> logger) : BackgroundService
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await grains.GetGrain<ISweeperGrain>(ISweeperGrain.Key).WakeEvery(options.Value.SweepEvery);
                return;
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                NotYet(logger, failure.GetType().Name, failure.Message);
                await Task.Delay(s_pause, time, stoppingToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sweeper could not be told when to wake; it is tried again. {Error}: {Reason}")]
    private static partial void NotYet(ILogger logger, string error, string reason);
}
