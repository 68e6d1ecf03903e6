using System.Numerics;
using Ledger.Programmes;
using Ledger.Rules;
using Ledger.Tests.Model;
using NodaTime;
using NodaTime.Calendars;

namespace Ledger.Tests.Rules;

/// <summary>
/// Evaluates activities as one would with the whole history on the table: nothing is counted ahead, every question looks at everything that
/// ever happened, and numbers have no end.
/// </summary>
internal sealed class ModelRules(Programme programme)
{
    private readonly PublishedProgramme _published = new(1, Instant.MinValue, programme);
    private readonly List<Deed> _deeds = [];

    public ModelTiers Tiers { get; } = new();

    /// <summary>What an activity earns: computed and credited points; null where a cap refuses it, or where no number or wallet is large enough.</summary>
    public (BigInteger Computed, BigInteger Credited)? Do(
        string key, ActivityType activity, long quantity, ActivityDetails? details, Instant at, Instant now, Points available, Points inFund)
    {
        var local = at.InZone(programme.Zone).LocalDateTime;
        var tier = programme.Tiers is null ? null : Tiers.At(at);
        var asked = new Asked(activity, quantity, details, local, tier);
        var rule = programme.RuleFor(activity)!;
        var rules = Chosen(rule.Rules.Where(r => r.When.All(c => Holds(c, asked))).Select(r => (r.Name, r.Stacks, Points: Award(r.Formula, quantity))).ToList());
        if (rules.Any(r => r.Points > Points.Max.Value) || Sum(rules) > Points.Max.Value)
        {
            return null;
        }

        var byRules = Sum(rules);
        var campaigns = ChosenCampaigns(programme.Campaigns
            .Where(c => local.Date >= c.From && local.Date <= c.Through && (c.Activities is null || c.Activities.Contains(activity)) && c.When.All(w => Holds(w, asked)))
            .Select(c => (c.Name, c.Stacks, Points: Added(c.Effect, byRules))).Where(c => c.Points > 0).ToList());
        var beforeCampaigns = byRules;
        if (programme.Tiers?.Levels.SingleOrDefault(level => level.Id == tier)?.Multiplier is { } multiplier)
        {
            beforeCampaigns += Added(multiplier, byRules);
        }

        var computed = beforeCampaigns + Sum(campaigns);
        if (computed > Points.Max.Value)
        {
            return null;
        }

        var offers = campaigns.Select(c => (c.Name, Points: HeldToLimits(c.Name, c.Points))).ToList();
        var offered = beforeCampaigns + offers.Aggregate(BigInteger.Zero, (sum, offer) => sum + offer.Points);
        var credited = offered;
        foreach (var (cap, inScope) in CapsOf(rule, activity).OrderBy(of => of.Cap.OnExcess))
        {
            var most = Most(cap, inScope, local.Date);
            if (cap.OnExcess == CapExcess.Refuse && credited > most)
            {
                return null;
            }

            credited = BigInteger.Min(credited, most);
        }

        if (available.Value + credited > Points.Max.Value)
        {
            return null;
        }

        var deed = new Deed { Key = key, Activity = activity, Date = local.Date, Credited = credited, InFund = inFund.Value };
        Tiers.Count(credited - deed.InFund, local.Date);
        Tiers.JudgeEarned(_published, now);
        var rest = credited - BigInteger.Min(credited, beforeCampaigns);
        foreach (var (name, points) in offers)
        {
            deed.ByCampaign[name] = BigInteger.Min(points, rest);
            rest -= deed.ByCampaign[name];
        }

        deed.Runs.AddRange(rule.Rules.Where(r => rules.Any(chosen => chosen.Name == r.Name && chosen.Points > 0))
            .SelectMany(r => r.When).OfType<Condition.Streak>());
        _deeds.Add(deed);
        return (computed, credited);
    }

    /// <summary>Points of an activity are taken back.</summary>
    public void Reverse(string key, BigInteger claimed, Instant now)
    {
        var deed = _deeds.Single(d => d.Key == key);
        deed.Claimed += claimed;
        var back = BigInteger.Min(claimed, deed.InFund);
        deed.InFund -= back;
        Tiers.Count(back - claimed, deed.Date);
        Tiers.JudgeReversed(now);
    }

    public BigInteger LeftOf(string key) => _deeds.Where(d => d.Key == key).Select(d => d.Credited - d.Claimed).SingleOrDefault();

