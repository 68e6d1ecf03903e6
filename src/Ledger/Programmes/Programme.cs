using System.Collections.Immutable;
using Ledger.Rules;
using NodaTime;
using NodaTime.TimeZones;

namespace Ledger.Programmes;

/// <summary>All that operators set for a community: one immutable value, valid by construction (see <see cref="ProgrammeReader"/>).</summary>
public sealed record Programme
{
    // Unlike AtStartOfDay also right for a day that a zone left out (Pacific/Apia had no 30 December 2011).
    private static readonly ZoneLocalMappingResolver FirstInstant =
        Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);

    private static readonly Instant LastInstant = Instant.FromUtc(ExpiryPolicy.LastYear, 12, 31, 0, 0);

    /// <summary>The zone of local dates where no programme names one.</summary>
    public static DateTimeZone DefaultZone { get; } = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];

    /// <summary>The zone of all local dates. Default: Asia/Shanghai.</summary>
    public required DateTimeZone Zone { get; init; }

    /// <summary>The rule of each activity type.</summary>
    public required ImmutableDictionary<ActivityType, ActivityRule> Activities { get; init; }

    /// <summary>The rule for every type that has none of its own (<c>"*"</c>); null refuses such activities.</summary>
    public ActivityRule? AnyActivity { get; init; }

    /// <summary>Caps that several types of activity share. Default: none.</summary>
    public ImmutableArray<SharedCap> Caps { get; init; } = [];

    /// <summary>What gives more for a while. Default: nothing.</summary>
    public ImmutableArray<Campaign> Campaigns { get; init; } = [];

    /// <summary>Levels of membership. Default: null, none.</summary>
    public TierPolicy? Tiers { get; init; }

    /// <summary>When lots expire whose rule does not say. Default: never.</summary>
    public ExpiryPolicy Expiry { get; init; } = ExpiryPolicy.Never.Instance;

    /// <summary>The most that awards bring a wallet to. Default: null, as much as a number may be.</summary>
    public HoldingPolicy? Holding { get; init; }

    /// <summary>The funds that residents may give to, with what people call them by language tag. Default: none.</summary>
    public ImmutableDictionary<FundId, ImmutableDictionary<string, string>> Funds { get; init; } = ImmutableDictionary<FundId, ImmutableDictionary<string, string>>.Empty;

    /// <summary>What residents may give to one another. Default: null, nothing.</summary>
    public GiftPolicy? Gifts { get; init; }

    /// <summary>What happens with a clawback that finds too few points. Default: debt.</summary>
    public Clawback Clawback { get; init; } = Clawback.Debt;

    /// <summary>Days that refunded points get when their lot has expired meanwhile. Default: 0, they expire at once.</summary>
    public int RefundGraceDays { get; init; }

    /// <summary>How late and how early an event may arrive.</summary>
    public Lateness Lateness { get; init; } = Lateness.Default;

    /// <summary>Which adjustments need a second operator. Default: null, none.</summary>
    public AdjustmentPolicy? Adjustments { get; init; }

    /// <summary>When residents are warned of points that will expire. Default: null, never.</summary>
    public ExpiryWarnings? Warnings { get; init; }

    /// <summary>The rule for an activity type; null when the programme does not know it.</summary>
    public ActivityRule? RuleFor(ActivityType type) => Activities.GetValueOrDefault(type) ?? AnyActivity;

    /// <summary>The local date of an instant. Everything after <see cref="ExpiryPolicy.LastYear"/> counts as its last day.</summary>
    public LocalDate DateOf(Instant instant) => LocalOf(instant).Date;

    /// <summary>The local date and time of an instant. Everything after <see cref="ExpiryPolicy.LastYear"/> counts as its last day.</summary>
    public LocalDateTime LocalOf(Instant instant) => Instant.Min(instant, LastInstant).InZone(Zone).LocalDateTime;

    /// <summary>The first instant of a local date, also where a clock change swallows midnight or the whole day.</summary>
    public Instant StartOf(LocalDate date) => Zone.ResolveLocal(date.AtMidnight(), FirstInstant).ToInstant();

    /// <summary>The first last usable date that leaves time for a warning so many days of 24 hours before; some days are shorter.</summary>
    internal LocalDate FirstWithNotice(int days, Instant at)
    {
        var from = Instant.Min(at, LastInstant);
        var date = DateOf(from).PlusDays(days);
        while (EndOf(date) - from <= Duration.FromDays(days))
        {
            date = date.PlusDays(1);
        }

        return date;
    }

    /// <summary>The last usable date of points that come in, or a later one where they must not expire without a warning.</summary>
    internal LocalDate? WithNotice(LocalDate? lastDate, Instant at) => Warnings is { NoWarningNoExpiry: true } && lastDate is { } last
        ? LocalDate.Max(last, FirstWithNotice(Warnings.NoticeDays, at))
        : lastDate;

    /// <summary>When a lot that is last usable on a date expires: the start of the following local day. Null for never.</summary>
    public Instant? EndOf(LocalDate? lastDate) => lastDate is { } date ? StartOf(date.PlusDays(1)) : null;
}

