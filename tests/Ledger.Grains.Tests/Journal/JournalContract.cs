using Ledger.Accounts;
using Ledger.Grains.Journal;
using Ledger.Grains.Verification;
using Ledger.Transactions;
using NodaTime;
using static Ledger.Grains.Tests.Journal.Sample;

namespace Ledger.Grains.Tests.Journal;

/// <summary>What <see cref="IJournal"/> promises, for every store alike.</summary>
public abstract partial class JournalContract : IAsyncLifetime
{
    private static readonly StreamId s_ana = Wallet("ana");
    private static readonly StreamId s_bo = Wallet("bo");

    protected IJournal Journal { get; private set; } = null!;

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected abstract IJournal Open();

    protected abstract ValueTask Close();

    public virtual ValueTask InitializeAsync()
    {
        Journal = Open();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await Close();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_row_is_read_back_exactly_as_it_was_appended()
    {
        var row = Row(s_ana, 1, "工时 42", Award(50, new(1)), Award(7, new(1, 1)), new Posting(Account.Debt, Account.WriteOff, new(3), null));
        row = HashChain.Seal(row with { RefersTo = 9_007_199_254_740_993, Outcome = "insufficient_points" }, Bytes(32, 7).Span);

        await Committed(Set(row));

        Assert.Equal(Text(row), Text(Assert.Single(await All(s_ana))));
    }

    [Theory]
    [InlineData(1, 1, 1, 0)]
    [InlineData(1969, 12, 31, 999_999_999)]
    [InlineData(1970, 1, 1, 0)]
    [InlineData(1970, 1, 1, 1)]
    [InlineData(2262, 4, 12, 7)]
    [InlineData(9999, 12, 31, 999_999_999)]
    public async Task An_instant_of_any_year_keeps_every_nanosecond(int year, int month, int day, int nanoseconds)
    {
        var instant = Instant.FromUtc(year, month, day, 23, 59, 59) + Duration.FromNanoseconds(nanoseconds);
        var row = Row(s_ana, 1) with { RecordedAt = instant, EffectiveAt = instant };
        row = HashChain.Seal(row, HashChain.Start.Span);

        await Committed(Set(row) with { NextDue = instant, NextDueChanged = true });

        var read = Assert.Single(await All(s_ana));
        Assert.Equal(instant, read.RecordedAt);
        Assert.Equal(instant, read.EffectiveAt);
        Assert.Equal(HashChain.Compute(read, HashChain.Start.Span), read.Hash.ToArray());
        Assert.Equal([s_ana], await DueBy(instant, 10));
        Assert.Empty(await DueBy(instant - Duration.Epsilon, 10));
    }

    [Fact]
    public async Task Empty_events_no_postings_and_the_largest_numbers_are_kept()
    {
        var row = Row(s_ana, 1) with { Events = Array.Empty<byte>(), After = new(new(long.MaxValue), Points.Zero, Points.Zero, Points.Zero) };

        await Committed(Set(row));

        var read = Assert.Single(await All(s_ana));
        Assert.Equal(Text(row), Text(read));
        Assert.Empty(read.Postings);
        Assert.Null(read.RefersTo);
    }

    [Fact]
    public async Task A_set_is_appended_whole_and_the_next_one_follows_it()
    {
        await Committed(Set(s_ana, 1, 3));
        await Committed(Set(s_ana, 4, 2));

        Assert.Equal([1, 2, 3, 4, 5], (await All(s_ana)).Select(row => row.Sequence));
    }

    [Fact]
    public async Task A_sequence_that_is_taken_fences_the_set()
    {
        await Committed(Set(s_ana, 1, 3));

        var result = await Journal.Append(Set(Row(s_ana, 3, "x"), Row(s_ana, 4, "y")));

        Assert.IsType<AppendResult.Fenced>(result);
        Assert.Equal(3, (await All(s_ana)).Count);
        Assert.Null(await Journal.Find(Garden, CommandKey.Event("/apps/charity", "y"), Stop));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public async Task A_set_that_would_leave_a_gap_is_fenced(long first)
    {
        if (first > 2)
        {
            await Committed(Set(s_ana, 1, 3));
        }

        Assert.IsType<AppendResult.Fenced>(await Journal.Append(Set(s_ana, first, 1)));
        Assert.DoesNotContain(await All(s_ana), row => row.Sequence == first);
    }

    [Fact]
    public async Task A_fenced_set_leaves_neither_notes_nor_due_time_nor_totals()
    {
        await Committed(Set(Row(s_ana, 1, null, Award(10))));

        var stale = Set(Row(s_ana, 1, "stale", Award(500))) with
        {
            Notes = [new(1, Bytes(16, 1), "a reason")],
            NextDue = Morning,
            NextDueChanged = true,
            Undecided = [Undecided(s_ana, 1, Morning)],
        };
        Assert.IsType<AppendResult.Fenced>(await Journal.Append(stale));
        Assert.Empty(await Approvals());

        Assert.Null(await Journal.ReadNote(s_ana, 1, Stop));
        Assert.Empty(await DueBy(Instant.MaxValue, 10));
        Assert.Equal(10, (await Journal.ReadTotals(Garden, Stop))["available"]);
    }

    [Fact]
    public async Task A_command_that_is_known_in_the_same_stream_is_seen()
    {
        await Committed(Set(Row(s_ana, 1, "once", Award(10))));

        var seen = Assert.IsType<AppendResult.Seen>(await Journal.Append(Set(Row(s_ana, 2, "once", Award(10)))));

        Assert.Equal((s_ana, 1L), (seen.Rows[0].Stream, seen.Rows[0].Sequence));
        Assert.Single(await All(s_ana));
    }

    [Fact]
    public async Task A_command_that_is_known_in_another_stream_is_seen_with_the_row_that_holds_it()
    {
        var first = Row(s_ana, 1, "once", Award(10));
        await Committed(Set(first));

        var seen = Assert.IsType<AppendResult.Seen>(await Journal.Append(Set(Row(s_bo, 1, "once", Award(10)))));

        Assert.Equal(Text(first), Text(Assert.Single(seen.Rows)));
        Assert.Empty(await All(s_bo));
    }

    [Fact]
    public async Task Seen_says_more_than_fenced_when_both_are_true()
    {
        await Committed(Set(Row(s_ana, 1, "once")));

        Assert.IsType<AppendResult.Seen>(await Journal.Append(Set(Row(s_ana, 1, "once"))));
    }

    [Fact]
    public async Task The_same_command_in_another_community_is_another_command()
    {
        await Committed(Set(Row(s_ana, 1, "once")));
        await Committed(Set(Row(Wallet("ana", Harbour), 1, "once")));

        Assert.Equal(Harbour, (await Journal.Find(Harbour, CommandKey.Event("/apps/charity", "once"), Stop))?.Stream.Community);
    }

    [Fact]
    public async Task A_set_with_one_known_command_is_discarded_whole_and_every_known_row_is_named()
    {
        await Committed(Set(Row(s_bo, 1, "b")));
        await Committed(Set(Row(s_ana, 1, "d")));

        var set = Set(
            Row(s_ana, 2, "a", Award(1), Award(2)), Row(s_ana, 3, "b", Award(1)), Row(s_ana, 4, "c", Award(1)), Row(s_ana, 5, "d", Award(1)));
        var seen = Assert.IsType<AppendResult.Seen>(await Journal.Append(set));

        Assert.Equal([s_bo, s_ana], seen.Rows.Select(row => row.Stream));
        Assert.Single(await All(s_ana));
        Assert.Empty(await Journal.ReadTotals(Garden, Stop));
        await Committed(Set(Row(s_ana, 2, "a", Award(1), Award(2))));
        Assert.Equal(2, (await All(s_ana))[1].Postings.Length);
    }

    [Fact]
    public async Task Of_two_sets_with_one_command_on_their_way_together_the_first_is_committed()
    {
        var first = Journal.Append(Set(Row(s_bo, 1, "once", Award(10))));
        var second = Journal.Append(Set(Row(s_ana, 1, "once", Award(10))));

        Assert.IsType<AppendResult.Committed>(await first);
        var seen = Assert.IsType<AppendResult.Seen>(await second);
        Assert.Equal(s_bo, Assert.Single(seen.Rows).Stream);
        Assert.Equal(10, (await Journal.ReadTotals(Garden, Stop))["available"]);
    }

    [Fact]
    public async Task A_set_that_fails_does_not_stop_the_others_that_are_on_their_way()
    {
        await Committed(Set(Row(s_ana, 1, "known")));
        var tasks = new List<Task<AppendResult>>();
        for (var i = 0; i < 50; i++)
        {
            tasks.Add(Journal.Append(Set(Row(Wallet($"good-{i}"), 1, null, Award(1)))));
            tasks.Add(Journal.Append(Set(Row(Wallet($"seen-{i}"), 1, null, Award(1)), Row(Wallet($"seen-{i}"), 2, "known", Award(1)))));
            tasks.Add(Journal.Append(Set(Row(s_ana, 1, $"stale-{i}", Award(1)))));
        }

        var results = await Task.WhenAll(tasks);

        Assert.Equal(50, results.OfType<AppendResult.Committed>().Count());
        Assert.Equal(50, results.OfType<AppendResult.Seen>().Count());
        Assert.Equal(50, results.OfType<AppendResult.Fenced>().Count());
        Assert.Equal(50, (await Journal.ReadTotals(Garden, Stop))["available"]);
        Assert.Empty(await All(Wallet("seen-7")));
    }

    [Fact]
    public async Task Of_many_writers_at_one_sequence_exactly_one_wins()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 40)
            .Select(i => Task.Run(() => Journal.Append(Set(Row(s_ana, 1, $"writer-{i}", Award(i + 1)))))));

