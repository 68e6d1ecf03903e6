using System.Reflection;
using System.Text.Json.Serialization;
using Ledger.Merchants;
using Ledger.Programmes;
using Ledger.Rewards;
using Ledger.Rules;
using Ledger.Tests.Rewards;
using Ledger.Tests.Sequences;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Wallets;

/// <summary>Which refusal is the answer when several apply: the table, and that it covers every one.</summary>
public sealed class RefusalRankTests
{
    private const long Max = 9_007_199_254_740_991;

    // The wallet before | the command | the answer | what would have applied as well
    private const string Table = """
                                                     | historic earn service 5 before            | time_runs_backwards    |
                                                     | historic earn unruled 5 before            | time_runs_backwards    | unknown_activity
        no programme                                 | historic earn service 5 before            | time_runs_backwards    | no_programme
                                                     | historic earn huge max before             | time_runs_backwards    | award_too_large
        full                                         | historic earn service 5 before            | time_runs_backwards    | balance_limit
                                                     | historic spend 5 before                   | time_runs_backwards    | insufficient_points
                                                     | historic refund nothing before            | time_runs_backwards    | unknown_transaction
                                                     | historic reverse nothing before           | time_runs_backwards    | unknown_transaction
        earned e 5                                   | historic refund e before                  | time_runs_backwards    | not_a_spend
        earned e 5, spent s 2                        | historic reverse s before                 | time_runs_backwards    | not_an_earning
        earned e 5, reversed e                       | historic reverse e before                 | time_runs_backwards    | nothing_to_reverse
        earned e 5, spent s 2, refunded s            | historic refund s before                  | time_runs_backwards    | refund_exceeds_spend
        closed                                       | historic earn service 5 before            | time_runs_backwards    | wallet_closed
        erased                                       | earn service 5                            | resident_erased        |
        erased                                       | spend 5                                   | resident_erased        | insufficient_points
        closed                                       | earn service 5                            | wallet_closed          |
        closed                                       | earn service 5 ahead                      | wallet_closed          | occurred_in_future
        closed                                       | earn unruled 5                            | wallet_closed          | unknown_activity
        closed                                       | spend 5                                   | wallet_closed          | insufficient_points
        closed                                       | hold voided 1                             | wallet_closed          | reference_voided
        closed                                       | approve nothing                           | wallet_closed          | unknown_transaction
        closed                                       | adjust -6                                 | wallet_closed          | insufficient_points
        closed                                       | reverse elsewhere                         | unknown_transaction    |
        closed                                       | reverse nothing                           | wallet_closed          |
        frozen                                       | historic spend 5 before                   | time_runs_backwards    | wallet_frozen
        frozen                                       | spend 5                                   | wallet_frozen          | insufficient_points
        frozen                                       | hold h 1                                  | wallet_frozen          | insufficient_points
        frozen                                       | hold voided 1                             | wallet_frozen          | reference_voided
        frozen                                       | hold foreign 1                            | wallet_frozen          | reference_reused
        holding 100, frozen                          | hold h 1                                  | wallet_frozen          | too_many_holds
        lived, outspent, frozen                      | spend 1                                   | wallet_frozen          | lifetime_limit
                                                     | earn service 5 ahead                      | occurred_in_future     |
                                                     | earn unruled 5 ahead                      | occurred_in_future     | unknown_activity
        no programme                                 | earn service 5 ahead                      | occurred_in_future     | no_programme
                                                     | earn huge max ahead                       | occurred_in_future     | award_too_large
        full                                         | earn service 5 ahead                      | occurred_in_future     | balance_limit
                                                     | earn service 5 late                       | occurred_too_long_ago  |
                                                     | earn unruled 5 late                       | occurred_too_long_ago  | unknown_activity
        no programme                                 | earn service 5 late                       | occurred_too_long_ago  | no_programme
                                                     | earn huge max late                        | occurred_too_long_ago  | award_too_large
        full                                         | earn service 5 late                       | occurred_too_long_ago  | balance_limit
        no programme                                 | earn service 5                            | no_programme           |
        no programme                                 | historic earn service 5                   | no_programme           |
                                                     | earn unruled 5                            | unknown_activity       |
        full                                         | earn unruled 5                            | unknown_activity       |
        no programme                                 | give neighbour 5                          | no_programme           |
                                                     | give neighbour 5                          | gifts_not_offered      |
        no programme                                 | donate charity 5                          | no_programme           |
                                                     | donate charity 5                          | unknown_fund           |
        generous                                     | donate elsewhere 5                        | unknown_fund           | insufficient_points
        generous                                     | donate charity 5                          | insufficient_points    |
        generous                                     | choose elsewhere                          | unknown_fund           |
                                                     | give self 5                               | gifts_not_offered      | gift_to_self
        generous                                     | give self 5                               | gift_to_self           |
        generous                                     | give self 500                             | gift_to_self           | gift_limit_exceeded
        generous                                     | give nobody 5                             | receiver_unknown       | insufficient_points
        generous, giving 100                         | give nobody 5                             | receiver_unknown       | too_many_errands
        closeknit                                    | give neighbour 5                          | gift_outside_household | insufficient_points
        closeknit                                    | give nobody 5                             | receiver_unknown       | gift_outside_household
                                                     | consent                                   | not_in_household       |
                                                     | share home 5                              | not_in_household       | pool_limit_exceeded
                                                     | closed share home 5                       | not_in_household       | merchant_suspended
        closed                                       | join other                                | wallet_closed          |
        joined                                       | join other                                | in_other_household     |
                                                     | refund nothing                            | unknown_transaction    |
                                                     | historic reverse nothing                  | unknown_transaction    |
                                                     | reverse elsewhere                         | unknown_transaction    |
                                                     | refund elsewhere                          | unknown_transaction    |
        waiting 100                                  | reverse elsewhere                         | unknown_transaction    | too_many_waiting
        waiting 100                                  | historic reverse nothing                  | unknown_transaction    | too_many_waiting
        full                                         | refund nothing 5                          | unknown_transaction    | balance_limit
        earned e 5, spent s 2                        | reverse s                                 | not_an_earning         |
        refused x                                    | reverse x                                 | not_an_earning         |
        adjusted a 5                                 | reverse a                                 | not_an_earning         |
        earned e 5, reversed e 2                     | reverse r                                 | not_an_earning         |
        waiting 100, earned e 5, spent s 2           | reverse s                                 | not_an_earning         | too_many_waiting
        earned e 5                                   | refund e                                  | not_a_spend            |
        refused x                                    | refund x                                  | not_a_spend            |
        earned e 5, full                             | refund e                                  | not_a_spend            | balance_limit
        earned e 50, joined, shared p 2              | refund p                                  | share_of_pool          |
        earned e 50, joined, shared p 2              | strange refund p                          | share_of_pool          |
                                                     | capture nothing                           | hold_not_found         |
                                                     | release nothing                           | hold_not_found         |
                                                     | void nothing                              | hold_not_found         |
        refused hold h                               | capture h                                 | hold_not_found         |
        refused hold h                               | void h                                    | hold_not_found         |
                                                     | historic capture nothing before           | time_runs_backwards    | hold_not_found
                                                     | hold voided 1                             | reference_voided       | insufficient_points
        holding 100                                  | hold voided 1                             | reference_voided       | too_many_holds
                                                     | hold foreign 1                            | reference_reused       | insufficient_points
        earned e 5, held h 2                         | hold h 6                                  | reference_reused       | insufficient_points
        holding 100                                  | hold foreign 1                            | reference_reused       | too_many_holds
                                                     | closed spend 1                            | merchant_suspended     | insufficient_points
                                                     | closed hold h 1                           | merchant_suspended     | insufficient_points
        holding 100                                  | closed hold h 1                           | merchant_suspended     | too_many_holds
                                                     | strange spend 1                           | unknown_terminal       | insufficient_points
                                                     | strange hold h 1                          | unknown_terminal       | insufficient_points
        earned e 5, spent s 2                        | strange refund s 3                        | unknown_terminal       | refund_exceeds_spend
                                                     | closed hold voided 1                      | reference_voided       | merchant_suspended
                                                     | pay old 1                                 | paycode_expired        | insufficient_points
        holding 100                                  | pay old 1                                 | paycode_expired        | too_many_holds
        paid p                                       | pay h 1                                   | paycode_used           |
        paid p                                       | pay h 999                                 | paycode_used           | insufficient_points
        paid p                                       | pay old 1                                 | paycode_expired        | paycode_used
                                                     | pay voided 1                              | reference_voided       | insufficient_points
        paid p                                       | pay foreign 1                             | reference_reused       | paycode_used
                                                     | closed pay old 1                          | merchant_suspended     | paycode_expired
        earned e 5, reversed e                       | reverse e                                 | nothing_to_reverse     |
        earned e 5, waited                           | reverse e                                 | nothing_to_reverse     |
        earned e 0                                   | reverse e                                 | nothing_to_reverse     |
        waiting 100, earned e 5, reversed e          | reverse e 1                               | nothing_to_reverse     | too_many_waiting
                                                     | approve nothing                           | unknown_transaction    |
                                                     | reject elsewhere                          | unknown_transaction    |
        earned e 5                                   | approve e                                 | not_awaiting_approval  |
        earned e 5                                   | reject e                                  | not_awaiting_approval  |
        refused x                                    | approve x                                 | not_awaiting_approval  |
        earned e 5, spent s 2                        | approve s                                 | not_awaiting_approval  |
        asked e 5, rejected e                        | approve e                                 | approval_already_decided |
        asked e 5, rejected e                        | own approve e                             | approval_already_decided | approval_own_entry
        asked e 5, reversed e                        | reject e                                  | approval_already_decided |
        asked e 5, waited                            | reject e                                  | approval_already_decided |
        proposed a 5, waited                         | approve a                                 | approval_already_decided |
        asked e 5                                    | own approve e                             | approval_own_entry     |
        proposed a 5                                 | own approve a                             | approval_own_entry     |
        asked k 5, approved k, asked e 5             | own approve e                             | approval_own_entry     | approver_share_exceeded
        full, proposed a 5                           | own approve a                             | approval_own_entry     | balance_limit
        asked k 5, approved k, asked e 5             | approve e                                 | approver_share_exceeded |
        asked e 5, rejected e                        | reverse e                                 | nothing_to_reverse     |
        full, proposed a 5                           | approve a                                 | balance_limit          |
        proposed a -5                                | approve a                                 | insufficient_points    |
        earned e 5, spent s 2                        | refund s 3                                | refund_exceeds_spend   |
        earned e 5, spent s 2, refunded s            | refund s                                  | refund_exceeds_spend   |
        earned e 5, spent s 2, refunded s            | historic refund s 1                       | refund_exceeds_spend   |
        earned e 5, spent s 2, full                  | refund s 3                                | refund_exceeds_spend   | balance_limit
        earned e 5, held h 2, captured h, waited     | void h                                    | settled_use_refund     |
        earned e 5, held h 2, released h             | capture h                                 | hold_ended             |
        earned e 5, held h 2, released h             | capture h 3                               | hold_ended             | capture_exceeds_hold
        earned e 5, held h 2, released h             | release h                                 | hold_ended             |
        earned e 5, held h 2, captured h             | release h                                 | hold_ended             |
        earned e 5, held h 2, waited                 | capture h                                 | hold_ended             |
        earned e 5, held h 2                         | capture h 3                               | capture_exceeds_hold   |
        earned e 5, held h 2                         | close                                     | wallet_not_settled     |
        asked e 5                                    | close                                     | wallet_not_settled     |
        owing                                        | close                                     | wallet_not_settled     |
        waiting 100                                  | reverse nothing                           | too_many_waiting       |
        waiting 100                                  | reverse nothing 5                         | too_many_waiting       |
        holding 100                                  | hold h 1                                  | too_many_holds         | insufficient_points
                                                     | hold h 1                                  | insufficient_points    |
        lived                                        | hold h 1                                  | insufficient_points    | lifetime_limit
        lived, outspent                              | hold h 1                                  | lifetime_limit         |
        generous, giving 100                         | give neighbour 5                          | too_many_errands       |
        generous, giving 100                         | give neighbour 500                        | too_many_errands       | gift_limit_exceeded
                                                     | receive stale 5                           | gift_expired           |
        full                                         | receive stale 5                           | gift_expired           | balance_limit
        full                                         | receive gift 5                            | balance_limit          |
        generous                                     | give neighbour 500                        | gift_limit_exceeded    | insufficient_points
        joined                                       | share home 5                              | pool_limit_exceeded    | insufficient_points
        generous                                     | give neighbour 5                          | insufficient_points    |
                                                     | earn huge max                             | award_too_large        |
                                                     | redeem tea undone                         | redemption_voided      | insufficient_points
        no programme                                 | redeem tea undone                         | no_programme           | redemption_voided
        no programme                                 | redeem never                              | no_programme           | reward_not_offered
                                                     | redeem never                              | reward_not_offered     | insufficient_points
                                                     | redeem gone                               | reward_not_offered     | insufficient_points
        holding 100                                  | redeem visit                              | too_many_holds         | insufficient_points
        redeemed 100                                 | redeem parcel                             | too_many_redemptions   | reward_tier_required
        earned e 50                                  | redeem parcel                             | reward_tier_required   |
                                                     | redeem parcel                             | reward_tier_required   | insufficient_points
        earned e 50, redeemed tea 3                  | redeem tea                                | reward_limit_reached   |
        earned e 12, redeemed tea 3                  | redeem tea                                | reward_limit_reached   | insufficient_points
                                                     | redeem tea                                | insufficient_points    |
                                                     | fulfil nothing                            | unknown_redemption     |
                                                     | cancel nothing                            | unknown_redemption     |
        earned e 50, redeemed tea 1                  | fulfil deliver                            | redemption_step_not_allowed |
        earned e 50, redeemed tea 1, picked up       | fulfil pick up wrong                      | redemption_step_not_allowed | wrong_pickup_code
        earned e 50, redeemed tea 1, tried 5         | fulfil pick up wrong                      | pickup_code_locked     | wrong_pickup_code
        earned e 50, redeemed tea 1                  | fulfil pick up wrong                      | wrong_pickup_code      |
        earned e 50, redeemed visit 1, cash          | cancel merchant                           | cancellation_not_allowed |
        earned e 50, redeemed tea 1, picked up       | cancel merchant                           | redemption_step_not_allowed | cancellation_not_allowed
        full                                         | earn huge max                             | award_too_large        | balance_limit
        capped                                       | earn service 5                            | cap_exceeded           |
        capped, full                                 | earn service 5                            | cap_exceeded           | balance_limit
        undecided 200                                | earn service 5                            | too_many_undecided     |
                                                     | spend 1                                   | insufficient_points    |
        earned e 5                                   | spend 6                                   | insufficient_points    |
        earned e 5                                   | adjust -6                                 | insufficient_points    |
        earned e 5, waited                           | spend 1                                   | insufficient_points    |
        full                                         | earn service 1                            | balance_limit          |
        full                                         | adjust 1                                  | balance_limit          |
        earned e 5, spent s 2, full                  | refund s 1                                | balance_limit          |
        lived, full                                  | earn service 129                          | balance_limit          | lifetime_limit
        owing, earned e 5, reversed e                | reverse e                                 | nothing_to_reverse     | debt_limit
        owing                                        | reverse s2                                | not_an_earning         | debt_limit
        owing                                        | reverse e2                                | debt_limit             |
        owing                                        | reverse e2 1                              | debt_limit             |
        lived                                        | earn service 129                          | lifetime_limit         |
        lived                                        | spend 1                                   | insufficient_points    | lifetime_limit
        lived, outspent                              | spend 1                                   | lifetime_limit         |
        outadjusted                                  | adjust 129                                | lifetime_limit         |
        """;

