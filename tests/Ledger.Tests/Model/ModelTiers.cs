using System.Numerics;
using Ledger.Programmes;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Model;

/// <summary>
/// Tiers as one would work them out with the whole history on the table: every question goes through all that was ever earned and taken back,
/// day by day, and what was found at each moment is written down for ever.
/// </summary>
internal sealed class ModelTiers
{
    private readonly List<(LocalDate Date, BigInteger Points)> _counted = [];
    private readonly List<Finding> _findings = [];
    private BigInteger _everything;

    /// <summary>The tier held at an instant, by what was known then.</summary>
    public string? At(Instant instant) => _findings.LastOrDefault(finding => finding.At <= instant)?.TierAt(instant);

    /// <summary>The tier held now and those it falls to.</summary>
    public IEnumerable<TierSpan> HeldAt(Instant now) => _findings.LastOrDefault()?.Held.Where(span => !(span.Until <= now)) ?? [];

    public Instant? NextFall(Instant now) => HeldAt(now).Select(span => span.Until).FirstOrDefault();

    /// <summary>Points were credited, or taken back when negative.</summary>
    /// <param name="points">How many.</param>
    /// <param name="date">The date of the activity; null where the version that awarded it counts no months.</param>
    public void Count(BigInteger points, LocalDate? date)
    {
        _everything += points;
        if (date is { } day)
        {
            _counted.Add((day, points));
        }
    }

    /// <summary>Judges by the levels in force, after an activity.</summary>
    public void JudgeEarned(PublishedProgramme? version, Instant now)
    {
        if (version?.Programme.Tiers is not null)
        {
            Judge(version, now, limit: null);
        }
    }

    /// <summary>Judges by the levels that judged last, after a reversal: it can only take.</summary>
    public void JudgeReversed(Instant now)
    {
        if (_findings.LastOrDefault() is { } last)
        {
            Judge(last.Version, now, HeldAt(now).ToList());
        }
    }

    /// <summary>Nobody is judged any more.</summary>
    public void Stop() => _findings.Clear();

    private void Judge(PublishedProgramme version, Instant now, List<TierSpan>? limit)
    {
        var before = _findings.LastOrDefault();
        var promised = before is null ? [] : before.Version.Version == version.Version ? before.Promised : HeldAt(now).ToList();
        var tiers = version.Programme.Tiers!;
        var ids = tiers.Levels.Select(level => level.Id).ToList();
        var calendar = ModelCalendar.Of(version.Programme.Zone);
        var today = calendar.DateAt(now);
        var reached = Reached(tiers).ToList();
        int RankOn(LocalDate day) => reached.Where(one => day <= one.Through).Select(one => one.Rank).DefaultIfEmpty(-1).Max();
        var floor = tiers.NeverBelow is { } below && Math.Max(ids.IndexOf(At(now)!), RankOn(today)) >= below ? below : -1;

        // A day after the other until nothing can be left of this year or of the longest window.
        List<TierSpan> spans = [];
        var last = LastDay(tiers, today);
        for (var (day, rank) = (today, RankOn(today)); day <= last; day = ModelCalendar.DaysAfter(day, 1))
        {
            var next = RankOn(ModelCalendar.DaysAfter(day, 1));
            if (next != rank || day == last)
            {
                spans.Add(new(rank < 0 ? null : ids[rank], day == last ? null : calendar.EndOf(day)));
                rank = next;
            }
        }

        // At every moment at which one of them ends, the best of what is left then.
        var held = new List<TierSpan>();
        var start = now;
        foreach (var moment in spans.Concat(promised).Concat(limit ?? []).Select(span => span.Until).Where(until => until > now).Append(null).Distinct().OrderBy(until => until ?? Instant.MaxValue))
        {
            var best = Math.Max(floor, new[] { spans, promised }.Max(each => ids.IndexOf(TierIn(each, start)!)));
            best = limit is null ? best : Math.Min(best, ids.IndexOf(TierIn(limit, start)!));
            var tier = best < 0 ? null : ids[best];
            if (held is [.., var longer] && longer.Tier == tier)
            {
                held[^1] = longer with { Until = moment };
            }
            else
            {
                held.Add(new(tier, moment));
            }

            start = moment ?? start;
        }

        held.RemoveAll(span => span.Tier is null);
        if (before is not null || held.Count > 0)
        {
            _findings.Add(new(now, version, held, promised));
        }
    }

    private static string? TierIn(IEnumerable<TierSpan> spans, Instant instant) => spans.FirstOrDefault(span => !(span.Until <= instant)).Tier;

    private static LocalDate LastDay(TierPolicy tiers, LocalDate today) => tiers.Basis switch
    {
        TierBasis.RollingMonths rolling => today.PlusDays((31 * (rolling.Months + 1)) + tiers.GraceDays + 1),
        TierBasis.CalendarYear => new LocalDate(today.Year + 1, 12, 31).PlusDays(tiers.GraceDays + 1),
        _ => today,
    };

    // The rank of every period, and the last date to which it counts.
    private IEnumerable<(int Rank, LocalDate Through)> Reached(TierPolicy tiers) => tiers.Basis switch
    {
        TierBasis.Lifetime => [(RankOf(tiers, _everything), new(9000, 1, 1))],
        TierBasis.CalendarYear => _counted.Select(c => c.Date.Year).Distinct()
            .Select(year => (RankOf(tiers, Sum(date => date.Year == year)), new LocalDate(year, 12, 31).PlusDays(tiers.GraceDays))),
        TierBasis.RollingMonths rolling => _counted.SelectMany(c => Enumerable.Range(0, rolling.Months).Select(i => MonthOf(c.Date) + i)).Distinct()
            .Select(end => (
                RankOf(tiers, Sum(date => MonthOf(date) <= end && MonthOf(date) > end - rolling.Months)),
                LastOf(end).PlusDays(tiers.GraceDays))),
        _ => throw new NotSupportedException(),
    };

    private BigInteger Sum(Func<LocalDate, bool> isIn) =>
        _counted.Where(c => isIn(c.Date)).Aggregate(BigInteger.Zero, (sum, c) => sum + c.Points);

    private static int RankOf(TierPolicy tiers, BigInteger points) => tiers.Levels.Count(level => level.From.Value <= points) - 1;

    private static int MonthOf(LocalDate date) => (date.Year * 12) + date.Month - 1;

    private static LocalDate LastOf(int month) => new(month / 12, (month % 12) + 1, ModelCalendar.DaysIn(month / 12, (month % 12) + 1));

    /// <summary>What was found at a moment.</summary>
    private sealed record Finding(Instant At, PublishedProgramme Version, List<TierSpan> Held, List<TierSpan> Promised)
    {
        public string? TierAt(Instant instant) => TierIn(Held, instant);
    }
}
