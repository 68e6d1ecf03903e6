using System.Security.Cryptography;
using Ledger.Api.Problems;
using Ledger.Grains.Clocks;
using Ledger.Grains.Stores;
using Ledger.Paycodes;
using NodaTime;

namespace Ledger.Api.Paycodes;

/// <summary>Gives out paycodes.</summary>
/// <remarks>
/// A new code ends none before it: a phone that asks again because the answer got lost, or ahead of time, must not end the code on its screen.
/// </remarks>
internal sealed class PaycodeDesk(IPaycodes paycodes, IClock clock, IClockWatch clockWatch)
{
    /// <summary>How long a code counts, and up to a second more: it ends with a whole second.</summary>
    public static readonly Duration ValidFor = Duration.FromSeconds(60);

    /// <summary>How long a code counts that a counter got for a member: it is got before all is rung up.</summary>
    public static readonly Duration FoundFor = Duration.FromMinutes(5);

    /// <summary>How long a code that has ended is known, so that a till hears that it came too late.</summary>
    public static readonly Duration KnownFor = Duration.FromHours(1);

    private static readonly Duration s_forgetEvery = Duration.FromMinutes(10);

    // One in 10^12 meets a code that is known still; that must not be an error.
    private const int MintsMax = 3;

    private Instant _forgetNext = Instant.MinValue;

    /// <summary>Gives a resident a code.</summary>
    /// <exception cref="RequestRefusedException">The resident has as many as there may be.</exception>
    public Task<(Paycode Code, Instant Until)> Issue(CommunityId community, ResidentId resident, CancellationToken cancellation) =>
        Issue(community, resident, ValidFor, pinAbove: null, cancellation);

    /// <summary>Gives a counter a code for a member who was found there.</summary>
    /// <exception cref="RequestRefusedException">Counters have as many for the resident as there may be.</exception>
    public Task<(Paycode Code, Instant Until)> IssueFound(CommunityId community, ResidentId resident, Points pinAbove, CancellationToken cancellation) =>
        Issue(community, resident, FoundFor, pinAbove, cancellation);

    /// <summary>The whole second at an instant or after it.</summary>
    public static Instant EndOfSecond(Instant instant) =>
        Instant.FromUnixTimeSeconds((instant + Duration.FromSeconds(1) - Duration.Epsilon).ToUnixTimeSeconds());

    private async Task<(Paycode Code, Instant Until)> Issue(
        CommunityId community, ResidentId resident, Duration validFor, Points? pinAbove, CancellationToken cancellation)
    {
        var now = clockWatch.Now(clock);
        await ForgetOld(now, cancellation);
        var until = EndOfSecond(now + validFor);
        for (var i = 0; i < MintsMax; i++)
        {
            var code = Mint();
            if (await paycodes.AddPaycode(new(community, code.DigestIn(community), resident, until, pinAbove), now, cancellation))
            {
                return (code, until);
            }

            if (await paycodes.ListPaycodeEnds(community, resident, pinAbove is not null, now, cancellation) is { Count: >= StoredPaycode.LiveMax } ends)
            {
                throw TooMany(ends[0] - now);
            }
        }

        throw new InvalidOperationException("No free paycode was found.");
    }

    private static Paycode Mint()
    {
        for (; ; )
        {
            if (Paycode.Of(RandomNumberGenerator.GetString("0123456789", Paycode.DrawnCount)) is { } code)
            {
                return code;
            }
        }
    }

    private static RequestRefusedException TooMany(Duration wait) => new(
        KnownProblems.TooManyPaycodes, $"The resident has {StoredPaycode.LiveMax} paycodes that have not ended; the first ends in {Math.Ceiling(wait.TotalSeconds)} s.")
    {
        RetryAfterSeconds = (int)Math.Ceiling(wait.TotalSeconds),
    };

    // Some silo does it now and then; that another one does it too is no harm.
    private async Task ForgetOld(Instant now, CancellationToken cancellation)
    {
        if (now >= _forgetNext)
        {
            _forgetNext = now + s_forgetEvery;
            await paycodes.ForgetPaycodes(now - KnownFor, cancellation);
        }
    }
}