    public static TheoryData<string, string, string, string> Rows()
    {
        var rows = new TheoryData<string, string, string, string>();
        foreach (var row in Table.Split('\n'))
        {
            var cells = row.Split('|', StringSplitOptions.TrimEntries);
            rows.Add(cells[0], cells[1], cells[2], cells[3]);
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_first_in_rank_is_the_answer(string given, string command, string code, string alsoApplies)
    {
        var story = Given(given);
        var before = story.State;

        var refusal = Story.Refused(When(story, command));

        Assert.Equal(code, refusal.Code);
        Assert.Equal(Due.Apply(before, story.Now).After.Available, story.State.Available);
        if (alsoApplies.Length > 0)
        {
            Assert.True(Rank(code) < Rank(alsoApplies), $"{code} must come before {alsoApplies}.");
        }
    }

    [Fact]
    public void Every_refusal_has_a_row() =>
        Assert.Empty(Refusal.Codes.Values.Except(Table.Split('\n').Select(row => row.Split('|', StringSplitOptions.TrimEntries)[2])));

    [Fact]
    public void What_would_have_applied_as_well_really_applies_once_the_first_is_cured()
    {
        // The same commands without what the first refusal is about.
        foreach (var row in Table.Split('\n').Select(row => row.Split('|', StringSplitOptions.TrimEntries)).Where(row => row[3].Length > 0))
        {
            var cured = row[2] switch
            {
                "redemption_voided" => ("", "redeem tea"),
                "no_programme" => ("", row[1]),
                "too_many_redemptions" => ("", row[1]),
                "reward_not_offered" or "reward_tier_required" or "reward_limit_reached" => ("", "redeem tea"),
                "redemption_step_not_allowed" when row[3] == "cancellation_not_allowed" => ("earned e 50, redeemed visit 1, cash", row[1]),
                "redemption_step_not_allowed" or "pickup_code_locked" => ("earned e 50, redeemed tea 1", row[1]),
                "approval_already_decided" => ("asked e 5", row[1]),
                "approval_own_entry" => (row[0], row[1].Replace("own ", "", StringComparison.Ordinal)),
                "time_runs_backwards" => (row[0], row[1].Replace(" before", "", StringComparison.Ordinal)),
                "occurred_in_future" => (row[0], row[1].Replace(" ahead", "", StringComparison.Ordinal)),
                "occurred_too_long_ago" => (row[0], row[1].Replace(" late", "", StringComparison.Ordinal)),
                "award_too_large" => (row[0], "earn service max"),
                "gifts_not_offered" => ("generous", row[1]),
                "unknown_fund" => (row[0], "donate charity 5"),
                "gift_to_self" or "receiver_unknown" => (row[0], row[1].Replace("self", "neighbour", StringComparison.Ordinal).Replace("nobody", "neighbour", StringComparison.Ordinal)),
                "too_many_errands" => ("generous", row[1]),
                "gift_expired" => (row[0], "receive gift 5"),
                "gift_limit_exceeded" => (row[0], "give neighbour 5"),
                "gift_outside_household" => ("closeknit, joined", row[1]),
                "not_in_household" => ("joined", row[1]),
                "pool_limit_exceeded" => ("joined, consented", row[1]),
                "refund_exceeds_spend" => (row[0], "refund s 2"),
                "not_a_spend" => ("earned e 5, spent s 2, full", "refund s"),
                "unknown_transaction" when row[3] == "balance_limit" => ("earned e 5, spent s 2, full", "refund s"),
                "balance_limit" => ("lived", "earn service 129"),
                "cap_exceeded" => ("full", row[1]),
                "reference_reused" when row[3] == "paycode_used" => (row[0], "pay h 1"),
                "paycode_expired" or "paycode_used" when row[3] != "paycode_used" => (row[0], "pay fresh 999"),
                "paycode_expired" => (row[0], "pay h 1"),
                _ when row[3] == "merchant_suspended" => (row[0], "closed hold fresh 1"),
                "reference_voided" or "reference_reused" => (row[0], "hold fresh 6"),
                "unknown_terminal" => (row[0], row[1].Replace("strange ", "", StringComparison.Ordinal)),
                "merchant_suspended" => (row[0], row[1].Replace("closed ", "", StringComparison.Ordinal)),
                "hold_ended" => ("earned e 5, held h 2", row[1]),
                "too_many_holds" => ("", row[1]),
                "wallet_closed" or "resident_erased" => ("", row[1]),
                "wallet_frozen" => (row[0].Replace("frozen", "", StringComparison.Ordinal), row[1]),
                _ when row[3] == "hold_not_found" => (row[0], "capture nothing"),
                "insufficient_points" => ("lived, outspent", "spend 1"),
                _ when row[3] == "debt_limit" => ("owing", "reverse e2"),
                _ => (row[0], "reverse nothing"),
            };

            Assert.Equal(row[3], Story.Refused(When(Given(cured.Item1), cured.Item2)).Code);
        }
    }

    [Fact]
    public void The_rank_is_the_order_of_the_file()
    {
        var declared = typeof(Refusal).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(Refusal))).OrderBy(type => type.MetadataToken);

        Assert.Equal(declared, typeof(Refusal).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(attribute => attribute.DerivedType));
    }

