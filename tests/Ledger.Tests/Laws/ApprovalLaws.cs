using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Ledger.Programmes;
using Ledger.Rules;
using Ledger.Tests.Sequences;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Laws;

/// <summary>What waits for a decision gets one, and whoever waits loses nothing by it.</summary>
public sealed class ApprovalLaws
{
    [Fact]
    public void Whatever_waits_has_exactly_one_end() => Law.Holds(Cases.Any(), 60, sequence =>
    {
        var wallet = Play.All(sequence);
        foreach (var transaction in wallet.Journal)
        {
            if (transaction.Events.Any(e => e is PointsEarned { Approval: not null } or AdjustmentProposed))
            {
                var ends = wallet.Journal.SelectMany(t => t.Events).Count(e => IsEnd(e, transaction.Sequence));
                var waits = wallet.State.Undecided.Any(entry => entry.Of == transaction.Sequence);
                var taken = TakenWhileWaiting(wallet, transaction.Sequence);

                Assert.Equal(1, ends + (waits ? 1 : 0) + (taken ? 1 : 0));
            }
        }

        Assert.All(wallet.State.Undecided, entry => Assert.Contains(
            wallet.Journal[(int)entry.Of - 1].Events, e => e is PointsEarned { Approval: not null } or AdjustmentProposed));
    });

    [Fact]
    public void To_be_approved_later_is_to_be_awarded_now_and_active_then() => Law.Holds(Moments(), 60, c =>
    {
        // Whole days later at the start of a local day, for that is when pending points become active.
        var wallet = Play.All(c.Sequence);
        var at = wallet.State.LastAt;
        var plain = Programme(null, null);
        var then = plain.StartOf(plain.DateOf(at).PlusDays(c.Days));
        var (approved, pending) = (Play.Copy(wallet), Play.Copy(wallet));
        approved.Programmes = Only(Programme(new ApprovalPolicy.SecondPerson(14), null));
        pending.Programmes = Only(Programme(null, new PendingPolicy.ForDays(c.Days)));
        var key = CommandKey.Event("/law", "the activity");
        foreach (var copy in new[] { approved, pending })
        {
            Assert.IsType<Decision.Accepted>(copy.Send(copy.Envelope(new EarnPoints(Setup.Service, c.Quantity, at), at, key)));
        }

        Assert.Equal(approved.State.Balances, pending.State.Balances);
        approved.Send(approved.Envelope(new ApproveEntry(key), then, CommandKey.Client("checker", "approval")));
        pending.Send(new ApplyDue(), then);

        Assert.Equal(Standing(pending), Standing(approved));
        Assert.Equal(pending.State.Lifetime, approved.State.Lifetime);
    });

    [Fact]
    public void To_be_rejected_is_never_to_have_been_awarded_where_caps_give_their_room_back() => Law.Holds(Moments(), 60, c =>
    {
        var wallet = Play.All(c.Sequence);
        wallet.Programmes = Only(Programme(new ApprovalPolicy.Objection(30), null));
        var at = wallet.State.LastAt;
        var (current, _) = Due.Apply(wallet.State, at);
        var key = CommandKey.Event("/law", "the activity");
        wallet.Send(wallet.Envelope(new EarnPoints(Setup.Service, c.Quantity, at), at, key));
        var caps = wallet.Journal[^1].Events.OfType<PointsEarned>().Single().Caps;
        wallet.Send(wallet.Envelope(new RejectEntry(key), at, CommandKey.Client("checker", "rejection")));

        Assert.Equal(current.Balances, wallet.State.Balances);
        Assert.All(caps, cap => Assert.Equal(cap.Used, wallet.State.CapBuckets.Of(cap.KeyFor(Setup.Service)).Used.Value));
    });

    private static bool IsEnd(WalletEvent happened, long sequence) => happened switch
    {
        AwardApproved approved => approved.Of == sequence,
        PointsAdjusted adjusted => adjusted.Of == sequence,
        EntryRejected rejected => rejected.Of == sequence,
        _ => false,
    };

    // Reversals that came before any other end and left nothing.
    private static bool TakenWhileWaiting(RecordedWallet wallet, long sequence)
    {
        var left = wallet.Journal[(int)sequence - 1].Events.OfType<PointsEarned>().FirstOrDefault()?.Credited ?? new Points(1);
        foreach (var happened in wallet.Journal.SelectMany(t => t.Events))
        {
            if (IsEnd(happened, sequence))
            {
                return false;
            }

            left -= happened is EarningReversed reversed && reversed.Of == sequence ? reversed.Claimed : Points.Zero;
        }

        return left.IsZero;
    }

    private static string Standing(RecordedWallet wallet) => Play.Standing(wallet.State with { Approvers = null });

    private static PublishedProgrammes Only(Programme programme) => new([new(99, Instant.MinValue, programme)]);

    private static Programme Programme(ApprovalPolicy? approval, PendingPolicy? pending) => new()
    {
        Zone = DateTimeZoneProviders.Tzdb["Asia/Shanghai"],
        Activities = ImmutableDictionary<ActivityType, ActivityRule>.Empty.Add(Setup.Service, new(
            [EarnRule.Plain(new AwardFormula.PerUnit(new(1), 1, Rounding.Down))],
            [new(CapPeriod.LocalDay, 1_000_000, CapReversal.Restore), new(CapPeriod.Month, 2_000_000, CapReversal.Restore)],
            null,
            ImmutableDictionary<string, string>.Empty)
        {
            Approval = approval,
            Pending = pending,
        }),
    };

    private static Arbitrary<(Sequence Sequence, int Days, long Quantity)> Moments() => Arb.From(
        from sequence in Cases.Any().Generator
        from days in Gen.Elements(1, 2, 13)
        from quantity in Gen.Elements(1L, 2, 40, 999_999)
        select (sequence, days, quantity),
        c => Cases.Any().Shrinker(c.sequence).Select(shorter => (shorter, c.days, c.quantity)));
}