/// <summary>What activities of one type earn.</summary>
/// <param name="Rules">How; of those that do not stack only the best counts.</param>
/// <param name="Caps">At most one per period and unit; all of them bind.</param>
/// <param name="Expiry">When the lot expires; null: as the programme says.</param>
/// <param name="Names">What people call the activity, by language tag; may be empty.</param>
public sealed record ActivityRule(
    ImmutableArray<EarnRule> Rules, ImmutableArray<Cap> Caps, ExpiryPolicy? Expiry, ImmutableDictionary<string, string> Names)
{
    /// <summary>How; of those that do not stack only the best counts. Never changed, for what follows is made from them.</summary>
    public ImmutableArray<EarnRule> Rules { get; } = Rules;

    /// <summary>When its points become active. Default: null, at once.</summary>
    public PendingPolicy? Pending { get; init; }

    /// <summary>Who must agree to its awards first. Default: null, nobody.</summary>
    public ApprovalPolicy? Approval { get; init; }

    /// <summary>What is looked at in what people entered. Default: nothing.</summary>
    public ImmutableArray<IntegrityCheck> Checks { get; init; } = [];

    /// <summary>Has it one rule without conditions? Then its formula says it all.</summary>
    public bool IsPlain { get; } = Rules is [{ When.IsEmpty: true }];

    /// <summary>May an award wait for a decision?</summary>
    public bool MayWait => Approval is not null || Checks.Any(check => check.Holds && check is not IntegrityCheck.ApproverShare);

    /// <summary>What is to be counted because conditions ask for it.</summary>
    public ImmutableArray<Counter> Counters { get; } = Counter.Of(Rules);

    /// <summary>The rules by what they ask for first.</summary>
    internal ImmutableArray<RuleGroup> Groups { get; } = RuleGroup.Of(Rules);

    /// <summary>The rules that reward a streak.</summary>
    public ImmutableArray<EarnRule> WithStreak { get; } = [.. Rules.Where(rule => rule.Streak is not null)];
}

/// <summary>A count of activities that conditions ask for.</summary>
/// <param name="Per">In which period.</param>
/// <param name="PeriodsBack">How many earlier periods are asked for as well.</param>
public readonly record struct Counter(CapPeriod Per, int PeriodsBack)
{
    /// <summary>The counters that rules need, one for each kind of period.</summary>
    internal static ImmutableArray<Counter> Of(ImmutableArray<EarnRule> rules) =>
    [
        .. rules.SelectMany(rule => rule.When).Select(Of).OfType<Counter>()
            .GroupBy(counter => counter.Per, (per, counters) => new Counter(per, counters.Max(counter => counter.PeriodsBack))).OrderBy(counter => counter.Per),
    ];

    private static Counter? Of(Condition condition) => condition switch
    {
        Condition.FirstTime => new(CapPeriod.Lifetime, 0),
        Condition.NthInPeriod nth => new(nth.Per, 0),
        Condition.Streak streak => new(streak.Per, streak.Length - 1),
        _ => null,
    };
}

/// <summary>What happens with a clawback that finds too few points.</summary>
public enum Clawback
{
    /// <summary>The resident owes the rest; later points repay it first.</summary>
    Debt,

    /// <summary>The community bears the rest.</summary>
    WriteOff,
}

/// <summary>How late and how early an event may arrive.</summary>
/// <param name="DaysMax">The oldest accepted activity, in days before it is recorded. 0 to 366; default 30.</param>
/// <param name="DaysMaxBySource">Other bounds for single sources, by <see cref="Transactions.CommandKey.Source"/>.</param>
/// <param name="MinutesAheadMax">How far in the future an activity may lie, for clocks that run fast. 0 to 60; default 5.</param>
/// <param name="ValidityDaysMin">Days that points of a late event stay usable, unless an event of today would get fewer. 0 to 366; default 30.</param>
public sealed record Lateness(
    int DaysMax, ImmutableDictionary<string, int> DaysMaxBySource, int MinutesAheadMax, int ValidityDaysMin)
{
    /// <summary>30 days late, 5 minutes early, 30 days of validity.</summary>
    public static Lateness Default { get; } = new(30, ImmutableDictionary<string, int>.Empty, 5, 30);

    /// <summary>The bound for a command's source, in days.</summary>
    public int DaysMaxOf(string source) => DaysMaxBySource.GetValueOrDefault(source, DaysMax);

    /// <summary>The largest bound of any source, in days: see <see cref="PublishedProgrammes.LargestDaysMax"/>.</summary>
    public int LargestDaysMax => DaysMaxBySource.IsEmpty ? DaysMax : Math.Max(DaysMax, DaysMaxBySource.Values.Max());
}