    private static int Rank(string code) =>
        typeof(Refusal).GetCustomAttributes<JsonDerivedTypeAttribute>().ToList().FindIndex(a => (string)a.TypeDiscriminator! == code);

    private static Story Given(string given)
    {
        var story = given.Contains("no programme", StringComparison.Ordinal) ? new Story(PublishedProgrammes.None) : new Story();
        story.IsOfSomebodyElse("elsewhere");
        story.IsTakenElsewhere("foreign", new(new(7), story.Now));
        story.IsTakenElsewhere("voided", new(null, story.Now));
        foreach (var fact in given.Split(',', StringSplitOptions.TrimEntries))
        {
            Happens(story, fact.Split(' '));
        }

        return story;
    }

    private static void Happens(Story story, string[] words)
    {
        var number = words.Length > 2 && long.TryParse(words[2], out var some) ? some : 0;
        switch (words[0])
        {
            case "earned" when number == 0:
                story.Programmes = new([new(1, Instant.MinValue, Story.Plain with
                {
                    Activities = Story.Plain.Activities.SetItem(Story.Service, Story.Rule(new AwardFormula.PerUnit(new(1), 60, Rounding.Down))),
                })]);
                Story.Accepted(story.Earn(words[1], 1));
                break;
            case "capped":
                var cap = new Cap(CapPeriod.LocalDay, 4, CapReversal.Keep, OnExcess: CapExcess.Refuse);
                story.Programmes = new([new(1, Instant.MinValue, Story.Plain with
                {
                    Activities = Story.Plain.Activities.SetItem(Story.Service, Story.Rule(new AwardFormula.PerUnit(new(1), 1, Rounding.Down), cap)),
                })]);
                break;
            case "earned":
                Story.Accepted(story.Earn(words[1], number));
                break;
            case "asked":
                story.Programmes = new([new(1, Instant.MinValue, Story.Plain with
                {
                    Activities = Story.Plain.Activities.SetItem(
                        Story.Service,
                        Story.Rule(new AwardFormula.PerUnit(new(1), 1, Rounding.Down)) with
                        {
                            Approval = new ApprovalPolicy.SecondPerson(14),
                            Checks = [new IntegrityCheck.ApproverShare(2, 5_000, Holds: true)],
                        }),
                })]);
                Story.Accepted(story.Earn(words[1], number));
                break;
            case "approved":
                Story.Accepted(story.Approve($"of {words[1]}", words[1]));
                break;
            case "rejected":
                Story.Accepted(story.Reject($"of {words[1]}", words[1]));
                break;
            case "proposed":
                story.Programmes = new([new(1, Instant.MinValue, Story.Plain with { Adjustments = new(4, 14) })]);
                Story.Accepted(story.Adjust(words[1], number));
                break;
            case "spent":
                Story.Accepted(story.Spend(words[1], number));
                break;
            case "refunded":
                Story.Accepted(story.Refund("r", words[1]));
                break;
            case "reversed":
                Story.Accepted(story.Reverse("r", words[1], number == 0 ? null : number));
                break;
            case "adjusted":
                Story.Accepted(story.Adjust(words[1], number));
                break;
            case "held":
                Story.Accepted(story.Hold(words[1], number));
                break;
            case "paid":
                Story.Accepted(story.Earn("for the code", 5));
                Story.Accepted(story.HoldBy(1, words[1], 5, "2024-01-10 12:00"));
                break;
            case "captured":
                Story.Accepted(story.Capture("c", words[1]));
                break;
            case "redeemed" when words.Length == 2:
                Story.Accepted(story.Earn("for rewards", 200));
                Repeat(100, i => Story.Accepted(story.Redeem($"d{i}", TestMall.Plain)));
                break;
            case "redeemed":
                Story.Accepted(story.Redeem("d", new(words[1]), (int)number));
                break;
            case "cash":
                Story.Accepted(story.Fulfil("paid", "d", RedemptionStep.Pay));
                break;
            case "picked":
                Story.Accepted(story.Fulfil("picked", "d", RedemptionStep.PickUp));
                break;
            case "tried":
                Repeat(5, i => Story.Refused(story.Fulfil($"tried {i}", "d", RedemptionStep.PickUp, code: "999999")));
                break;
            case "released":
                Story.Accepted(story.Release("r", words[1]));
                break;
            case "closed":
                Story.Accepted(story.Do("close", new CloseWallet(null, false)));
                break;
            case "erased":
                Story.Accepted(story.Do("erase", new EraseResident(null, false)));
                break;
            case "frozen":
                Story.Accepted(story.Do("freeze", new FreezeWallet()));
                break;
            case "holding":
                Story.Accepted(story.Earn("for holds", 100));
                Repeat(100, i => Story.Accepted(story.Hold($"h{i}", 1)));
                break;
            case "generous":
                story.Programmes = new([new(1, Instant.MinValue, Story.Generous)]);
                break;
            case "closeknit":
                story.Programmes = new([new(1, Instant.MinValue, Story.Generous with { Gifts = Story.Generous.Gifts! with { WithinHousehold = true } })]);
                break;
            case "joined":
                Story.Accepted(story.Do("join", new JoinHousehold(new("home"))));
                break;
            case "consented":
                Story.Accepted(story.Do("consent", new ConsentToPool(new(new(50), null))));
                break;
            case "shared":
                Story.Accepted(story.Do(words[1], new HoldPoints(Story.Sale(words[1]), new(number), 5, Share: new(new("home"), 1, Own: true))));
                break;
            case "giving":
                Story.Accepted(story.Earn("for gifts", 100));
                Repeat(100, i => Story.Accepted(story.Give($"g{i}", 1)));
                break;
            case "refused" when words[1] == "hold":
                Story.Refused(story.Hold(words[2], Max));
                break;
            case "refused":
                Story.Refused(story.Spend(words[1], Max));
                break;
            case "full":
                Story.Accepted(story.Adjust("fill", Max - story.Available));
                break;
            case "lived":
                Repeat(128, i => Turn(story, $"l{i}", Max));
                break;
            case "outspent":
                Turn(story, "out", 128);
                Story.Accepted(story.Adjust("more", 5));
                break;
            case "outadjusted":
                Repeat(128, i =>
                {
                    Story.Accepted(story.Adjust($"a{i}", Max));
                    Story.Accepted(story.Spend($"s{i}", Max));
                });
                break;
            case "owing":
                Turn(story, "1", Max);
                Turn(story, "2", Max);
                Story.Accepted(story.Reverse("r1", "e1"));
                break;
            case "waited":
                story.Later(Duration.FromDays(40));
                break;
            case "undecided":
                story.Programmes = new([new(1, Instant.MinValue, Story.Plain with
                {
                    Activities = Story.Plain.Activities.SetItem(
                        Story.Service, Story.Rule(new AwardFormula.PerUnit(new(1), 1, Rounding.Down)) with { Approval = new ApprovalPolicy.SecondPerson(14) }),
                })]);
                for (var i = 0; i < 200; i++)
                {
                    Story.Accepted(story.Earn($"u{i}", 1));
                }

                break;
            case "waiting":
                for (var i = 0; i < 100; i++)
                {
                    Story.Accepted(story.Reverse($"w{i}", $"never {i}"));
                }

                break;
        }
    }

