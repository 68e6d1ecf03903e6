using System.Globalization;
using System.Text;
using Ledger.Grains.Closing;
using Ledger.Grains.Exporting;
using Ledger.Grains.Importing;
using Ledger.Grains.Journal;
using Ledger.Grains.Tests.Hosting;
using Ledger.Grains.Verification;
using Ledger.Grains.Wallets;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Grains.Tests.Importing;

public sealed class ImporterTests : IAsyncLifetime
{
    private const string Header = "event_id,resident,type,amount_points,occurred_at,ref,activity\n";
    private static readonly LocalDate Close = new(2022, 12, 31);

    private readonly TemporaryDirectory _directory = new();
    private LedgerHost _host = null!;
    private int _communities;

    public async ValueTask InitializeAsync() => _host = await LedgerHost.Start(_directory.Path, Instant.FromUtc(2026, 3, 1, 4, 0));

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Reversals_take_points_and_refunds_give_them_back_and_what_is_too_much_is_counted()
    {
        _host.Programmes.Published = FixedProgrammes.Only(new NaiveRules(1, null, null, WriteOff: false).ToJson());
        var community = NextCommunity();
        var report = await Import(community, Read(
            """
            E1,r1,earn,100,2020-01-01T10:00:00+08:00,,class
            E2,r1,earn,50,2020-01-05T10:00:00+08:00,,class
            S1,r1,spend,120,2020-01-06T10:00:00+08:00,,tea
            S2,r1,spend,31,2020-01-06T11:00:00+08:00,,tea
            B1,r1,reverse,10,2020-01-07T10:00:00+08:00,S1,
            B2,r1,reverse,500,2020-01-08T10:00:00+08:00,E1,
            B3,r1,reverse,,2020-01-08T11:00:00+08:00,E1,
            B4,r1,reverse,,2020-01-08T12:00:00+08:00,S2,
            B5,r1,reverse,,2020-01-08T13:00:00+08:00,B1,
            B6,r1,reverse,,2020-01-08T14:00:00+08:00,nobody,
            B7,r2,reverse,,2020-01-08T15:00:00+08:00,E2,
            B8,r1,reverse,,2020-01-01T09:00:00+08:00,E1,
            B9,r1,reverse,,2020-01-09T10:00:00+08:00,S1,
            """));
        Assert.Equal(13, report.Recorded);
        Assert.Equal((2, 1, 3), (report.Earned, report.Spent, report.Reversed));
        Assert.Equal(400, report.ReverseExcessPoints);
        Assert.Equal(
            "insufficient_points 1, not_a_spend 1, not_an_earning 1, nothing_to_reverse 1, unknown_transaction 3",
            string.Join(", ", report.Refused.Select(code => $"{code.Key} {code.Value}")));

        // After S1: E1 is empty, E2 holds 30; B1 puts 10 into E2. B2 takes 40 of E2 and 60 as debt; B9 repays it with 60 of 110.
        Assert.Equal(
            """
            resident,balance,earned,spent,expired,rejected,capped,clawed_back,restored,shortfall,debt
            r1,50,150,120,0,31,0,100,120,0,0
            r2,0,0,0,0,0,0,0,0,0,0

            """,
            await Export(community, null));
    }

