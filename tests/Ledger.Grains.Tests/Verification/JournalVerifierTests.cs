using Ledger.Grains.Journal;
using Ledger.Grains.Journal.Sqlite;
using Ledger.Grains.Merchants;
using Ledger.Grains.Stores;
using Ledger.Grains.Tests.Hosting;
using Ledger.Grains.Tests.Journal;
using Ledger.Grains.Tests.Wallets;
using Ledger.Grains.Verification;
using Ledger.Wallets;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Ledger.Grains.Tests.Verification;

/// <summary>A small sound store with something of everything that wallets do.</summary>
public sealed class SoundStore() : StoreMadeOnce(Fill)
{
    private static async Task Fill(LedgerHost host)
    {
        host.Programmes.Published = FixedProgrammes.Only(FixedProgrammes.Simple);
        foreach (var resident in new[] { "anna", "bo" })
        {
            var wallet = host.Wallet(resident);
            await wallet.Record(Commands.Earn(resident, $"{resident}-1", 100, host.Clock.GetCurrentInstant()));
            host.Clock.AdvanceDays(1);
            await wallet.Record(Commands.Earn(resident, $"{resident}-2", 60, host.Clock.GetCurrentInstant()));
            await wallet.Record(Commands.Spend(resident, $"{resident}-3", 130));
            await wallet.Record(Commands.Spend(resident, $"{resident}-4", 999));
            await wallet.Record(Commands.Refund(resident, $"{resident}-5", $"{resident}-3", 45));
            await wallet.Record(Commands.Reverse(resident, $"{resident}-6", $"{resident}-1", 90));
            await wallet.Record(Commands.Earn(resident, $"{resident}-7", 40, host.Clock.GetCurrentInstant()));
        }

        var now = host.Clock.GetCurrentInstant();
        await host.Wallet("emil").Record(Commands.Earn("emil", "emil-1", 50, now));
        await host.Wallet("emil").Record(Commands.Envelope("emil", "emil-2", new HoldPoints(new(new("tea-house"), "sale-1"), new(20), 5)));
        await host.Journal.VoidReference(LedgerHost.Community, new(new("tea-house"), "sale-2"), "till-1", now);

        host.Programmes.Published = FixedProgrammes.Only(FixedProgrammes.Asking);
        await host.Wallet("carl").Record(Commands.Earn("carl", "carl-1", 50, host.Clock.GetCurrentInstant()));
        await host.Wallet("carl").Record(Commands.Earn("carl", "carl-2", 20, host.Clock.GetCurrentInstant()));
        await host.Wallet("carl").Record(Commands.Envelope("carl", "carl-3", new RejectEntry(Commands.Key("carl-1"))));
        host.Clock.AdvanceDays(20);
        await host.Wallet("carl").ApplyDue(null);
        await host.Wallet("carl").Record(Commands.Earn("carl", "carl-5", 30, host.Clock.GetCurrentInstant()));
    }
}

public sealed class JournalVerifierTests(SoundStore store) : IClassFixture<SoundStore>
{
    private const string Anna = "stream = 'resident/anna'";

    [Fact]
    public async Task A_store_that_nobody_touched_is_sound()
    {
        var report = await store.Verify();
        Assert.True(report.IsSound, string.Join('\n', report.Findings));
        Assert.Equal((22, 5), (report.Transactions, report.Streams));
        Assert.Equal(VerificationCheck.All.Order(Comparer<VerificationCheck>.Create(ByName)), report.Differences.Keys.Order(Comparer<VerificationCheck>.Create(ByName)));
        Assert.Equal(64, report.Digest.Length);
    }

