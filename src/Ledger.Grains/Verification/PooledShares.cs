using Ledger.Households;
using Ledger.Transactions;
using Ledger.Wallets;

namespace Ledger.Grains.Verification;

/// <summary>Households as they and their members' wallets tell of them: who belongs to which, every share is taken or none is, and what comes back goes to those who paid.</summary>
internal sealed class PooledShares
{
    private readonly SortedDictionary<string, HouseholdStanding> _standings = new(StringComparer.Ordinal);
    private readonly Dictionary<ResidentId, HouseholdId> _memberships = [];
    private readonly SortedDictionary<(string Household, long Spend), Spend> _spends = [];
    private readonly Dictionary<(string Household, long Spend, ResidentId Resident), Share> _shares = [];

    // Holds of the wallet that is being read, which comes whole before the next.
    private readonly Dictionary<long, Share> _held = [];

    /// <summary>What a wallet tells.</summary>
    public void Add(StreamId stream, Transaction transaction)
    {
        if (transaction.Sequence == 1)
        {
            _held.Clear();
        }

        foreach (var happened in transaction.Events)
        {
            switch (happened)
            {
                case PointsHeld { Share: { } share } held:
                    var own = _shares[(share.Household.Value, share.Spend, stream.Resident!.Value)] = new(held.Points, CommandKey.ShareEnd(share.Household, share.Spend, stream.Resident!.Value));
                    _held[transaction.Sequence] = own;
                    own.IsKeyed = transaction.Key == CommandKey.Share(share.Household, share.Spend, stream.Resident!.Value);
                    break;
                case HoldCaptured captured when _held.TryGetValue(captured.Of, out var taken):
                    taken.Captured += captured.Points;
                    taken.IsKeyed &= transaction.Key == taken.End;
                    break;
                case HoldReleased released when _held.TryGetValue(released.Of, out var back):
                    back.IsReleased = true;
                    back.IsKeyed &= released.How == HoldEnd.TimedOut || transaction.Key == back.End;
                    break;
                case SpendRefunded refunded when _held.TryGetValue(refunded.Of, out var refund):
                    refund.Refunded += refunded.Points;
                    refund.IsKeyed &= transaction.Key.IsShareBack;
                    break;
            }
        }
    }

    /// <summary>Which household a wallet says in the end that its resident belongs to.</summary>
    public void Add(ResidentId resident, HouseholdId household) => _memberships[resident] = household;

    /// <summary>Who belongs to a household in the end, as it says itself.</summary>
    public void Add(HouseholdId household, HouseholdStanding standing) => _standings[household.Value] = standing;

    /// <summary>What a household tells.</summary>
    public void Add(HouseholdId household, long sequence, HouseholdEvent happened)
    {
        switch (happened)
        {
            case PooledSpendOpened opened:
                _spends[(household.Value, sequence)] = new(opened);
                break;
            case PooledSpendDecided e when Of(household, e.Of) is { } spend:
                spend.Takes = e.Why is null;
                break;
            case PooledSpendEnded e when Of(household, e.Of) is { } spend:
                spend.Ended = e.Taken;
                break;
            case PooledRefundOpened e when Of(household, e.Of) is { } spend:
                spend.Refunds[sequence] = new(e);
                break;
            case PooledRefundEnded e when Of(household, e.Of)?.Refunds.GetValueOrDefault(e.Refund) is { } refund:
                refund.IsEnded = true;
                break;
        }
    }

    public void Check(Findings findings)
    {
        CheckMembers(findings);
        foreach (var ((household, sequence), spend) in _spends)
        {
            foreach (var problem in ProblemsOf(household, sequence, spend))
            {
                Found(findings, household, sequence, problem);
            }
        }

        foreach (var (household, sequence, resident) in _shares.Keys.OrderBy(key => key.Household, StringComparer.Ordinal).ThenBy(key => key.Spend).ThenBy(key => key.Resident.Value, StringComparer.Ordinal))
        {
            Found(findings, household, sequence, $"the wallet of {resident} has a share of this, and nobody gave it one");
        }
    }