        Assert.Single(results.OfType<AppendResult.Committed>());
        Assert.Equal(39, results.OfType<AppendResult.Fenced>().Count());
    }

    [Fact]
    public async Task A_reference_stands_for_its_row_within_its_scope_and_community()
    {
        var set = Set(Row(s_ana, 1), Row(s_ana, 2)) with { References = [new("merchant/tea-house", "sale-1", s_ana, 2), new("merchant/clinic", "sale-1", s_ana, 1)] };
        await Committed(set);
        await Committed(Set(Row(Wallet("ana", Harbour), 1)).Named("sale-1"));

        Assert.Equal(set.References[0], await Stands("sale-1"));
        Assert.Equal(set.References[1], await Stands("sale-1", "merchant/clinic"));
        Assert.Equal(Harbour, (await Journal.FindReference(Harbour, "merchant/tea-house", "sale-1", Stop))?.Stream.Community);
        Assert.Null(await Stands("sale-2"));
        Assert.Null(await Stands("sale-1", "merchant/other"));
        Assert.Equal(
            set.References.ToHashSet(), (await ((IJournalInspection)Journal).ReadReferences(Garden, Stop)).ToHashSet());
    }

    [Fact]
    public async Task Names_of_a_scope_are_read_from_the_last_one_back_to_a_text()
    {
        var set = Set(Row(s_ana, 1), Row(s_ana, 2), Row(s_ana, 3)) with
        {
            References =
            [
                new("entry/ann", "2026-03-05T01:30:00Z a", s_ana, 1), new("entry/ann", "2026-03-05T01:31:00Z z", s_ana, 2), new("entry/ann", "2026-03-05T01:31:00Z 𠀀", s_ana, 3),
                new("entry/ann", "2026-03-05T01:31:00Z ｚ", s_ana, 1), new("entry/bo", "2026-03-05T01:32:00Z", s_ana, 1),
            ],
        };
        await Committed(set);
        await Committed(Set(Row(Wallet("ana", Harbour), 1)) with { References = [new("entry/ann", "2026-03-05T01:33:00Z", Wallet("ana", Harbour), 1)] });

        Assert.Equal(
            ["2026-03-05T01:31:00Z 𠀀", "2026-03-05T01:31:00Z ｚ", "2026-03-05T01:31:00Z z"], await Journal.ReadNames(Garden, "entry/ann", "2026-03-05T01:30:00Z a", 10, Stop));
        Assert.Equal(["2026-03-05T01:31:00Z 𠀀"], await Journal.ReadNames(Garden, "entry/ann", "2026", 1, Stop));
        Assert.Empty(await Journal.ReadNames(Garden, "entry/ann", "2027", 10, Stop));
        Assert.Empty(await Journal.ReadNames(Garden, "entry/nobody", "", 10, Stop));
    }

    [Fact]
    public async Task A_reference_that_is_taken_refuses_the_set_whole_and_says_what_it_stands_for()
    {
        await Committed(Set(Row(s_bo, 1), Row(s_bo, 2, "b")).Named("sale-1"));
        var set = Set(Row(s_ana, 1, "a", Award(10), Award(5)), Row(s_ana, 2, "c")).Named("sale-0", "sale-1", "sale-2") with
        {
            Notes = [new(1, Bytes(16, 1), "a reason")],
            NextDue = Morning,
            NextDueChanged = true,
        };

        var taken = Assert.IsType<AppendResult.ReferenceTaken>(await Journal.Append(set));

        Assert.Equal([new("merchant/tea-house", "sale-1", s_bo, 1)], taken.References);
        Assert.Empty(await All(s_ana));
        Assert.Null(await Stands("sale-0"));
        Assert.Null(await Stands("sale-2"));
        Assert.Null(await Journal.ReadNote(s_ana, 1, Stop));
        Assert.Empty(await DueBy(Instant.MaxValue, 10));
        Assert.Empty(await Journal.ReadTotals(Garden, Stop));
        await Committed(set.Named("sale-0"));
        Assert.Equal(2, (await All(s_ana))[0].Postings.Length);
    }

    [Fact]
    public async Task Seen_and_fenced_say_more_than_a_reference_that_is_taken()
    {
        await Committed(Set(Row(s_ana, 1, "once")).Named("sale-1"));

        Assert.IsType<AppendResult.Seen>(await Journal.Append(Set(Row(s_bo, 1, "once")).Named("sale-1")));
        Assert.IsType<AppendResult.Fenced>(await Journal.Append(Set(Row(s_ana, 1, "other")).Named("sale-1")));
        Assert.IsType<AppendResult.ReferenceTaken>(await Journal.Append(Set(Row(s_ana, 2, "other")).Named("sale-1")));
    }

    [Fact]
    public async Task Of_two_sets_with_one_reference_on_their_way_together_the_first_is_committed()
    {
        var first = Journal.Append(Set(Row(s_bo, 1, null, Award(10))).Named("sale-1"));
        var second = Journal.Append(Set(Row(s_ana, 1, null, Award(10))).Named("sale-1"));

        Assert.IsType<AppendResult.Committed>(await first);
        Assert.Equal(s_bo, Assert.Single(Assert.IsType<AppendResult.ReferenceTaken>(await second).References).Stream);
        Assert.Equal(10, (await Journal.ReadTotals(Garden, Stop))["available"]);
    }

    [Fact]
    public async Task Of_many_writers_with_one_reference_exactly_one_wins_and_the_others_stop_nobody()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 40).SelectMany(i => new[]
        {
            Task.Run(() => Journal.Append(Set(Row(Wallet($"same-{i}"), 1, null, Award(1))).Named("sale-1"))),
            Task.Run(() => Journal.Append(Set(Row(Wallet($"own-{i}"), 1, null, Award(1))).Named($"own-{i}"))),
        }));

        Assert.Equal(41, results.OfType<AppendResult.Committed>().Count());
        var taken = results.OfType<AppendResult.ReferenceTaken>().ToList();
        Assert.Equal(39, taken.Count);
        Assert.Equal([await Stands("sale-1")], taken.SelectMany(one => one.References).Distinct());
        Assert.Equal(41, (await Journal.ReadTotals(Garden, Stop))["available"]);
    }

    [Fact]
    public async Task A_set_larger_than_a_batch_is_appended_whole()
    {
        await Committed(Set(s_ana, 1, 2_500));

        Assert.Equal(2_500, (await All(s_ana)).Count);
        Assert.Equal(25_000, (await Journal.ReadTotals(Garden, Stop))["available"]);
    }

    [Fact]
    public async Task A_command_key_is_compared_whole_however_long()
    {
        var longest = new string('志', CommandKey.CharactersMax - 1);
        var source = new string('s', CommandKey.CharactersMax);
        var left = Row(s_ana, 1) with { Key = new(source, longest + "a") };
        var right = Row(s_ana, 2) with { Key = new(source, longest + "b") };

        await Committed(Set(left, right));

        Assert.Equal(2, (await Journal.Find(Garden, right.Key, Stop))?.Sequence);
        Assert.Null(await Journal.Find(Garden, new(source, longest + "c"), Stop));
    }

    [Fact]
    public async Task Source_and_id_are_not_run_together()
    {
        await Committed(Set(Row(s_ana, 1) with { Key = new("ab", "c") }, Row(s_ana, 2) with { Key = new("a", "bc") }));

        Assert.Equal(1, (await Journal.Find(Garden, new("ab", "c"), Stop))?.Sequence);
        Assert.Equal(2, (await Journal.Find(Garden, new("a", "bc"), Stop))?.Sequence);
    }

    [Fact]
    public async Task Find_does_not_know_what_was_never_appended()
    {
        await Committed(Set(Row(s_ana, 1, "a")));

        Assert.Null(await Journal.Find(Garden, CommandKey.Event("/apps/charity", "b"), Stop));
        Assert.Null(await Journal.Find(Harbour, CommandKey.Event("/apps/charity", "a"), Stop));
    }

    [Fact]
    public async Task Known_commands_are_found_among_many()
    {
        await Committed(Set(s_ana, 1, 1_300));
        await Committed(Set(Row(s_bo, 1, "mine")));
        var known = (await All(s_ana)).Select(row => row.Key).Append(CommandKey.Event("/apps/charity", "mine")).ToArray();
        var strangers = Enumerable.Range(0, 1_300).Select(i => CommandKey.Import($"stranger-{i}"));

        var found = await Journal.FindKnown(Garden, [.. known, .. strangers], Stop);

        Assert.Equal(known.ToHashSet(), found.Keys.ToHashSet());
        Assert.Equal(s_ana, found[known[0]]);
        Assert.Equal(s_bo, found[known[^1]]);
        Assert.Empty(await Journal.FindKnown(Harbour, known, Stop));
        Assert.Empty(await Journal.FindKnown(Garden, [], Stop));
    }

    [Fact]
    public async Task A_stream_is_read_from_a_sequence_on_in_ascending_order_across_pages()
    {
        await Committed(Set(s_ana, 1, 1_200));
        await Committed(Set(s_bo, 1, 3));

        Assert.Equal(Enumerable.Range(100, 1_101).Select(i => (long)i), (await All(s_ana, 100)).Select(row => row.Sequence));
        Assert.Empty(await All(s_ana, 1_201));
        Assert.Empty(await All(Wallet("nobody")));
        Assert.Equal(1_024, (await All(s_ana, 177)).Count);
    }

    [Fact]
    public async Task Reading_backwards_gives_the_newest_page_first()
    {
        await Committed(Set(s_ana, 1, 10));

        Assert.Equal([10, 9, 8], (await Journal.ReadBackwards(s_ana, long.MaxValue, 3, Stop)).Select(row => row.Sequence));
        Assert.Equal([2, 1], (await Journal.ReadBackwards(s_ana, 3, 3, Stop)).Select(row => row.Sequence));
        Assert.Empty(await Journal.ReadBackwards(s_ana, 1, 3, Stop));
    }

    [Fact]
    public async Task Related_rows_are_those_that_refer_and_those_whose_postings_broke_one_of_the_lots()
    {
        JournalRow[] rows =
        [
            Row(s_ana, 1, null, Award(5, new(1))),
            Row(s_ana, 2, null, Award(50, new(2)), Award(60, new(2, 1))),
            Row(s_ana, 3, null, Spend(10, new(2))),
            Row(s_ana, 4) with { RefersTo = 2 },
            Row(s_ana, 5, null, Expire(40, new(2))),
            Row(s_ana, 6, null, Expire(5, new(1)), Expire(60, new(2, 1))),
            Row(s_ana, 7, null, Award(9, new(7))) with { RefersTo = 3 },
            Row(s_ana, 8) with { RefersTo = 2 },
            Row(s_ana, 9, null, Expire(9, new(7))),
        ];
        await Committed(Set(rows));
        await Committed(Set(Row(s_bo, 1), Row(s_bo, 2), Row(s_bo, 3, null, Expire(1, new(2))) with { RefersTo = 2 }));

        Assert.Equal(Texts([rows[1], rows[3], rows[4], rows[5], rows[7]]), Texts(await Journal.ReadRelated(s_ana, 2, Stop)));
        Assert.Equal([1, 6], (await Journal.ReadRelated(s_ana, 1, Stop)).Select(row => row.Sequence));
        Assert.Equal([3, 7], (await Journal.ReadRelated(s_ana, 3, Stop)).Select(row => row.Sequence));
        Assert.Equal([9], (await Journal.ReadRelated(s_ana, 9, Stop)).Select(row => row.Sequence));
    }

    [Fact]
    public async Task There_is_nothing_related_to_a_row_that_is_not_there()
    {
        await Committed(Set(Row(s_ana, 1) with { RefersTo = 7 }, Row(s_ana, 2, null, Expire(1, new(7)))));

        Assert.Empty(await Journal.ReadRelated(s_ana, 7, Stop));
        Assert.Empty(await Journal.ReadRelated(s_bo, 1, Stop));
    }

    [Fact]
    public async Task Related_are_also_rows_whose_postings_take_a_lot_out_of_what_is_pending()
    {
        var later = new Posting(Account.Issuance(new("service")), Account.Pending, new(5), new(1));
        var back = new Posting(Account.Pending, Account.Issuance(new("service")), new(2), new(1));
        var active = new Posting(Account.Pending, Account.Available, new(3), new(1));
        await Committed(Set(Row(s_ana, 1, null, later), Row(s_ana, 2, null, Award(9), back), Row(s_ana, 3, null, active), Row(s_ana, 4, null, Award(1))));

        Assert.Equal([1, 2, 3], (await Journal.ReadRelated(s_ana, 1, Stop)).Select(row => row.Sequence));
    }

    [Fact]
    public async Task What_waits_for_a_decision_is_listed_longest_first_page_by_page()
    {
        await Waits(Wallet("late"), Morning + Duration.FromNanoseconds(2), "service");
        foreach (var name in new[] { "a", "B", "\uFF21", "😀" })
        {
            await Waits(new StreamId(Garden, "stock/" + name), Morning, name == "B" ? null : "class");
        }

        await Waits(Wallet("early"), Morning - Duration.Epsilon, "service");
        await Waits(Wallet("elsewhere", Harbour), Morning, "service");
        var all = await Approvals();

        Assert.Equal(
            ["resident/early", "stock/B", "stock/a", "stock/\uFF21", "stock/😀", "resident/late"], all.Select(approval => approval.Place.Stream));
        Assert.Equal(new string?[] { "service", null, "class", "class", "class", "service" }, all.Select(approval => approval.Activity));
        Assert.Equal(all[1].Place, new RowPlace(Morning, "stock/B", 1));
        Assert.Equal("entry of stock/B 1", System.Text.Encoding.UTF8.GetString(all[1].Entry.Span));
        for (var i = 0; i < all.Count; i++)
        {
            var page = await Journal.ReadApprovals(Garden, null, all[i].Place, 2, Stop);
            Assert.Equal(all.Skip(i + 1).Take(2).Select(approval => approval.Place), page.Select(approval => approval.Place));
        }

        Assert.Equal(
            ["resident/early", "resident/late"],
            (await Journal.ReadApprovals(Garden, new("service"), null, 10, Stop)).Select(approval => approval.Place.Stream));
    }

    [Fact]
    public async Task What_waits_stays_until_it_is_decided_and_shows_what_it_last_was()
    {
        await Committed(Set(Row(s_ana, 1), Row(s_ana, 2)) with { Undecided = [Undecided(s_ana, 1, Morning), Undecided(s_ana, 2, Morning)] });
        await Committed(Set(Row(s_ana, 3)) with { Undecided = [Undecided(s_ana, 2, Morning) with { Entry = Bytes(3, 1) }] });
        var changed = await Approvals();
        Assert.Equal([1, 2], changed.Select(approval => approval.Place.Sequence));
        Assert.Equal(Bytes(3, 1).ToArray(), changed[1].Entry.ToArray());

        await Committed(Set(Row(s_bo, 1)) with { Decided = [2] });
        Assert.Equal(2, (await Approvals()).Count);
        await Committed(Set(Row(s_ana, 4)) with { Decided = [1, 2], Undecided = [Undecided(s_ana, 4, Morning)] });
        Assert.Equal([4], (await Approvals()).Select(approval => approval.Place.Sequence));
    }

    [Fact]
    public async Task A_row_whose_own_lot_breaks_at_once_is_related_to_itself_once()
    {
        await Committed(Set(Row(s_ana, 1, null, Award(10, new(1)), Expire(10, new(1)))));

        Assert.Single(await Journal.ReadRelated(s_ana, 1, Stop));
    }

    [Fact]
    public async Task Due_streams_come_earliest_first_and_no_later_than_asked()
    {
        await Due(Wallet("late"), Morning + Duration.FromNanoseconds(2));
        await Due(Wallet("early"), Morning);
        await Due(Wallet("between", Harbour), Morning + Duration.Epsilon);
        await Committed(Set(Row(Wallet("never"), 1)));

        Assert.Equal(
            [Wallet("early"), Wallet("between", Harbour), Wallet("late")], await DueBy(Instant.MaxValue, 10));
        Assert.Equal([Wallet("early"), Wallet("between", Harbour)], await DueBy(Morning + Duration.Epsilon, 10));
        Assert.Equal([Wallet("early")], await DueBy(Instant.MaxValue, 1));
        Assert.Empty(await DueBy(Morning - Duration.Epsilon, 10));
    }

    [Fact]
    public async Task Due_streams_are_read_page_by_page_also_past_those_that_stay_or_are_gone()
    {
        var names = new[] { "a", "B", "\uFF21", "😀", "c", "d" }.Select(name => new StreamId(Garden, "stock/" + name)).ToList();
        foreach (var name in names)
        {
            await Due(name, Morning);
        }

        await Due(Wallet("later"), Morning + Duration.Epsilon);
        await Due(Wallet("elsewhere", Harbour), Morning);
        var all = await Journal.ReadDue(Instant.MaxValue, 100, null, Stop);
        Assert.Equal(8, all.Count);

        for (var i = 0; i < all.Count; i++)
        {
            Assert.Equal(all.Skip(i + 1).Take(3), await Journal.ReadDue(Instant.MaxValue, 3, all[i], Stop));
        }

        await Committed(Set(Row(all[2].Stream, 2)) with { NextDueChanged = true });
        Assert.Equal(all.Skip(3), await Journal.ReadDue(Instant.MaxValue, 100, all[2], Stop));
        Assert.Equal(all.Skip(3).SkipLast(1), await Journal.ReadDue(Morning, 100, all[2], Stop));
    }

    [Fact]
    public async Task A_due_time_stays_until_a_set_changes_it()
    {
        await Due(s_ana, Morning);
        await Committed(Set(Row(s_ana, 2)) with { NextDue = Morning + Duration.FromDays(9) });
        Assert.Equal([s_ana], await DueBy(Morning, 10));

        await Committed(Set(Row(s_ana, 3)) with { NextDue = Morning + Duration.FromDays(1), NextDueChanged = true });
        Assert.Empty(await DueBy(Morning, 10));
        Assert.Equal([s_ana], await DueBy(Morning + Duration.FromDays(1), 10));

        await Committed(Set(Row(s_ana, 4)) with { NextDueChanged = true });
        Assert.Empty(await DueBy(Instant.MaxValue, 10));
    }

    [Fact]
    public async Task The_whole_community_is_read_by_code_point_and_sequence()
    {
        // A culture would sort "B" after "a", and UTF-16 would sort the emoji (a surrogate pair) before U+FF21.
        string[] names = ["stock/B", "stock/a", "stock/ab", "stock/é", "stock/\uFF21", "stock/😀", "resident/10", "resident/9", "stock/-"];
        foreach (var name in names)
        {
            await Committed(Set(new StreamId(Garden, name), 1, 2));
        }

        await Committed(Set(Wallet("other", Harbour), 1, 1));
        var rows = await List(Journal.ReadAll(Garden, Stop));

        string[] expected =
            ["resident/10", "resident/9", "stock/-", "stock/B", "stock/a", "stock/ab", "stock/é", "stock/\uFF21", "stock/😀"];
        Assert.Equal(expected.SelectMany(name => new[] { (name, 1L), (name, 2L) }), rows.Select(row => (row.Stream.Name, row.Sequence)));
        Assert.Empty(await List(Journal.ReadAll(new("nobody"), Stop)));
    }

    [Fact]
    public async Task The_whole_community_is_read_from_one_moment()
    {
        await Committed(Set(s_ana, 1, 600));
        await Committed(Set(s_bo, 1, 600));

        var read = 0;
        await foreach (var row in Journal.ReadAll(Garden, Stop))
        {
            if (read++ == 0)
            {
                await Committed(Set(s_ana, 601, 1));
                await Committed(Set(Wallet("zoe"), 1, 1));
            }

            Assert.True(row.Sequence <= 600 && row.Stream != Wallet("zoe"));
        }

        Assert.Equal(1_200, read);
        Assert.Equal(1_202, (await List(Journal.ReadAll(Garden, Stop))).Count);
    }

    [Fact]
    public async Task Totals_sum_to_zero_and_bare_accounts_over_residents()
    {
        await Committed(Set(Row(s_ana, 1, null, Award(50, new(1))), Row(s_ana, 2, null, Spend(20, new(1)), Expire(5, new(1)))));
        await Committed(Set(Row(s_bo, 1, null, Award(7, new(1)))));
        await Committed(Set(Row(Wallet("ana", Harbour), 1, null, Award(1_000))));

        var totals = await Journal.ReadTotals(Garden, Stop);

        Assert.Equal(
            new SortedDictionary<string, long>
            {
                ["available"] = 32,
                ["breakage"] = 5,
                ["issuance/charity-service"] = -57,
                ["merchant/tea-house"] = 20,
            },
            new SortedDictionary<string, long>(totals.ToDictionary()));
        Assert.Equal(0, totals.Values.Sum());
    }

    [Fact]
    public async Task A_set_that_takes_a_total_beyond_its_bound_is_refused_alone_and_leaves_nothing()
    {
        var half = 1L << 61;
        await Committed(Set(Row(s_ana, 1, "a", Award(half))));
        var refused = Journal.Append(Set(
            Row(s_ana, 2, "b", Award(half), Spend(5)) with { RefersTo = 1 }, Row(s_ana, 3, "c", Award(1))).Named("sale-1")
            with
        { Notes = [new(2, Bytes(16, 1), "too much")], NextDue = Morning, NextDueChanged = true });
        var other = Journal.Append(Set(Row(s_bo, 1, "d", Spend(9))));

        var failure = await Assert.ThrowsAsync<JournalLimitException>(() => refused);

        Assert.Contains("issuance/charity-service", failure.Message, StringComparison.Ordinal);
        Assert.IsType<AppendResult.Committed>(await other);
        Assert.Single(await All(s_ana));
        Assert.Null(await Journal.Find(Garden, CommandKey.Event("/apps/charity", "b"), Stop));
        Assert.Null(await Journal.ReadNote(s_ana, 2, Stop));
        Assert.Null(await Stands("sale-1"));
        Assert.Empty(await DueBy(Instant.MaxValue, 10));
        Assert.Equal(half - 9, (await Journal.ReadTotals(Garden, Stop))["available"]);
        await Committed(Set(Row(s_ana, 2, "b", Award(half))));
    }

    [Fact]
    public async Task Points_beyond_what_64_bits_can_sum_are_refused_and_not_wrapped()
    {
        var set = Set(Row(s_ana, 1, null, Award(long.MaxValue), Award(long.MaxValue), Award(long.MaxValue)));

        await Assert.ThrowsAsync<JournalLimitException>(() => Journal.Append(set));

        Assert.Empty(await All(s_ana));
        Assert.Empty(await Journal.ReadTotals(Garden, Stop));
    }

    [Fact]
    public async Task A_note_is_kept_with_its_salt_until_it_is_erased()
    {
        await Committed(Set(Row(s_ana, 1), Row(s_ana, 2)) with
        {
            Notes = [new(1, Bytes(16, 9), "补发：系统故障 🙏"), new(2, Bytes(16, 8), "")],
        });

        var note = await Journal.ReadNote(s_ana, 1, Stop);
        Assert.Equal((1L, "补发：系统故障 🙏"), (note!.Sequence, note.Text));
        Assert.Equal(Bytes(16, 9).ToArray(), note.Salt.ToArray());
        Assert.Equal("", (await Journal.ReadNote(s_ana, 2, Stop))?.Text);
        Assert.Null(await Journal.ReadNote(s_bo, 1, Stop));

        await Journal.EraseNote(s_ana, 1, Stop);
        await Journal.EraseNote(s_ana, 1, Stop);

        Assert.Null(await Journal.ReadNote(s_ana, 1, Stop));
        Assert.NotNull(await Journal.ReadNote(s_ana, 2, Stop));
        Assert.Equal(2, (await All(s_ana)).Count);
    }

    [Fact]
    public async Task With_a_person_all_notes_go_in_the_same_commit_and_nobody_elses()
    {
        await Committed(Set(Row(s_ana, 1)) with { Notes = [new(1, Bytes(16, 9), "补发")] });
        await Committed(Set(Row(s_bo, 1)) with { Notes = [new(1, Bytes(16, 8), "补发")] });
        Assert.IsType<AppendResult.Fenced>(await Journal.Append(Set(Row(s_ana, 1, "other")) with { Erases = Morning }));
        Assert.NotNull(await Journal.ReadNote(s_ana, 1, Stop));

        await Committed(Set(Row(s_ana, 2), Row(s_ana, 3)) with { Notes = [new(2, Bytes(16, 7), "注销")], Erases = Morning });

        Assert.Null(await Journal.ReadNote(s_ana, 1, Stop));
        Assert.Null(await Journal.ReadNote(s_ana, 2, Stop));
        Assert.NotNull(await Journal.ReadNote(s_bo, 1, Stop));
        Assert.Equal(3, (await All(s_ana)).Count);
    }

    [Fact]
    public async Task A_set_that_breaks_its_own_rules_is_a_bug_of_the_caller()
    {
        var row = Row(s_ana, 1, null, Award(1));
        AppendSet[] broken =
        [
            new() { Stream = s_ana, Rows = [] },
            new() { Stream = s_ana, Rows = default },
            new() { Stream = s_bo, Rows = [row] },
            Set(row with { Sequence = 0 }),
            Set(row, Row(s_ana, 3)),
            Set(row, row with { Sequence = 2 }),
            Set(row with { Postings = [Award(0)] }),
            Set(row with { Postings = [Award(-1)] }),
            Set(row with { Postings = default }),
            Set(row with { Hash = default }),
            Set(row with { Fingerprint = new byte[31] }),
            Set(row with { Key = default }),
            Set(row) with { Notes = [new(2, Bytes(16, 1), "whose?")] },
            Set(row) with { References = default },
            Set(row) with { References = [new("merchant/tea-house", "", s_ana, 1)] },
            Set(row) with { References = [new("merchant/tea-house", "sale-1", s_ana, 2)] },
            Set(row) with { References = [new("merchant/tea-house", "sale-1", s_bo, 1)] },
            Set(row).Named("sale-1", "sale-1"),
            Set(row) with { Movements = default },
            Set(row) with { Movements = [Moved(s_ana, 2, 5)] },
            Set(row) with { Movements = [Moved(s_bo, 1, 5)] },
            Set(row) with { Movements = [Moved(s_ana, 1, 0)] },
            Set(row) with { Undecided = [Undecided(s_ana, 2, Morning)] },
            Set(row) with { Undecided = [Undecided(s_bo, 1, Morning)] },
        ];

        foreach (var set in broken)
        {
            await Assert.ThrowsAsync<ArgumentException>(async () => await Journal.Append(set));
        }

        Assert.Empty(await All(s_ana));
    }

    [Fact]
    public async Task A_cancelled_question_is_not_answered()
    {
        await Committed(Set(s_ana, 1, 3));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await List(Journal.Read(s_ana, 1, cancelled.Token)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await List(Journal.ReadAll(Garden, cancelled.Token)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Journal.Find(Garden, default(CommandKey) with { Source = "a", Id = "b" }, cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Journal.EraseNote(s_ana, 1, cancelled.Token));
    }

    private Task<StoredReference?> Stands(string reference, string scope = "merchant/tea-house") =>
        Journal.FindReference(Garden, scope, reference, Stop);

    protected async Task Committed(AppendSet set) => Assert.IsType<AppendResult.Committed>(await Journal.Append(set));

    protected async Task<IEnumerable<StreamId>> DueBy(Instant until, int streamsMax) =>
        (await Journal.ReadDue(until, streamsMax, cancellation: Stop)).Select(due => due.Stream);

    protected async Task<List<JournalRow>> All(StreamId stream, long from = 1) => await List(Journal.Read(stream, from, Stop));

    protected static async Task<List<T>> List<T>(IAsyncEnumerable<T> items)
    {
        var list = new List<T>();
        await foreach (var item in items)
        {
            list.Add(item);
        }

        return list;
    }

    private Task<IReadOnlyList<StoredApproval>> Approvals() => Journal.ReadApprovals(Garden, null, null, 100, Stop);

    private static StoredApproval Undecided(StreamId stream, long sequence, Instant since, string? activity = "service") =>
        new(new(since, stream.Name, sequence), activity, System.Text.Encoding.UTF8.GetBytes($"entry of {stream.Name} {sequence}"));

    private async Task Waits(StreamId stream, Instant since, string? activity) =>
        await Committed(Set(Row(stream, 1)) with { Undecided = [Undecided(stream, 1, since, activity)] });

    private async Task Due(StreamId stream, Instant at) =>
        await Committed(Set(Row(stream, 1)) with { NextDue = at, NextDueChanged = true });
}