    private static void Turn(Story story, string name, long points)
    {
        Story.Accepted(story.Earn($"e{name}", points));
        Story.Accepted(story.Spend($"s{name}", points));
    }

    private static void Repeat(int times, Action<int> turn)
    {
        for (var i = 0; i < times; i++)
        {
            turn(i);
        }
    }

    private static Decision When(Story story, string command)
    {
        var words = command.Split(' ').ToList();
        var historic = words.Remove("historic");
        if (words.Remove("before"))
        {
            // Something happened a minute later already; what is full then stays full.
            story.Later(Duration.FromMinutes(1));
            Story.Refused(story.Do("later", new RefundSpend(Story.Key("nothing at all"), null)));
            story.Later(Duration.FromMinutes(-1));
        }

        var occurredAt = words.Remove("ahead") ? story.Now + Duration.FromMinutes(6)
            : words.Remove("late") ? story.Now - Duration.FromDays(31) : story.Now;
        var own = words.Remove("own");
        if (words.Remove("undone"))
        {
            story.IsVoided("the command");
        }

        var (closed, till) = (words.Remove("closed"), words.Remove("strange") ? "t-9" : null);
        story.Registers(Story.Registered with { Status = closed ? MerchantStatus.Suspended : MerchantStatus.Active, Terminals = till is null ? [] : ["t-1"] });
        return story.Do(story.Envelope("the command", CommandOf(words, occurredAt, till), historic) with
        {
            Client = own ? null : "checker",
            PaycodeUntil = words is ["pay", "old", ..] ? story.Now : story.Now + Duration.FromMinutes(1),
        });
    }