    [Theory]
    [InlineData("a byte of an event", $"UPDATE journal SET events = CAST(replace(CAST(events AS TEXT), '\"quantity\":60', '\"quantity\":61') AS BLOB) WHERE {Anna} AND sequence = 2", "hashes 2")]
    [InlineData("points of an event", $"UPDATE journal SET events = CAST(replace(CAST(events AS TEXT), '\"points\":60', '\"points\":61') AS BLOB) WHERE {Anna} AND sequence = 2", "hashes 2; postings 2; lots")]
    [InlineData("events that are no JSON", $"UPDATE journal SET events = x'5B7B' WHERE {Anna} AND sequence = 2", "hashes 2; events 2")]
    [InlineData("an event that no version knows", $"UPDATE journal SET events = CAST('[{{\"event\":\"points_stolen.v1\"}}]' AS BLOB) WHERE {Anna} AND sequence = 2", "events 2")]
    [InlineData("no event at all", $"UPDATE journal SET events = CAST('[]' AS BLOB) WHERE {Anna} AND sequence = 2", "events 2")]
    [InlineData("the first posting", $"UPDATE journal SET points = points + 1 WHERE {Anna} AND sequence = 1", "hashes 1; postings 1; balances 1; totals")]
    [InlineData("a further posting", $"UPDATE further_posting SET points = points - 1 WHERE {Anna} AND sequence = 3", "hashes 3; postings 3; balances 3; totals")]
    [InlineData("the account of a posting", $"UPDATE journal SET to_account = 'merchant/other' WHERE {Anna} AND sequence = 3", "hashes 3; postings 3; totals")]
    [InlineData("the lot of a posting", $"UPDATE journal SET lot = 2 WHERE {Anna} AND sequence = 3", "hashes 3; postings 3; lots 3")]
    [InlineData("a posting taken out", $"DELETE FROM further_posting WHERE {Anna} AND sequence = 3", "hashes 3; postings 3; totals")]
    [InlineData("a posting put in", $"INSERT INTO further_posting VALUES ('demo', 'resident/anna', 1, 1, 'issuance/service', 'available', 5, 1, 0)", "storage")]
    [InlineData("a posting of no transaction", $"INSERT INTO further_posting VALUES ('demo', 'resident/anna', 99, 1, 'issuance/service', 'available', 5, 1, 0)", "storage")]
    [InlineData("a row taken out", $"DELETE FROM journal WHERE {Anna} AND sequence = 4", "sequences 5; hashes 5; replay 5; storage")]
    [InlineData("the last row of a wallet taken out", $"DELETE FROM journal WHERE {Anna} AND sequence = 7", "totals; due; storage")]
    [InlineData("a whole wallet taken out", $"DELETE FROM journal WHERE {Anna}; DELETE FROM further_posting WHERE {Anna}", "totals; due; storage")]
    [InlineData("two rows swapped", $"UPDATE journal SET sequence = 99 WHERE {Anna} AND sequence = 2; UPDATE journal SET sequence = 2 WHERE {Anna} AND sequence = 4; UPDATE journal SET sequence = 4 WHERE {Anna} AND sequence = 99", "hashes 2; hashes 3; hashes 4; replay 3")]
    [InlineData("a balance", $"UPDATE journal SET available = available + 1 WHERE {Anna} AND sequence = 2", "hashes 2; balances 2")]
    [InlineData("a debt", $"UPDATE journal SET debt = debt + 1 WHERE {Anna} AND sequence = 6", "hashes 6; balances 6")]
    [InlineData("a total", "UPDATE account_total SET points = points + 1 WHERE account = 'merchant/tea-house'", "totals; zero")]
    [InlineData("two totals that still add up to zero", "UPDATE account_total SET points = points + 1 WHERE account = 'merchant/tea-house'; UPDATE account_total SET points = points - 1 WHERE account = 'available'", "totals")]
    [InlineData("a total of an account that nobody uses", "INSERT INTO account_total VALUES ('demo', 'merchant/ghost', 'w', 5)", "totals; zero")]
    [InlineData("a hash", $"UPDATE journal SET hash = zeroblob(32) WHERE {Anna} AND sequence = 2", "hashes 2; hashes 3")]
    [InlineData("a fingerprint", $"UPDATE journal SET fingerprint = zeroblob(32) WHERE {Anna} AND sequence = 2", "hashes 2")]
    [InlineData("a time, backwards", $"UPDATE journal SET effective_at = effective_at - 999999 WHERE {Anna} AND sequence = 4", "hashes 4; times 4")]
    [InlineData("an outcome", $"UPDATE journal SET outcome = 'accepted' WHERE {Anna} AND sequence = 4", "hashes 4; events 4")]
    [InlineData("a reference", $"UPDATE journal SET refers_to = 2 WHERE {Anna} AND sequence = 5", "hashes 5; events 5")]
    [InlineData("a command id", $"UPDATE journal SET command_id = 'other' WHERE {Anna} AND sequence = 2", "hashes 2; storage")]
    [InlineData("the index of commands", $"UPDATE journal SET key_hash = zeroblob(16) WHERE {Anna} AND sequence = 2", "storage")]
    [InlineData("the same command twice", "UPDATE journal SET command_id = 'anna-1' WHERE stream = 'resident/bo' AND sequence = 1", "keys; hashes 1; storage")]
    [InlineData("a due time", "UPDATE due SET at = at + 1 WHERE stream = 'resident/anna'", "due")]
    [InlineData("a due time taken out", "DELETE FROM due WHERE stream = 'resident/anna'", "due")]
    [InlineData("a due time put in", "INSERT INTO due VALUES ('demo', 'resident/dora', 1, 0)", "due")]
    [InlineData("a merchant's reference taken out", "DELETE FROM reference WHERE reference = 'sale-1'", "references 2")]
    [InlineData("a voided reference taken out", "DELETE FROM reference WHERE reference = 'sale-2'", "references 1")]
    [InlineData("a merchant's reference put in", "INSERT INTO reference VALUES ('demo', 'merchant/tea-house', 'sale-3', 'resident/anna', 1)", "references 1")]
    [InlineData("a merchant's reference led elsewhere", "UPDATE reference SET sequence = 1 WHERE reference = 'sale-1'", "references 1; references 2")]
    [InlineData("the lot that is held", "UPDATE journal SET lot = 7 WHERE stream = 'resident/emil' AND sequence = 2", "hashes 2; postings 2; lots 2")]
    [InlineData("what waits for a decision", "UPDATE approval SET entry = CAST(replace(CAST(entry AS TEXT), '\"points\":30', '\"points\":31') AS BLOB)", "approvals 5")]
    [InlineData("something that waits taken out", "DELETE FROM approval", "approvals 5")]
    [InlineData("something that waits put in", "INSERT INTO approval VALUES ('demo', 'resident/anna', 1, 'service', 1, 0, x'7B7D')", "approvals 1")]
    [InlineData("who approved", "UPDATE journal SET refers_to = NULL WHERE stream = 'resident/carl' AND sequence = 3", "hashes 3; events 3")]
    public Task Whatever_is_changed_by_hand_is_found(string what, string sql, string expected) => store.MustFind(what, sql, expected);