    private static BigInteger Sum(IEnumerable<(string Name, bool Stacks, BigInteger Points)> chosen) =>
        chosen.Aggregate(BigInteger.Zero, (sum, one) => sum + one.Points);

    // Everything that stacks, and the largest of the rest.
    private static List<(string Name, bool Stacks, BigInteger Points)> Chosen(List<(string Name, bool Stacks, BigInteger Points)> matching) =>
    [
        .. matching.Where(m => m.Stacks),
        .. matching.Where(m => !m.Stacks).OrderByDescending(m => m.Points).ThenBy(m => m.Name, StringComparer.Ordinal).Take(1),
    ];

    // The same, but the best is the one that may still give most; in the order of the programme, for the last is cut first.
    private List<(string Name, bool Stacks, BigInteger Points)> ChosenCampaigns(List<(string Name, bool Stacks, BigInteger Points)> matching)
    {
        var best = matching.Where(m => !m.Stacks).OrderByDescending(m => HeldToLimits(m.Name, m.Points)).ThenBy(m => m.Name, StringComparer.Ordinal).Take(1).ToList();
        return [.. matching.Where(m => m.Stacks || best.Contains(m))];
    }

    private static BigInteger Award(AwardFormula formula, long quantity) => formula switch
    {
        AwardFormula.Fixed award => award.Points.Value,
        AwardFormula.PerUnit award => Divided((BigInteger)quantity * award.Points.Value, award.Units, award.Rounding),
        AwardFormula.Bracketed award => Divided(
            award.Brackets.Select((bracket, i) =>
            {
                var end = i + 1 < award.Brackets.Length ? award.Brackets[i + 1].From : long.MaxValue;
                return BigInteger.Max(0, Math.Min(quantity, end) - bracket.From) * bracket.Points.Value;
            }).Aggregate(BigInteger.Zero, (sum, part) => sum + part),
            award.Units,
            award.Rounding),
        _ => throw new NotSupportedException(),
    };

    private static BigInteger Added(CampaignEffect effect, BigInteger byRules) => byRules.IsZero ? 0 : effect switch
    {
        CampaignEffect.Bonus bonus => bonus.Points.Value,
        CampaignEffect.Multiply multiply => Divided(byRules * (multiply.BasisPoints - 10_000), 10_000, multiply.Rounding),
        _ => throw new NotSupportedException(),
    };

    private static BigInteger Divided(BigInteger product, long units, Rounding rounding) => rounding switch
    {
        Rounding.Down => product / units,
        Rounding.Up => (product + units - 1) / units,
        _ => ((2 * product) + units) / (2 * units),
    };

    private bool Holds(Condition condition, Asked asked)
    {
        AttributeValue? ValueOf(string name) =>
            asked.Details is { } details && details.Attributes.Any(a => a.Key == name) ? details.Attributes.Single(a => a.Key == name).Value : null;

        return condition switch
        {
            Condition.QuantityWithin c => asked.Quantity >= c.Min && asked.Quantity <= c.Max,
            Condition.NumberWithin c => ValueOf(c.Attribute) is { Word: null } value && value.Number >= c.Min && value.Number <= c.Max,
            Condition.WordIn c => ValueOf(c.Attribute)?.Word is { } word && c.In.Contains(word),
            Condition.Present c => ValueOf(c.Attribute) is not null,
            Condition.TagIn c => asked.Details?.Tags.Intersect(c.In).Any() == true,
            Condition.TierIn c => asked.Tier is { } tier && c.In.Contains(tier),
            Condition.During c => (c.Days >> ((int)asked.Local.DayOfWeek - 1)) % 2 == 1 && asked.Local.TimeOfDay >= c.From
                && (c.Until is null || asked.Local.TimeOfDay < c.Until),
            Condition.DateWithin c => asked.Local.Date >= c.From && asked.Local.Date <= c.Through,
            Condition.FirstTime => !_deeds.Any(d => d.Activity == asked.Activity),
            Condition.NthInPeriod c => _deeds.Count(d => d.Activity == asked.Activity && IsSame(c.Per, d.Date, asked.Local.Date)) + 1 == c.Number,
            Condition.Streak c => IsRun(c, asked),
            _ => throw new NotSupportedException(),
        };
    }

