using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ledger.Programmes;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>A tier, held until an instant.</summary>
/// <param name="Tier">Its id; null for no tier.</param>
/// <param name="Until">The first instant at which it is no longer held; null for no end.</param>
public readonly record struct TierSpan(string? Tier, Instant? Until);

/// <summary>The tier changed, or how long it is kept, or which version's levels count.</summary>
/// <param name="At">Since when.</param>
/// <param name="Was">The tier held until then; null for none.</param>
/// <param name="Held">The tier held from then on, then those it falls to by itself, each until its instant; then none.</param>
/// <param name="ProgrammeVersion">The version whose levels they are.</param>
public sealed record TierChanged(Instant At, string? Was, ImmutableArray<TierSpan> Held, int ProgrammeVersion) : WalletEvent
{
    /// <summary>The tier held from then on; null for none.</summary>
    [JsonIgnore]
    public string? Tier => Held is [var now, ..] ? now.Tier : null;
}

/// <summary>The tier of a wallet that ever had one: now, for how long, and before. A programme that is published changes nothing of it by itself.</summary>
/// <param name="Held">The tier held now, then those it falls to by itself, each until its instant; then none.</param>
/// <param name="Past">What was held before, each until its instant, oldest first, for activities that come late; the last sixteen.</param>
/// <param name="ProgrammeVersion">The version whose levels they are.</param>
/// <param name="Promised">What was held when those levels came to count: it is kept to its end. Null for nothing.</param>
public sealed record TierStanding(
    ImmutableArray<TierSpan> Held, ImmutableArray<TierSpan> Past, int ProgrammeVersion, ImmutableArray<TierSpan>? Promised = null)
{
    /// <summary>The tier held now; null for none.</summary>
    [JsonIgnore]
    public string? Tier => Held is [var now, ..] ? now.Tier : null;

    /// <summary>Since when; null where no other one was ever held.</summary>
    [JsonIgnore]
    public Instant? Since => Past is [.., var last] ? last.Until : null;

    /// <summary>When it ends by itself; null for never.</summary>
    [JsonIgnore]
    public Instant? Until => Held is [var now, ..] ? now.Until : null;

    /// <summary>The tier that was held at an instant, or will be; null for none.</summary>
    public string? At(Instant instant)
    {
        foreach (var span in Past)
        {
            if (instant < span.Until)
            {
                return span.Tier;
            }
        }

        foreach (var span in Held)
        {
            if (!(span.Until <= instant))
            {
                return span.Tier;
            }
        }

        return null;
    }
}

/// <summary>Follows what was earned and taken back with the tier.</summary>
public static class Tiering
{
    // Years of rising and falling; a wallet whose tier goes up and down with every purchase and return must not grow.
    private const int PastMax = 16;

    /// <summary>The points that count for a tier now: of the period under way, or of a lifetime.</summary>
    /// <param name="programme">One with tiers.</param>
    /// <param name="wallet">With what is due applied.</param>
    /// <param name="at">Now.</param>
    public static Points Counted(Programme programme, WalletState wallet, Instant at)
    {
        if (programme.Tiers?.Basis.Periods is not { } periods)
        {
            return OfLifetime(wallet);
        }

        var end = periods.Current(Month.Of(programme.DateOf(at)));
        return Sum(wallet, end.Plus(1 - periods.Length), end);
    }

    /// <summary>What a command did, and what that does to the tier.</summary>
    internal static ImmutableArray<WalletEvent> Judge(
        PublishedProgrammes programmes, WalletState wallet, Instant at, ImmutableArray<WalletEvent> events)
    {
        if (JudgeOf(programmes, wallet, at, events) is not { Programme: { Tiers: { } tiers } programme } judge)
        {
            return events;
        }

        var after = wallet;
        foreach (var happened in events)
        {
            after = Wallet.Evolve(after, happened);
        }

        var ladder = Reached(programme, tiers, after, at);
        if (tiers.NeverBelow is { } floor && (tiers.RankOf(wallet.Tiers?.Tier) >= floor || ladder.Holds(floor, at)))
        {
            ladder.Keep(floor, null);
        }

        ladder.Keep(PromisedUnder(judge.Version, wallet.Tiers) ?? []);
        if (events[0] is EarningReversed or EntryRejected)
        {
            ladder.KeepNoLongerThan(wallet.Tiers!.Held);
        }

        var held = ladder.From(at);
        var isSame = wallet.Tiers is { } standing
            ? standing.ProgrammeVersion == judge.Version && held.AsSpan().SequenceEqual(standing.Held.AsSpan())
            : held.IsEmpty;
        return isSame ? events : events.Add(new TierChanged(at, wallet.Tiers?.Tier, held, judge.Version));
    }

    /// <summary>
    /// What counts an award for tiers once somebody has approved it; null where it counts at once, or not at all. Hours that nobody has agreed to
    /// give no tier; what waits for an objection only is agreed to until somebody objects.
    /// </summary>
    internal static CountedCap? CountOnceApproved(PointsEarned earned) => earned.Approval is { SilenceApproves: false }
        ? earned.Caps.FirstOrDefault(cap => cap.Scope == TierPolicy.Scope)
        : null;

