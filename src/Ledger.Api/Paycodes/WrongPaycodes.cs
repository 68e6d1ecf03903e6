using System.Globalization;
using System.Threading.RateLimiting;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Microsoft.Extensions.Options;

namespace Ledger.Api.Paycodes;

/// <summary>Counts paycodes, cards and phone numbers that are nobody's, per client and per address, so that nobody guesses them.</summary>
/// <remarks>Each process counts for itself; what that leaves of a guess is reckoned in docs/tills.md.</remarks>
internal sealed class WrongPaycodes : IDisposable
{
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<HttpContext>[] _limiters;

    public WrongPaycodes(IOptions<RateLimitOptions> options) => _limiters =
    [
        Limiter(context => context.Caller().Client, options.Value.WrongPaycodesMax),
        Limiter(context => $"{context.Connection.RemoteIpAddress}", options.Value.WrongPaycodesPerAddressMax),
    ];

    /// <summary>Counts a code that nobody was given.</summary>
    public void Add(HttpContext context)
    {
        foreach (var limiter in _limiters)
        {
            limiter.AttemptAcquire(context).Dispose();
        }
    }

    /// <summary>Turns a caller away who has named too many such codes. Asked after a code was looked up: many guesses at once win nothing.</summary>
    /// <exception cref="RequestRefusedException">There were too many.</exception>
    public void Check(HttpContext context)
    {
        foreach (var limiter in _limiters)
        {
            using var lease = limiter.AttemptAcquire(context, permitCount: 0);
            if (!lease.IsAcquired)
            {
                var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var time) ? time : s_window;
                throw TooMany((int)Math.Ceiling(wait.TotalSeconds));
            }
        }
    }

    public void Dispose()
    {
        foreach (var limiter in _limiters)
        {
            limiter.Dispose();
        }
    }

    private static RequestRefusedException TooMany(int seconds) => new(
        KnownProblems.TooManyWrongPaycodes, string.Create(CultureInfo.InvariantCulture, $"Too many codes were unknown; the next window opens in {seconds} s."))
    {
        RetryAfterSeconds = seconds,
    };

    private static PartitionedRateLimiter<HttpContext> Limiter(Func<HttpContext, string> name, int codesMax) => PartitionedRateLimiter.Create<HttpContext, string>(
        context => RateLimitPartition.GetFixedWindowLimiter(name(context), _ => new FixedWindowRateLimiterOptions { PermitLimit = codesMax, Window = s_window, QueueLimit = 0 }));
}