    private bool IsRun(Condition.Streak streak, Asked asked)
    {
        var mine = Ordinal(streak.Per, asked.Local.Date);
        var active = _deeds.Where(d => d.Activity == asked.Activity).Select(d => Ordinal(streak.Per, d.Date)).ToHashSet();
        var paid = _deeds.Where(d => d.Activity == asked.Activity && d.Runs.Any(run => run.Scope == streak.Scope)).Select(d => Ordinal(streak.Per, d.Date));
        return !active.Contains(mine)
            && Enumerable.Range(1, streak.Length - 1).All(back => active.Contains(mine - back))
            && paid.All(end => Math.Abs(end - mine) >= streak.Length);
    }

    private static int Ordinal(CapPeriod per, LocalDate date)
    {
        var days = Period.DaysBetween(new LocalDate(2001, 1, 1), date); // A Monday.
        return per == CapPeriod.LocalDay ? days : (int)Math.Floor(days / 7.0);
    }

    private static bool IsSame(CapPeriod per, LocalDate one, LocalDate other) => per switch
    {
        CapPeriod.LocalDay => one == other,
        CapPeriod.IsoWeek => WeekYearRules.Iso.GetWeekYear(one) == WeekYearRules.Iso.GetWeekYear(other)
            && WeekYearRules.Iso.GetWeekOfWeekYear(one) == WeekYearRules.Iso.GetWeekOfWeekYear(other),
        CapPeriod.Month => (one.Year, one.Month) == (other.Year, other.Month),
        CapPeriod.Lifetime => true,
        _ => false,
    };

    private IEnumerable<(Cap Cap, Func<Deed, bool> InScope)> CapsOf(ActivityRule rule, ActivityType activity) =>
        rule.Caps.Select(cap => (cap, (Func<Deed, bool>)(deed => deed.Activity == activity)))
            .Concat(programme.Caps.Where(shared => shared.Activities is null || shared.Activities.Contains(activity))
                .Select(shared => (shared.Cap, (Func<Deed, bool>)(deed => shared.Activities is null || shared.Activities.Contains(deed.Activity)))));

    private BigInteger Most(Cap cap, Func<Deed, bool> inScope, LocalDate date)
    {
        if (cap.Per == CapPeriod.Event)
        {
            return cap.Limit;
        }

        var before = _deeds.Where(deed => inScope(deed) && IsSame(cap.Per, deed.Date, date)).ToList();
        var restores = cap.OnReversal == CapReversal.Restore;
        if (cap.Unit == CapUnit.Times)
        {
            return before.Count(deed => deed.Credited > 0 && !(restores && deed.Claimed == deed.Credited)) < cap.Limit ? Points.Max.Value : 0;
        }

        var used = before.Aggregate(BigInteger.Zero, (sum, deed) => sum + deed.Credited - (restores ? deed.Claimed : 0));
        return BigInteger.Max(0, cap.Limit - used);
    }

    private BigInteger HeldToLimits(string name, BigInteger points)
    {
        var campaign = programme.Campaigns.Single(c => c.Name == name);
        var had = _deeds.Where(deed => deed.ByCampaign.ContainsKey(name)).Select(deed => deed.ByCampaign[name]).ToList();
        if (campaign.TimesMax is { } times && had.Count(p => p > 0) >= times)
        {
            return 0;
        }

        // One resident is all residents here, so a budget is one more limit.
        var used = had.Aggregate(BigInteger.Zero, (sum, p) => sum + p);
        if (campaign.Budget?.Awards is { } awards && had.Count(p => p > 0) >= awards)
        {
            return 0;
        }

        var most = BigInteger.Min(
            campaign.PointsMax?.Value ?? BigInteger.Pow(2, 80), campaign.Budget?.Points?.Value ?? BigInteger.Pow(2, 80));
        return BigInteger.Min(points, BigInteger.Max(0, most - used));
    }

    private sealed record Asked(ActivityType Activity, long Quantity, ActivityDetails? Details, LocalDateTime Local, string? Tier);

    private sealed class Deed
    {
        public required string Key { get; init; }

        public required ActivityType Activity { get; init; }

        public required LocalDate Date { get; init; }

        public required BigInteger Credited { get; init; }

        /// <summary>The part of it that a fund got and has not given back; it goes first.</summary>
        public required BigInteger InFund { get; set; }

        public BigInteger Claimed { get; set; }

        public Dictionary<string, BigInteger> ByCampaign { get; } = [];

        public List<Condition.Streak> Runs { get; } = [];
    }
}
