using System.Text.Json;
using Ledger.Json;
using Ledger.Tests.Sequences;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Laws;

public sealed class JournalLaws
{
    [Fact]
    public void The_replay_of_the_stored_journal_is_the_state() => Law.Holds(Cases.Interrupted(), 30, sequence =>
    {
        var wallet = Play.All(sequence);

        Assert.Equal(Play.Text(wallet.State), Play.Text(Play.Replay(wallet.Stored())));
    });

    [Fact]
    public void A_snapshot_and_the_rest_of_the_journal_are_the_state() => Law.Holds(Cases.Interrupted(), 30, sequence =>
    {
        var wallet = Play.All(sequence);
        for (var cut = 0; cut <= wallet.Journal.Count; cut += 19)
        {
            var snapshot = JsonSerializer.SerializeToUtf8Bytes(Play.Replay(wallet.Journal.Take(cut)), LedgerJson.Default.WalletState);
            var loaded = JsonSerializer.Deserialize(snapshot, LedgerJson.Default.WalletState)!;

            Assert.Equal(snapshot, JsonSerializer.SerializeToUtf8Bytes(loaded, LedgerJson.Default.WalletState));
            Assert.Equal(Play.Text(wallet.State), Play.Text(Play.Replay(wallet.Stored().Skip(cut), loaded)));
        }
    });

    [Fact]
    public void Stored_events_and_transactions_read_back_as_they_were() => Law.Holds(Cases.Interrupted(), 30, sequence =>
    {
        foreach (var transaction in Play.All(sequence).Journal)
        {
            var events = LedgerJson.BytesOf(transaction.Events);
            Assert.Equal(events, LedgerJson.BytesOf(LedgerJson.EventsOf(events)));

            var whole = JsonSerializer.SerializeToUtf8Bytes(transaction, LedgerJson.Default.Transaction);
            var read = JsonSerializer.Deserialize(whole, LedgerJson.Default.Transaction)!;
            Assert.Equal(whole, JsonSerializer.SerializeToUtf8Bytes(read, LedgerJson.Default.Transaction));
            Assert.Equal(transaction.Refusal, read.Refusal);
            Assert.Equal(transaction.Fingerprint.ToArray(), read.Fingerprint.ToArray());
        }
    });

    [Fact]
    public void A_command_repeated_any_number_of_times_has_its_first_outcome_and_changes_nothing() =>
        Law.Holds(Cases.Interrupted(), 30, sequence =>
        {
            var sent = new Dictionary<long, CommandEnvelope>();
            var wallet = Play.Steps(sequence, (before, envelope, _, after) =>
            {
                if (after.State.Sequence > before.Sequence)
                {
                    sent[after.State.Sequence] = envelope;
                }
            });
            foreach (var (sequenceNumber, envelope) in sent.TakeLast(RecentCommands.CommandsMax))
            {
                // However late, and whatever the programme has become.
                var again = envelope with { At = wallet.State.LastAt + Duration.FromDays(4000) };
                var decision = Wallet.Decide(Ledger.Programmes.PublishedProgrammes.None, wallet.State, again, Thawed.Nothing.Instance);

                Assert.Equal(new Decision.Repeated(sequenceNumber), decision);
            }
        });

