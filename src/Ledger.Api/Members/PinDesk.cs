using System.Text.Json.Nodes;
using Ledger.Api.Paycodes;
using Ledger.Api.Problems;
using Ledger.Grains.Clocks;
using Ledger.Grains.Stores;
using NodaTime;

namespace Ledger.Api.Members;

/// <summary>Asks members for their PIN.</summary>
/// <remarks>Each attempt is counted in the store before it is looked at, so that no number of silos and of attempts at once gives more of them.</remarks>
internal sealed class PinDesk(IProfiles profiles, IClock clock, IClockWatch clockWatch)
{
    /// <summary>Wrong PINs in a row, before no more is looked at for a while.</summary>
    public const int WrongMax = 5;

    /// <summary>For how long.</summary>
    public static readonly Duration LockedFor = Duration.FromMinutes(15);

    /// <param name="community">Where.</param>
    /// <param name="resident">Whose PIN.</param>
    /// <param name="above">Above so many points it is asked for.</param>
    /// <param name="pin">What was typed; null for nothing.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="RequestRefusedException">It is missing, wrong or locked.</exception>
    public async Task Check(CommunityId community, ResidentId resident, Points above, string? pin, CancellationToken cancellation)
    {
        var profile = await profiles.FindProfile(community, resident, cancellation);
        if (pin is null || profile?.Pin is null)
        {
            throw Required(above, isSet: profile?.Pin is not null);
        }

        var counted = await Count(profile, cancellation);
        if (!PinHash.Matches(pin, counted.Pin!))
        {
            throw Wrong(WrongMax - counted.WrongPins);
        }

        // Where another attempt came in between, that one stays counted.
        await profiles.CountPin(counted, wrongPins: 0, lockedUntil: null, cancellation);
    }

    private async Task<ResidentProfile> Count(ResidentProfile seen, CancellationToken cancellation)
    {
        for (; ; )
        {
            var now = clockWatch.Now(clock);
            if (seen.PinLockedUntil > now)
            {
                throw Locked(seen.PinLockedUntil.Value, now);
            }

            // After a lock it begins anew.
            var wrong = seen.PinLockedUntil is null ? seen.WrongPins + 1 : 1;
            var counted = seen with { WrongPins = wrong, PinLockedUntil = wrong < WrongMax ? null : PaycodeDesk.EndOfSecond(now + LockedFor) };
            if (await profiles.CountPin(seen, counted.WrongPins, counted.PinLockedUntil, cancellation))
            {
                return counted;
            }

            seen = await profiles.FindProfile(seen.Community, seen.Resident, cancellation) is { Pin: not null } again
                ? again
                : throw new RequestRefusedException(KnownProblems.PinWrong, "The profile was erased meanwhile.");
        }
    }

    private static RequestRefusedException Required(Points above, bool isSet) => new(
        KnownProblems.PinRequired,
        isSet
            ? $"Above {above} points a member who was found by card or phone number types a PIN."
            : $"Above {above} points a member needs a PIN, and none is set.")
    {
        Members = new JsonObject { ["above"] = above.Value, ["pinSet"] = isSet },
    };

    private static RequestRefusedException Wrong(int left) => new(KnownProblems.PinWrong, $"{left} attempts are left.")
    {
        Members = new JsonObject { ["attemptsLeft"] = left },
    };

    private static RequestRefusedException Locked(Instant until, Instant now) => new(
        KnownProblems.PinLocked, $"{WrongMax} PINs were wrong; none is looked at until {until}.")
    {
        Members = new JsonObject { ["lockedUntil"] = until.ToString() },
        RetryAfterSeconds = (int)Math.Ceiling((until - now).TotalSeconds),
    };
}