    /// <summary>With what was credited counted for tiers, and nothing of what a fund got instead.</summary>
    internal static ImmutableArray<CountedCap> OfCredited(ImmutableArray<CountedCap> caps, Points credited, Overflow? overflow) => overflow?.Fund is null
        ? caps
        : [.. caps.Select(cap => cap.Scope == TierPolicy.Scope ? cap with { Points = credited } : cap)];

    /// <summary>What counts without the approval.</summary>
    internal static ImmutableArray<CountedCap> WithoutApproved(ImmutableArray<CountedCap> caps, CountedCap? onceApproved) =>
        onceApproved is null ? caps : caps.Remove(onceApproved);

    /// <summary>The next fall by an instant; null when there is none.</summary>
    internal static TierChanged? NextUntil(WalletState wallet, Instant until) =>
        wallet.Tiers is { Until: { } next } standing && next <= until
            ? new(next, standing.Tier, standing.Held.RemoveAt(0), standing.ProgrammeVersion)
            : null;

    internal static WalletState Evolve(WalletState wallet, TierChanged changed)
    {
        var past = PastOf(wallet.Tiers?.Past ?? [], changed);
        var promised = PromisedUnder(changed.ProgrammeVersion, wallet.Tiers);
        return wallet with
        {
            Tiers = past.IsEmpty && changed.Held.IsEmpty ? null : new(changed.Held, past, changed.ProgrammeVersion, promised),
        };
    }

    // Levels of another version may ask for more: what was held when they came to count is kept to its end.
    private static ImmutableArray<TierSpan>? PromisedUnder(int version, TierStanding? standing) =>
        standing?.ProgrammeVersion == version ? standing.Promised : standing?.Held;

    // What was held for no time at all is not remembered: taken back at once is as if it had never been.
    private static ImmutableArray<TierSpan> PastOf(ImmutableArray<TierSpan> past, TierChanged changed)
    {
        if (changed.Tier == changed.Was)
        {
            return past;
        }

        if (past is not [.., var last] || last.Until != changed.At)
        {
            // Of what is given up the next one takes the place, so that there is an answer for every instant.
            return past.RemoveRange(0, Math.Max(0, past.Length + 1 - PastMax)).Add(new(changed.Was, changed.At));
        }

        return last.Tier == changed.Tier ? past.RemoveAt(past.Length - 1) : past;
    }

    // Who earns is judged by the levels in force. What is taken back is judged by those that judged before, and raises nothing: later ones
    // change no reversal.
    private static PublishedProgramme? JudgeOf(
        PublishedProgrammes programmes, WalletState wallet, Instant at, ImmutableArray<WalletEvent> events) => events switch
        {
            [PointsEarned or AwardApproved, ..] => programmes.InForceAt(at),
            [EarningReversed or EntryRejected { Lot: not null }, ..] when wallet.Tiers is { } standing => programmes.Find(standing.ProgrammeVersion),
            _ => null,
        };

    /// <summary>What the points of each period reach, and until when.</summary>
    private static TierLadder Reached(Programme programme, TierPolicy tiers, WalletState wallet, Instant at)
    {
        var ladder = new TierLadder(tiers);
        if (tiers.Basis.Periods is not { } periods)
        {
            ladder.Keep(tiers.RankOf(OfLifetime(wallet)), null);
            return ladder;
        }

        // An activity may lie some minutes ahead, in the next month.
        var today = programme.DateOf(at);
        var newest = Month.Of(today).Plus(1);
        var end = periods.Last(newest);
        var sum = Sum(wallet, end.Plus(1 - periods.Length), newest);
        for (var best = TierPolicy.NoRank; tiers.KeptThrough(end) >= today; end = end.Plus(-periods.Apart))
        {
            // Of periods that reach as much the last one keeps it longest.
            if (tiers.RankOf(sum) is var rank && rank > best)
            {
                best = rank;
                ladder.Keep(rank, programme.EndOf(tiers.KeptThrough(end)));
            }

            for (var i = 0; i < periods.Apart; i++)
            {
                sum += OfMonth(wallet, end.Plus(-periods.Length - i)) - OfMonth(wallet, end.Plus(-i));
            }
        }

        return ladder;
    }

    private static Points Sum(WalletState wallet, Month from, Month through)
    {
        var sum = Points.Zero;
        for (; from.Number <= through.Number; from = from.Plus(1))
        {
            sum += OfMonth(wallet, from);
        }

        return sum;
    }

    private static Points OfMonth(WalletState wallet, Month month) =>
        wallet.CapBuckets.Of(new(TierPolicy.Scope, CapPeriod.Month, month.FirstDate)).Used;

    private static Points OfLifetime(WalletState wallet)
    {
        var points = wallet.Lifetime.Earned - wallet.Lifetime.ClawedBack - wallet.Lifetime.Shortfall;
        foreach (var entry in wallet.Undecided)
        {
            points -= entry is { Award: not null, Approval.SilenceApproves: false } ? entry.Points : Points.Zero;
        }

        return points;
    }
}
