using System.Threading.Channels;

namespace Ledger.Api.Reratings;

/// <summary>Writes corrections beside the requests: when one was approved, when the service starts, and now and then, for a silo may have been killed in the middle.</summary>
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
            await Work(stoppingToken);
            using var patience = new CancellationTokenSource(s_again, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, patience.Token);
            try
            {
                await _calls.Reader.ReadAsync(either.Token);
            }
            catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
            {
                // Nobody called. Another silo may have been called, and be gone.
            }
        }
    }

    private async Task Work(CancellationToken cancellation)
    {
        try
        {
            await work.Finish(cancellation);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            Failed(logger, failure.GetType().Name, failure.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Approved re-ratings could not be looked up; it is tried again in a minute. {Error}: {Reason}")]
    private static partial void Failed(ILogger logger, string error, string reason);
}
