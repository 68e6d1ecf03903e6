using System.Collections.Immutable;
using Ledger.Wallets;

namespace Ledger.Replays;

/// <summary>What was given for activities, award by award, and what became of each. Spends and expiry are left out.</summary>
internal sealed class GivenAwards
{
    private readonly Dictionary<long, Award> _awards = [];

    /// <summary>What an award gives: nothing while it waits for a decision.</summary>
    public Points Given(long of) => _awards.GetValueOrDefault(of) is { Waits: false } award ? award.Kept : Points.Zero;

    /// <summary>What is left of an award, also while it waits.</summary>
    public Points Kept(long of) => _awards.GetValueOrDefault(of).Kept;

    /// <summary>Is this one of them?</summary>
    public bool Has(long of) => _awards.ContainsKey(of);

    /// <summary>Takes in what a transaction awarded, and what it made of earlier awards.</summary>
    /// <param name="sequence">The transaction.</param>
    /// <param name="events">Its events.</param>
    public void Add(long sequence, ImmutableArray<WalletEvent> events)
    {
        foreach (var happened in events)
        {
            if (happened is PointsEarned earned)
            {
                _awards[sequence] = new(earned.Credited, earned.Approval is not null);
            }
            else
            {
                Add(happened);
            }
        }
    }

    /// <summary>Takes in what became of an award.</summary>
    public void Add(WalletEvent happened)
    {
        switch (happened)
        {
            case EarningReversed reversed:
                Keep(reversed.Of, Kept(reversed.Of) - reversed.ClawedBack - reversed.WrittenOff);
                break;
            case EntryRejected { Lot: { } lot } rejected when Waits(rejected.Of):
                Decide(rejected.Of);
                Keep(rejected.Of, Kept(rejected.Of) - lot.Points);
                break;
            case AwardApproved approved:
                Decide(approved.Of);
                break;
        }
    }

    /// <summary>So much of an award is left, and no more.</summary>
    public void Keep(long of, Points points)
    {
        if (Has(of))
        {
            _awards[of] = _awards[of] with { Kept = points };
        }
    }

    /// <summary>An award waits no longer.</summary>
    public void Decide(long of)
    {
        if (Has(of))
        {
            _awards[of] = _awards[of] with { Waits = false };
        }
    }

    private bool Waits(long of) => _awards.GetValueOrDefault(of).Waits;

    private readonly record struct Award(Points Kept, bool Waits);
}