    private static WalletCommand CommandOf(List<string> words, Instant occurredAt, string? till)
    {
        var number = words[^1] == "max" ? Max
            : long.TryParse(words[^1], out var n) ? n : null as long?;
        var of = CommandKey.Event("/app", words.ElementAtOrDefault(1) ?? "nothing");
        var points = number is { } some ? new Points(some) : null as Points?;
        return words[0] switch
        {
            "earn" => new EarnPoints(ActivityType.Parse(words[1]), number!.Value, occurredAt),
            "spend" => new SpendPoints(Story.TeaHouse, points!.Value, till),
            "refund" => new RefundSpend(of, points, till),
            "reverse" => new ReverseEarning(of, points),
            "adjust" => new AdjustPoints(points!.Value),
            "redeem" => new RedeemReward(new(words[1]), 1, Story.Redemption("the command")),
            "fulfil" => new FulfilRedemption(
                Story.Redemption(words[1] == "nothing" ? "nothing" : "d"),
                words[1] == "deliver" ? RedemptionStep.Deliver : RedemptionStep.PickUp,
                Code: words[^1] == "wrong" ? "999999" : null),
            "cancel" => new CancelRedemption(Story.Redemption(words[1] == "nothing" ? "nothing" : "d"), Party.Merchant),
            "hold" => new HoldPoints(Story.Sale(words[1]), points!.Value, 5, till),
            "share" => new HoldPoints(Story.Sale("p"), points!.Value, 5, till, Share: new(new(words[1]), 1)),
            "join" => new JoinHousehold(new(words[1])),
            "consent" => new ConsentToPool(null),
            "pay" => new HoldPoints(Story.Sale(words[1]), points!.Value, 5, Paycode: Story.Code(words[1] == "fresh" ? 2 : 1)),
            "capture" => new CaptureHold(Story.Sale(words[1]), points, true),
            "release" => new ReleaseHold(Story.Sale(words[1])),
            "void" => new VoidHold(Story.Sale(words[1])),
            "donate" => new DonatePoints(new(words[1]), points!.Value),
            "choose" => new ChooseExpiry(new FundId(words[1])),
            "give" => new GivePoints(words[1] == "self" ? RecordedWallet.Resident : ResidentId.Parse(words[1]), points!.Value),
            "receive" => new ReceiveGift(ResidentId.Parse("neighbour"), 1, [new(new(3), points!.Value, occurredAt, words[1] == "stale" ? Story.Local("2024-01-10 12:00") : null)]),
            "approve" => new ApproveEntry(of),
            "close" => new CloseWallet(null, false),
            "reject" => new RejectEntry(of),
            _ => throw new ArgumentException($"No command is called {words[0]}.", nameof(words)),
        };
    }
}