    // Where a wallet is still to be told, it may say either.
    private void CheckMembers(Findings findings)
    {
        foreach (var (household, standing) in _standings)
        {
            var told = standing.Members.Select(member => member.Resident).Where(resident => standing.MoveOf(resident) is null);
            foreach (var resident in told.Where(resident => !_memberships.TryGetValue(resident, out var own) || own.Value != household))
            {
                Found(findings, household, null, $"{resident} is a member, and the wallet does not say so");
            }
        }

        foreach (var (resident, household) in _memberships.OrderBy(one => one.Key.Value, StringComparer.Ordinal))
        {
            var standing = _standings.GetValueOrDefault(household.Value) ?? HouseholdStanding.Empty;
            if (!standing.Has(resident) && standing.MoveOf(resident) is null)
            {
                Found(findings, household.Value, null, $"the wallet of {resident} says that its resident is a member, and that is not so");
            }
        }
    }

    private IEnumerable<string> ProblemsOf(string household, long sequence, Spend spend)
    {
        var opened = spend.Opened;
        if (opened.Shares.Total() != opened.Points)
        {
            yield return $"{opened.Points} points were to be spent, the shares are {opened.Shares.Total()}";
        }

        foreach (var part in opened.Shares)
        {
            _shares.Remove((household, sequence, part.Resident), out var share);
            if (ProblemOf(spend, part, share) is { } problem)
            {
                yield return problem;
            }
        }
    }

    private static string? ProblemOf(Spend spend, PoolPart part, Share? share)
    {
        var (captured, refunded) = (share?.Captured ?? Points.Zero, share?.Refunded ?? Points.Zero);
        var who = part.Resident;
        return share is { IsKeyed: false } ? $"the share of {who} was held, taken or given back under another key than there is once for ever"
            : share is not null && share.Held != part.Points ? $"the share of {who} is {part.Points}, {share.Held} were held for it"
            : captured.IsPositive && spend.Takes is null ? $"{who} paid, and nobody decided that"
            : spend.Ended == true && captured != part.Points ? $"the share of {who} is {part.Points}, {captured} were taken"
            : spend.Ended == true && (refunded < spend.Back(who, isEnded: true) || refunded > spend.Back(who, isEnded: false))
            ? $"{spend.Back(who, isEnded: true)} points are said to have come back to {who}, {refunded} did"
            : spend.Ended == false && (captured != refunded || share is { IsReleased: false, Captured.IsZero: true }) ? $"all was given back, and the share of {who} was not"
            : null;
    }

    private Spend? Of(HouseholdId household, long sequence) => _spends.GetValueOrDefault((household.Value, sequence));

    private static void Found(Findings findings, string household, long? sequence, string words) =>
        findings.Add(VerificationCheck.Households, StreamId.OfHousehold(default, new(household)).Name, sequence, words);

    private sealed class Spend(PooledSpendOpened opened)
    {
        public PooledSpendOpened Opened { get; } = opened;

        public bool? Takes { get; set; }

        public bool? Ended { get; set; }

        public Dictionary<long, Refund> Refunds { get; } = [];

        /// <summary>Points that refunds gave a member, with those that are still under way or without.</summary>
        public Points Back(ResidentId resident, bool isEnded) => Refunds.Values
            .Where(refund => refund.IsEnded || !isEnded)
            .Select(refund => refund.Opened.Parts.FirstOrDefault(part => part.Resident == resident).Points)
            .Aggregate(Points.Zero, (sum, points) => sum + points);
    }

    private sealed class Refund(PooledRefundOpened opened)
    {
        public PooledRefundOpened Opened { get; } = opened;

        public bool IsEnded { get; set; }
    }

    private sealed class Share(Points held, CommandKey end)
    {
        public Points Held { get; } = held;

        /// <summary>What it is captured or released under.</summary>
        public CommandKey End { get; } = end;

        public bool IsKeyed { get; set; }

        public Points Captured { get; set; }

        public Points Refunded { get; set; }

        public bool IsReleased { get; set; }
    }
}