    [Fact]
    public void A_refusal_changes_the_count_the_time_and_what_was_due_and_nothing_else() =>
        Law.Holds(Cases.Interrupted(), 30, sequence => Play.Steps(sequence, (before, envelope, decision, wallet) =>
        {
            if (decision is not Decision.Refused refused)
            {
                return;
            }

            var rejected = envelope.Command switch
            {
                SpendPoints spend => spend.Points,
                HoldPoints hold => hold.Points,
                _ => Points.Zero,
            };
            var usedUp = envelope.Command is HoldPoints { Share: null } sale && !wallet.TakenElsewhere.ContainsKey(sale.Reference)
                && wallet.Journal.SkipLast(1).All(earlier => earlier.Reference != sale.Reference)
                ? sale.Reference
                : null as MerchantReference?;
            var redemption = envelope.Command is RedeemReward redeem && !wallet.Voided.ContainsKey(redeem.Redemption) ? redeem.Redemption : null as RedemptionId?;
            var (afterDue, due) = Due.Apply(before, envelope.At, warns: !envelope.Historic);
            var expected = afterDue with
            {
                // But for a wrong code, which counts.
                OpenRedemptions = refused.Refusal is Refusal.WrongPickupCode wrong
                    ? [.. afterDue.Redemptions.Select(open => open.Id == wrong.Redemption ? open with { WrongCodes = open.WrongCodes + 1 } : open)]
                    : afterDue.OpenRedemptions,
                Sequence = before.Sequence + 1,
                LastAt = Instant.Max(before.LastAt, envelope.At),
                Warnings = afterDue.Warnings?.After(Instant.Max(before.LastAt, envelope.At), afterDue),
                Recent = before.Recent.Add(envelope.KeyHash, before.Sequence + 1),
                Waiting = before.Waiting.RemoveAll(waiting => waiting.Of == envelope.Key),
                Lifetime = afterDue.Lifetime with
                {
                    Rejected = (Int128)afterDue.Lifetime.Rejected.Value + rejected.Value > long.MaxValue
                        ? new Points(long.MaxValue)
                        : afterDue.Lifetime.Rejected + rejected,
                },
            };

            Assert.Equal(Play.Text(expected), Play.Text(wallet.State));
            Assert.Equal([.. due, new CommandRefused(refused.Refusal, rejected, usedUp, redemption)], refused.Events, (x, y) => Same(x, y));
            Assert.Equal(refused.Refusal.Code, wallet.Journal[^1].Outcome);
            Assert.Equal(refused.Refusal, wallet.Journal[^1].Refusal);
        }));

    [Fact]
    public void What_falls_due_is_the_same_read_or_written_at_once_or_bit_by_bit() =>
        Law.Holds(Cases.Interrupted(), 30, sequence =>
        {
            // Where points wait for a warning it matters when somebody looks.
            var wallet = Play.All(Play.Courteous(sequence));
            var at = wallet.State.LastAt;
            var stepByStep = wallet.State;
            foreach (var days in new[] { 0, 1, 27, 31, 400 })
            {
                at += Duration.FromDays(days);
                var written = Play.Copy(wallet);
                var decision = written.Send(new ApplyDue(), at);
                var (read, events) = Due.Apply(wallet.State, at);
                stepByStep = Due.Apply(stepByStep, at).After;

                Assert.Equal(Play.Text(read), Play.Text(stepByStep));
                Assert.Equal(Play.Standing(read), Play.Standing(written.State));
                Assert.Equal(read.Lifetime, written.State.Lifetime);
                Assert.Equal(events.IsEmpty, decision is Decision.Accepted { Events.IsEmpty: true });
                Assert.Empty(Due.Apply(read, at).Events);
                Assert.False(read.NextDue <= at);
            }
        });

    [Fact]
    public void A_fingerprint_is_that_of_resident_and_content_alone() =>
        Law.Holds(Cases.Interrupted(), 30, sequence =>
        {
            var byFingerprint = new Dictionary<string, CommandEnvelope>();
            Play.Steps(sequence, (_, envelope, _, _) =>
            {
                var stored = JsonSerializer.Deserialize(
                    JsonSerializer.SerializeToUtf8Bytes(envelope, LedgerJson.Default.CommandEnvelope), LedgerJson.Default.CommandEnvelope)!;
                var other = envelope with
                {
                    Key = CommandKey.Client("other", "way"),
                    At = Instant.MaxValue,
                    Historic = !envelope.Historic,
                    Note = new("a note", new byte[16]),
                };

                Assert.Equal(Hex(envelope), Hex(stored));
                Assert.Equal(Hex(envelope), Hex(other));
                Assert.NotEqual(Hex(envelope), Hex(envelope with { Resident = ResidentId.Parse("r-2") }));
                if (!byFingerprint.TryAdd(Hex(envelope), envelope))
                {
                    Assert.Equal(byFingerprint[Hex(envelope)].Command, envelope.Command);
                }
            });
            Assert.Equal(byFingerprint.Count, byFingerprint.Values.Select(envelope => envelope.Command).Distinct().Count());
        });

    private static string Hex(CommandEnvelope envelope) => Convert.ToHexString(envelope.Fingerprint().Span);

    private static bool Same(WalletEvent x, WalletEvent y) => LedgerJson.BytesOf([x]).AsSpan().SequenceEqual(LedgerJson.BytesOf([y]));
}