    [Fact]
    public async Task What_expired_of_a_lot_is_not_taken_back_a_second_time_even_when_it_falls_due_with_the_reversal()
    {
        _host.Programmes.Published = FixedProgrammes.Only(new NaiveRules(1, null, null, WriteOff: false).ToJson());
        var community = NextCommunity();
        var report = await Import(community, Read(
            """
            E1,r1,earn,100,2020-01-01T10:00:00+08:00,,class
            S1,r1,spend,30,2020-01-02T10:00:00+08:00,,tea
            E2,r1,earn,80,2020-02-01T10:00:00+08:00,,class
            B1,r1,reverse,,2020-02-02T00:00:00+08:00,E1,
            B2,r1,reverse,,2020-02-02T00:00:01+08:00,S1,
            """));
        Assert.Equal((2, 1, 2), (report.Earned, report.Spent, report.Reversed));

        // 70 of E1 expired with B1, so B1 takes only the 30 that were spent, out of E2. B2 gives those to E1, where they expire at once.
        Assert.Contains("\nr1,50,180,30,100,0,0,30,30,0,0\n", await Export(community, null), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Random_histories_come_out_as_from_a_naive_program_also_when_imported_in_pieces(int seed)
    {
        var random = new Random(seed);
        var columnsUsed = new HashSet<int>();
        for (var i = 0; i < 30; i++)
        {
            var rules = Rules(random);
            var rows = Rows(random);
            var naive = new NaiveImport(rules);
            naive.Run(rows);
            var expected = naive.Export(null);
            var expectedAtClose = naive.Export(Close);
            _host.Programmes.Published = FixedProgrammes.Only(rules.ToJson());
            var text = Csv(rows);

            var whole = NextCommunity();
            var report = await Import(whole, ReadAll(text));
            AssertSame(expected, await Export(whole, null), seed, i, rules, text);
            AssertSame(expectedAtClose, await Export(whole, Close), seed, i, rules, text);
            Assert.Equal(naive.Excess, report.ReverseExcessPoints);
            await CloseDate(whole);
            AssertSame(expectedAtClose, await Export(whole, null), seed, i, rules, text);

            var pieces = NextCommunity();
            await ImportInPieces(pieces, ReadAll(text), random);
            AssertSame(expected, await Export(pieces, null), seed, i, rules, text);
            var verified = await new JournalVerifier(_host.Journal, null).Verify(whole, null, TestContext.Current.CancellationToken);
            Assert.True(verified.IsSound, string.Join('\n', verified.Findings));
            foreach (var fields in expected.Split('\n')[1..^1].Select(line => line.Split(',')))
            {
                columnsUsed.UnionWith(Enumerable.Range(1, fields.Length - 1).Where(column => fields[column] != "0"));
            }
        }

        // Histories in which nothing is refunded, or nobody owes, would prove little.
        Assert.Equal(Enumerable.Range(1, 10), columnsUsed.Order());
    }

    [Fact]
    public async Task A_second_file_goes_on_where_the_first_ended_and_reverses_rows_of_it()
    {
        _host.Programmes.Published = FixedProgrammes.Only(new NaiveRules(12, null, null, WriteOff: false).ToJson());
        var community = NextCommunity();
        await Import(community, Read("E1,r1,earn,100,2020-01-01T10:00:00Z,,class\nS1,r1,spend,40,2020-01-02T10:00:00Z,,tea\n"));
        var report = await Import(community, Read(
            """
            E1,r1,spend,1,2020-02-01T10:00:00Z,,tea
            B1,r1,reverse,5,2020-02-01T10:00:00Z,E1,
            B2,r1,reverse,6,2020-02-01T10:00:00Z,S1,
            L1,r1,earn,1,2019-12-31T10:00:00Z,,class
            """));
        Assert.Equal((1, 3, 2), (report.AlreadyImported, report.Recorded, report.Reversed));
        Assert.Equal(1, report.Refused["time_runs_backwards"]);
        Assert.Contains("\nr1,61,100,40,0,0,0,5,6,0,0\n", await Export(community, null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failures_of_the_store_that_pass_are_waited_out_and_nothing_is_counted_twice()
    {
        _host.Programmes.Published = FixedProgrammes.Only(new NaiveRules(12, null, null, WriteOff: false).ToJson());
        var community = NextCommunity();
        _host.Journal.FailNext(Fault.Busy, Fault.Unavailable, Fault.UnknownNotCommitted, Fault.UnknownCommitted);
        var report = await new Importer(_host.Journal, Send(community), new HurriedTime()).Import(
            community, Read("E1,r1,earn,100,2020-01-01T10:00:00Z,,class\nS1,r1,spend,40,2020-01-02T10:00:00Z,,tea\n"), new(), TestContext.Current.CancellationToken);
        Assert.Equal((2, 1, 1, 0), (report.Recorded, report.Earned, report.Spent, report.AlreadyImported));
        Assert.Contains("\nr1,60,100,40,0,0,0,0,0,0,0\n", await Export(community, null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_stays_away_ends_the_import_with_its_failure()
    {
        var importer = new Importer(
            _host.Journal,
            (_, _) => throw new JournalUnavailableException("Gone."),
            new HurriedTime());
        await Assert.ThrowsAsync<JournalUnavailableException>(() => importer.Import(
            NextCommunity(), Read("E1,r1,earn,100,2020-01-01T10:00:00Z,,class\n"), new(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task No_more_commands_are_under_way_than_was_said()
    {
        var (now, most) = (0, 0);
        var importer = new Importer(
            _host.Journal,
            async (resident, commands) =>
            {
                most = Math.Max(most, Interlocked.Add(ref now, commands.Length));
                await Task.Yield();
                Interlocked.Add(ref now, -commands.Length);
                return [.. commands.Select(_ => new CommandResult.NothingDue())];
            },
            TimeProvider.System,
            new() { ResidentsAtOnce = 4, CommandsPerSend = 10 });
        var rows = Enumerable.Range(0, 2000).Select(i => $"E{i},r{i % 20},earn,1,2020-01-01T10:00:00Z,,class\n");
        var tally = new ImportTally();
        await importer.Import(NextCommunity(), Read(string.Concat(rows)), tally, TestContext.Current.CancellationToken);
        Assert.InRange(most, 1, 40);
        Assert.Equal(2000, tally.Done);
    }

    private CommunityId NextCommunity() => new(string.Create(CultureInfo.InvariantCulture, $"c{_communities++}"));

    private SendCommands Send(CommunityId community) => (resident, commands) => Wallet(community, resident).SendMany(commands);

    private IWalletGrain Wallet(CommunityId community, ResidentId resident) =>
        _host.Grains.GetWallet(community, resident);

    private Task<ImportReport> Import(CommunityId community, ImportFile file) =>
        new Importer(_host.Journal, Send(community), TimeProvider.System, new() { CommandsPerSend = 7 })
            .Import(community, file, new(), TestContext.Current.CancellationToken);

    // Stops after some sends, as a process that is killed does, and begins anew until it comes to the end.
    private async Task ImportInPieces(CommunityId community, ImportFile file, Random random)
    {
        for (var isDone = false; !isDone;)
        {
            var left = random.Next(1, 6);
            var importer = new Importer(
                _host.Journal,
                (resident, commands) => Interlocked.Decrement(ref left) < 0
                    ? throw new OperationCanceledException()
                    : Send(community)(resident, commands),
                TimeProvider.System,
                new() { CommandsPerSend = 7, ResidentsAtOnce = 2 });
            try
            {
                await importer.Import(community, file, new(), TestContext.Current.CancellationToken);
                isDone = true;
            }
            catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
            {
            }
        }
    }

    private Task<int> CloseDate(CommunityId community)
    {
        var closing = new DateClosing(_host.Journal, (resident, until) => Wallet(community, resident).ApplyDue(until));
        return closing.Close(community, DateClosing.EndOf(_host.Programmes.Published, Close, _host.Clock.GetCurrentInstant()));
    }

    private async Task<string> Export(CommunityId community, LocalDate? asOf)
    {
        Instant? until = asOf is { } date ? DateClosing.EndOf(_host.Programmes.Published, date, _host.Clock.GetCurrentInstant()) : null;
        using var writer = new StringWriter { NewLine = "\n" };
        await ResidentsExport.WriteCsv(await new ResidentsExport(_host.Journal).Read(community, until), writer);
        return writer.ToString();
    }

    private static ImportFile Read(string rows) => ReadAll(Header + rows);

    private static ImportFile ReadAll(string text) => ImportFile.Read(new StringReader(text), bad => Assert.Fail($"line {bad.Line} {bad.Reason}"));

    private static NaiveRules Rules(Random random) => new(
        random.Next(1, 4),
        random.Next(2) == 0 ? null : random.Next(10, 80),
        random.Next(2) == 0 ? null : random.Next(20, 160),
        random.Next(3) == 0);

    // A history as it happens, with a few ids used again and a few references into the void; then written down in some order.
    private static List<NaiveRow> Rows(Random random)
    {
        var at = Instant.FromUtc(2021, 11, 25, 0, 0);
        var rows = new List<NaiveRow>();
        for (var i = random.Next(5, 90); i > 0; i--)
        {
            at += Duration.FromHours(random.Next(3) == 0 ? 0 : random.Next(1, 72));
            var resident = $"r{random.Next(3)}";
            var type = random.Next(10) switch { < 3 => "earn", < 7 => "spend", _ => "reverse" };
            long? amount = type == "reverse" && random.Next(2) == 0 ? null : random.Next(1, type == "spend" ? 40 : 60);
            var own = rows.Where(row => row.Resident == resident).ToList();
            var target = random.Next(8) == 0 || own.Count == 0 ? $"e{random.Next(100)}" : own[^random.Next(1, Math.Min(own.Count, 8) + 1)].Id;
            var id = random.Next(15) == 0 ? $"e{random.Next(100)}" : $"e{rows.Count}";
            rows.Add(new(id, resident, type, amount, at, type == "reverse" ? target : "", random.Next(2) == 0 ? "class" : "charity"));
        }

        return random.Next(2) == 0 ? rows : [.. rows.OrderBy(_ => random.Next())];
    }

    private static string Csv(IEnumerable<NaiveRow> rows)
    {
        var text = new StringBuilder(Header);
        foreach (var row in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"{row.Id},{row.Resident},{row.Type},{row.Amount},{InstantPattern.ExtendedIso.Format(row.At)},{row.Ref},{row.Activity}\n");
        }

        return text.ToString();
    }

    private static void AssertSame(string expected, string actual, int seed, int round, NaiveRules rules, string text)
    {
        if (expected != actual)
        {
            Assert.Fail($"Seed {seed}, round {round}, {rules}\n--- expected\n{expected}--- actual\n{actual}--- rows\n{text}");
        }
    }

    /// <summary>Waiting takes no time.</summary>
    private sealed class HurriedTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
