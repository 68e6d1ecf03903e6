using System.Threading.Channels;

namespace Ledger.Api.Reratings;

/// <summary>Writes corrections beside the requests: when one was approved, and when the service starts, for it may have been killed in the middle.</summary>
internal sealed partial class ReratingService(ReratingWork work, TimeProvider time, ILogger<ReratingService> logger) : BackgroundService
{
    private static readonly TimeSpan s_again = TimeSpan.FromMinutes(1);

    private readonly Channel<bool> _calls = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>There is something to do.</summary>
    public void Wake() => _calls.Writer.TryWrite(true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var isDone = await Work(stoppingToken);
            using var patience = new CancellationTokenSource(isDone ? Timeout.InfiniteTimeSpan : s_again, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, patience.Token);
            try
            {
                await _calls.Reader.ReadAsync(either.Token);
            }
            catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
            {
                // Nobody called, but something is left to do.
            }
        }
    }

    private async Task<bool> Work(CancellationToken cancellation)
    {
        try
        {
            await work.Finish(cancellation);
            return true;
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            Failed(logger, failure);
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Error, "The corrections of a re-rating could not all be written; it is tried again in a minute.")]
    private static partial void Failed(ILogger logger, Exception failure);
}
