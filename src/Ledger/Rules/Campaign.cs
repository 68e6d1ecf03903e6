using System.Collections.Immutable;
using System.Diagnostics;
using Ledger.Budgets;
using Ledger.Programmes;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Rules;

/// <summary>More points for a while: a factor on what the rules gave, or a bonus.</summary>
/// <param name="Name">Its name in what is stored, for example <c>campaign/double-weekend</c>.</param>
/// <param name="From">The first local date.</param>
/// <param name="Through">The last local date.</param>
/// <param name="Activities">The types of activity it is for; null for all.</param>
/// <param name="When">What else must be so; all of it.</param>
/// <param name="Effect">What it adds.</param>
/// <param name="Stacks">
/// True: what it adds comes on top. False (default): of all campaigns that do not stack, only the one that adds most counts.
/// </param>
/// <param name="PointsMax">The most points that one resident gets from it in all; null for no limit.</param>
/// <param name="TimesMax">How often one resident gets something from it; null for no limit.</param>
/// <param name="Names">What people call it, by language tag; may be empty.</param>
public sealed record Campaign(
    string Name,
    LocalDate From,
    LocalDate Through,
    ImmutableHashSet<ActivityType>? Activities,
    ImmutableArray<Condition> When,
    CampaignEffect Effect,
    bool Stacks,
    Points? PointsMax,
    long? TimesMax,
    ImmutableDictionary<string, string> Names)
{
    /// <summary>What precedes a campaign's id in <see cref="Name"/>.</summary>
    public const string Prefix = "campaign/";

    /// <summary>Its id, by which operators and pages know it.</summary>
    public string Id => IdOf(Name);

    /// <summary>What all residents together get from it at most. Default: null, no limit.</summary>
    public Budget? Budget { get; init; }

    /// <summary>Where what one resident had from it is counted.</summary>
    internal CapBucketKey BucketKey { get; } = new(Name, CapPeriod.Campaign, CapPeriod.Campaign.StartOf(From));

    /// <summary>What a resident may still have from it of so many points.</summary>
    internal Points HeldToLimits(Points points, CapBuckets counted)
    {
        if (PointsMax is null && TimesMax is null)
        {
            return points;
        }

        var had = counted.Of(BucketKey);
        return had.Times >= TimesMax ? Points.Zero
            : PointsMax is { } most ? Points.Min(points, most > had.Used ? most - had.Used : Points.Zero)
            : points;
    }

    /// <summary>The id of the campaign of a name.</summary>
    public static string IdOf(string name) => name[Prefix.Length..];

    /// <summary>Does it count for an activity?</summary>
    public bool Matches(in ActivityFacts facts) =>
        facts.Local.Date >= From && facts.Local.Date <= Through && Activities?.Contains(facts.Activity) != false && When.AsSpan().AllHold(facts);
}

/// <summary>What a campaign adds. A closed set.</summary>
public abstract record CampaignEffect
{
    private protected CampaignEffect()
    {
    }

    /// <summary>A factor on what the rules gave; it adds the difference.</summary>
    /// <param name="BasisPoints">Ten-thousandths: 20000 doubles. More than 10000, at most 1000000.</param>
    /// <param name="Rounding">What becomes of a fraction of a point.</param>
    public sealed record Multiply(int BasisPoints, Rounding Rounding) : CampaignEffect;

    /// <summary>So many points on top, where the rules gave any.</summary>
    /// <param name="Points">More than zero.</param>
    public sealed record Bonus(Points Points) : CampaignEffect;

    /// <summary>What comes on top of what the rules gave; null when it is more than <see cref="Points.Max"/>.</summary>
    public Points? Added(Points rules) => this switch
    {
        _ when rules.IsZero => Points.Zero,
        Multiply multiply => AwardFormula.Divide((Int128)rules.Value * (multiply.BasisPoints - Unchanged), Unchanged, multiply.Rounding),
        Bonus bonus => bonus.Points,
        _ => throw new UnreachableException($"Effect {GetType().Name} has no case."),
    };

    /// <summary>How a fraction of a point was rounded; null where there was none.</summary>
    public Rounding? RoundedAt(Points rules) => this is Multiply multiply && (Int128)rules.Value * (multiply.BasisPoints - Unchanged) % Unchanged != 0
        ? multiply.Rounding
        : null;

    /// <summary>The factor that changes nothing.</summary>
    public const int Unchanged = 10_000;
}
