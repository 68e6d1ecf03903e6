using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ledger.Grains.Journal;
using Ledger.Programmes;
using NodaTime;

namespace Ledger.Grains.Replays;

/// <summary>What a re-rating changes for one resident.</summary>
/// <param name="Resident">Who.</param>
/// <param name="Points">What is given; negative for what is taken.</param>
/// <param name="First">The first transaction that was decided again.</param>
/// <param name="Last">The last one.</param>
public sealed record ResidentDifference(ResidentId Resident, Points Points, long First, long Last);

/// <summary>What a re-rating changes. The same period and programme give the same plan for ever: nothing is added to a past that is over.</summary>
/// <param name="Differences">Residents whose points change, by identifier.</param>
public sealed record ReratingPlan(IReadOnlyList<ResidentDifference> Differences)
{
    /// <summary>Points that are given in all.</summary>
    public Int128 Given => Sum(difference => difference.Points.IsPositive ? difference.Points : Points.Zero);

    /// <summary>Points that are taken in all; zero or more.</summary>
    public Int128 Taken => Sum(difference => difference.Points.IsPositive ? Points.Zero : -difference.Points);

    /// <summary>SHA-256 over all differences, in lower-case hexadecimal.</summary>
    /// <remarks>
    /// Without <see cref="ResidentDifference.Last"/>: what falls due in the period may still be written into it, and changes no award. Once a correction is written, its wallet's past stands still.
    /// </remarks>
    public string Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (resident, points, first, _) in Differences)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{resident} {points} {first}\n")));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Decides a period again and keeps what comes out for each resident. Memory: a hundred bytes or so for each whose points change.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="community">Whose past.</param>
    /// <param name="programmes">The programme to decide with (<see cref="PublishedProgrammes.Trying"/>), beside those that are pinned in the past.</param>
    /// <param name="from">The first instant of the period.</param>
    /// <param name="until">The first instant after it, which has passed.</param>
    /// <param name="knownUntil">Until when it is known what became of its awards; at or after the end.</param>
    /// <param name="workers">Processors that it may use.</param>
    /// <param name="cancellation">Stops.</param>
    public static async Task<ReratingPlan> Make(
        IJournal journal,
        CommunityId community,
        PublishedProgrammes programmes,
        Instant from,
        Instant until,
        Instant knownUntil,
        int workers,
        CancellationToken cancellation)
    {
        var differences = new ConcurrentBag<ResidentDifference>();
        await new JournalReplay(journal).Replay(
            community,
            programmes,
            from,
            until,
            workers,
            knownUntil: knownUntil,
            pays: true,
            each: (resident, wallet) =>
            {
                if (!wallet.Difference.IsZero)
                {
                    differences.Add(new(resident, wallet.Difference, wallet.First, wallet.Last));
                }
            },
            cancellation: cancellation);
        return new([.. differences.OrderBy(difference => difference.Resident.Value, StringComparer.Ordinal)]);
    }

    private Int128 Sum(Func<ResidentDifference, Points> part)
    {
        Int128 sum = 0;
        foreach (var difference in Differences)
        {
            sum += part(difference).Value;
        }

        return sum;
    }
}
