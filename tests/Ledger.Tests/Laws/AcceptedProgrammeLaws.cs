using System.Text.Json.Nodes;
using FsCheck.Fluent;
using Ledger.Programmes;
using Ledger.Rules;
using Ledger.Tests.Programmes;
using Ledger.Tests.Sequences;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Laws;

/// <summary>What the check lets through never fails later, whatever it says and whatever comes.</summary>
public sealed class AcceptedProgrammeLaws
{
    private static readonly Instant Start = Instant.FromUtc(2027, 2, 27, 15, 30);
    private static readonly Instant[] Ends = [Instant.FromUtc(1, 1, 2, 0, 0), Instant.FromUtc(1969, 12, 31, 23, 0), Instant.FromUtc(9999, 12, 30, 0, 0)];
    private static readonly Duration[] Steps =
        [Duration.Zero, Duration.Epsilon, Duration.FromMinutes(30), Duration.FromHours(8), Duration.FromDays(1), Duration.FromDays(1), Duration.FromDays(40)];

    [Fact]
    public void Every_programme_that_passes_the_check_decides_every_activity() => Law.Holds(Gen.Choose(0, int.MaxValue).ToArbitrary(), 600, seed =>
    {
        var chance = new Random(seed);
        var json = Accepted(seed, chance);
        try
        {
            Live(ProgrammeReader.Read(json).Programme!, chance);
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"{json}\n{failure}", failure);
        }
    });

    // Slips of the pen that the check does not find.
    private static string Accepted(int seed, Random chance)
    {
        var json = WrittenProgramme.Of(seed).ToJsonString();
        for (var slip = 0; slip < 8; slip++)
        {
            var damaged = JsonNode.Parse(json)!.AsObject();
            WrittenProgramme.Damage(damaged, chance);
            json = ProgrammeReader.Read(damaged.ToJsonString()).Programme is null ? json : damaged.ToJsonString();
        }

        return json;
    }

    private static void Live(Programme programme, Random chance)
    {
        var published = new PublishedProgrammes([new(1, Instant.MinValue, programme)]);
        ActivityType[] types = [.. programme.Activities.Keys, new("service"), new("anything")];
        foreach (var end in Ends)
        {
            // History may be of any time that a date can say.
            var old = new RecordedWallet(published);
            old.Send(old.Envelope(Earn(end), end, historic: true));
        }

        var wallet = new RecordedWallet(published);
        for (var (step, now) = (0, Start); step < 25; step++)
        {
            now += Any(Steps);
            wallet.EnteredBefore = Any(0L, 5, 1000);
            var decision = chance.Next(6) > 0 || wallet.Journal.Count == 0
                ? wallet.Send(Earn(now - Any(Duration.Zero, Duration.Zero, Duration.FromHours(1), Duration.FromDays(20), Duration.FromDays(400), Duration.FromMinutes(-4))), now)
                : wallet.Send(new ReverseEarning(Any([.. wallet.Journal]).Key, chance.Next(2) == 0 ? null : new(1)), now);
            if (decision is Decision.Accepted { Events: var events } && events.OfType<PointsEarned>().SingleOrDefault() is { } earned)
            {
                _ = Retelling.Of(programme, earned);
            }
        }

        _ = Due.Apply(wallet.State, Start + Duration.FromDays(5_000));
        Assert.Equal(Play.Text(wallet.State), Play.Text(Play.Replay(wallet.Stored())));

        EarnPoints Earn(Instant at) => new(
            Any(types),
            Any(1L, 2, 59, 60, 61, 12_050, Points.Max.Value - 1, Points.Max.Value),
            at,
            chance.Next(3) == 0 ? null : ActivityDetails.Of([new("amount", AttributeValue.Of(Any(0L, 10, Points.Max.Value))), new("shop", AttributeValue.Of("tea-house"))], ["senior"]),
            chance.Next(2) == 0 ? null : new("coordinator-4", Any("hall-1", RecordedWallet.Resident.Value)));

        T Any<T>(params T[] values) => values[chance.Next(values.Length)];
    }
}
