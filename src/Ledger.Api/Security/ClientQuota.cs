using System.Globalization;
using System.Threading.RateLimiting;
using Ledger.Api.Problems;
using Microsoft.Extensions.Options;

namespace Ledger.Api.Security;

/// <summary>How often a client may call; section <c>Ledger:RateLimit</c>.</summary>
public sealed record RateLimitOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Ledger:RateLimit";

    /// <summary>Requests of one client in a window. Default: 600,000; 0 for no limit.</summary>
    public int RequestsMax { get; init; } = 600_000;

    /// <summary>Requests of one address without a key in a window. Default: 600; 0 for no limit.</summary>
    public int AnonymousRequestsMax { get; init; } = 600;

    /// <summary>Paycodes, cards and phone numbers that are nobody's, of one client in a minute, before it is turned away. Default: 10.</summary>
    public int WrongPaycodesMax { get; init; } = 10;

    /// <summary>The same of one address, whatever its clients. Default: 100, as tills may share a proxy.</summary>
    public int WrongPaycodesPerAddressMax { get; init; } = 100;

    /// <summary>The window. Default: one minute.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(1);
}

/// <summary>Counts requests per client and turns away what is too much, so that one confused app does not slow the others.</summary>
/// <remarks>Source: draft-ietf-httpapi-ratelimit-headers-10 for the RateLimit fields; RFC 9110 §10.2.3 for Retry-After.</remarks>
internal sealed class ClientQuota : IDisposable
{
    private readonly RequestDelegate _next;
    private readonly RateLimitOptions _options;
    private readonly string _policy;
    private readonly PartitionedRateLimiter<HttpContext> _limiter;

    public ClientQuota(RequestDelegate next, IOptions<RateLimitOptions> options)
    {
        (_next, _options) = (next, options.Value);
        _policy = string.Create(CultureInfo.InvariantCulture, $"\"client\";q={_options.RequestsMax};w={(long)_options.Window.TotalSeconds}");
        _limiter = PartitionedRateLimiter.Create<HttpContext, string>(Partition);
    }

    public Task InvokeAsync(HttpContext context)
    {
        using var lease = _limiter.AttemptAcquire(context);
        var seconds = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? (int)Math.Ceiling(wait.TotalSeconds) : 1;
        return lease.IsAcquired ? Admit(context) : Refuse(context, Math.Max(seconds, 1));
    }

    public void Dispose() => _limiter.Dispose();

    private Task Admit(HttpContext context)
    {
        if (context.User is CallerPrincipal && _options.RequestsMax > 0)
        {
            Tell(context, _limiter.GetStatistics(context)?.CurrentAvailablePermits ?? 0);
        }

        return _next(context);
    }

    private Task Refuse(HttpContext context, int seconds)
    {
        Tell(context, 0);
        return new Problem(
            KnownProblems.TooManyRequests, context.Request.Language(), $"More than was agreed; the next window opens in {seconds} s.")
        {
            RetryAfterSeconds = seconds,
        }.WriteTo(context);
    }

    private void Tell(HttpContext context, long left)
    {
        context.Response.Headers["RateLimit-Policy"] = _policy;
        context.Response.Headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"client\";r={left}");
    }

    private RateLimitPartition<string> Partition(HttpContext context) => context.User is CallerPrincipal { Caller.Client: var client }
        ? Window("client " + client, _options.RequestsMax)
        : Window("address " + context.Connection.RemoteIpAddress, _options.AnonymousRequestsMax);

    private RateLimitPartition<string> Window(string name, int requestsMax) => requestsMax == 0
        ? RateLimitPartition.GetNoLimiter(string.Empty)
        : RateLimitPartition.GetFixedWindowLimiter(name, _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = requestsMax,
            Window = _options.Window,
            QueueLimit = 0,
        });
}