    [Fact]
    public async Task A_row_that_is_changed_and_sealed_again_breaks_the_chain_after_it()
    {
        var report = await store.Verify(copy => Reseal(copy, "resident/anna", 3, row => row with { EffectiveAt = row.EffectiveAt + Duration.FromSeconds(1) }));
        Assert.Contains(report.Findings, finding => finding.Check == VerificationCheck.Hashes && finding.Sequence == 4);
    }

    [Fact]
    public async Task The_last_row_changed_and_sealed_again_is_known_by_the_digest_alone()
    {
        var before = await store.Verify();
        var after = await store.Verify(copy => Reseal(copy, "resident/anna", 7, row => row with { RecordedAt = row.RecordedAt + Duration.FromSeconds(1) }));
        Assert.True(after.IsSound, string.Join('\n', after.Findings));
        Assert.NotEqual(before.Digest, after.Digest);
    }

    [Fact]
    public async Task A_damaged_file_is_told()
    {
        await using var copy = store.Copy();
        await using (var file = new FileStream(copy.Address.File, FileMode.Open, FileAccess.Write))
        {
            // Whole pages: the last ones may be empty indexes, in which nobody misses a byte.
            file.Position = file.Length / 4;
            await file.WriteAsync(new byte[file.Length / 2], TestContext.Current.CancellationToken);
        }

        // Either a check finds it or the store refuses to be read; it never looks sound.
        try
        {
            Assert.False((await copy.Verify()).IsSound);
        }
        catch (Exception refused) when (refused is JournalUnavailableException or StoreRefusedException)
        {
        }
    }

    [Fact]
    public async Task Many_differences_are_counted_all_and_told_in_part()
    {
        var report = await store.Verify(copy => copy.Change("UPDATE journal SET available = available + 1; UPDATE journal SET hash = zeroblob(32)"));
        Assert.Equal(22, report.Differences[VerificationCheck.Hashes]);
        Assert.Equal(42, report.Differences[VerificationCheck.Balances]);
        Assert.Equal(20, report.Findings.Count(finding => finding.Check == VerificationCheck.Balances));
    }

    [Fact]
    public async Task An_unknown_community_has_nothing_to_find()
    {
        await using var copy = store.Copy();
        await using var ledger = OpenLedger.ForReading(copy.Address);
        var report = await new JournalVerifier(ledger.Journal, ledger.Inspection).Verify(new("nobody"), null, TestContext.Current.CancellationToken);
        Assert.True(report.IsSound);
        Assert.Equal(0, report.Transactions);
    }

    [Fact]
    public async Task A_set_that_was_refused_half_way_leaves_nothing_that_looks_like_a_missing_row()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var directory = new TemporaryDirectory();
        var address = new StoreAddress(StoreAddress.Sqlite, $"Data Source={Path.Combine(directory.Path, "ledger.db")}");
        await using (var writable = OpenLedger.ForWriting(address, "test"))
        {
            var journal = writable.Journal;
            var first = Sample.Row(Sample.Wallet("anna"), 1, "known");
            await journal.Append(Sample.Set(first));
            var late = Sample.Wallet("bo");
            Assert.IsType<AppendResult.Seen>(await journal.Append(Sample.Set(Sample.Row(late, 1), Sample.Row(late, 2), Sample.Row(late, 3, "known"))));
            await journal.Append(Sample.Set(late, 1, 5));
        }

        await using var ledger = OpenLedger.ForReading(address);
        Assert.Empty(await ledger.Inspection.InspectStorage(Sample.Garden, cancellation));
    }

    private static int ByName(VerificationCheck left, VerificationCheck right) => string.CompareOrdinal(left.Name, right.Name);

    private static async Task Reseal(HostStore store, string stream, long sequence, Func<JournalRow, JournalRow> change)
    {
        await using var connection = new SqliteConnection($"{store.Address.Connection};Pooling=False");
        await connection.OpenAsync();
        JournalRow[] rows;
        using (var reader = new RowReader(connection))
        {
            rows = [.. reader.Forward(new(LedgerHost.Community, stream), 1, 100)];
        }

        var changed = change(rows[sequence - 1]);
        var hash = HashChain.Compute(changed, sequence == 1 ? HashChain.Start.Span : rows[sequence - 2].Hash.Span);
        await using var command = connection.CreateCommand();
        command.CommandText = "UPDATE journal SET hash = $hash, effective_at = $effective, recorded_at = $recorded WHERE stream = $stream AND sequence = $sequence";
        command.Parameters.AddWithValue("$hash", hash);
        command.Parameters.AddWithValue("$effective", changed.EffectiveAt.ToUnixTimeSeconds());
        command.Parameters.AddWithValue("$recorded", changed.RecordedAt.ToUnixTimeSeconds());
        command.Parameters.AddWithValue("$stream", stream);
        command.Parameters.AddWithValue("$sequence", sequence);
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }

    [Fact]
    public async Task Funds_and_warnings_are_part_of_sound_books()
    {
        await using var made = new HostStore(null);
        await using (var host = await made.Open())
        {
            host.Programmes.Published = FixedProgrammes.Only("""
                { "expiry": { "kind": "rolling", "months": 2 }, "expiryWarnings": { "daysBefore": [ 30, 7 ], "noWarningNoExpiry": true },
                  "holding": { "pointsMax": 100, "overflow": { "kind": "fund", "fund": "charity" } },
                  "activities": [ { "type": "service", "award": { "kind": "per_unit", "points": 1 } } ] }
                """);
            var wallet = host.Wallet("anna");
            await wallet.Record(Commands.Earn("anna", "a", 130, host.Clock.GetCurrentInstant()));
            await wallet.Record(Commands.Reverse("anna", "b", "a", 10));
            host.Clock.AdvanceDays(80);
            await wallet.Record(Commands.Spend("anna", "c", 40));
            Assert.Equal(20, (await host.Journal.ReadTotals(LedgerHost.Community, TestContext.Current.CancellationToken))["fund/charity"]);
            Assert.NotNull((await wallet.Read()).State.NextDue);
        }

        var report = await made.Verify();
        Assert.True(report.IsSound, string.Join('\n', report.Findings));
        Assert.Equal(3, report.Transactions);
    }

    [Fact]
    public async Task Points_that_acts_extended_are_part_of_sound_books()
    {
        await using var made = new HostStore(null);
        await using (var host = await made.Open())
        {
            host.Programmes.Published = FixedProgrammes.Only("""
                { "expiry": { "kind": "inactivity", "months": 2 }, "expiryWarnings": { "daysBefore": [ 7 ] },
                  "activities": [ { "type": "service", "award": { "kind": "per_unit", "points": 1 } } ] }
                """);
            var wallet = host.Wallet("anna");
            await wallet.Record(Commands.Earn("anna", "a", 130, host.Clock.GetCurrentInstant()));
            host.Clock.AdvanceDays(40);
            await wallet.Record(Commands.Spend("anna", "b", 40));
            host.Clock.AdvanceDays(40);
            await wallet.Record(Commands.Reverse("anna", "c", "a", 10));
            Assert.Equal(80, (await wallet.Read()).State.Available.Value);
        }

        var report = await made.Verify();
        Assert.True(report.IsSound, string.Join('\n', report.Findings));
        Assert.Equal(3, report.Transactions);
    }
}
