using System.Globalization;
using System.IO.Compression;
using System.Text;
using Ledger.Accounts;
using Ledger.Programmes;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Tests.RealData;

/// <summary>Real records through the pure functions alone, against results that an independent program computed.</summary>
public sealed class RealDataTests
{
    private static readonly string Folder = Path.Combine(Roots.Project, "..", "shared", "data");

    [Theory]
    [InlineData("completejourney", "completejourney_B", 3, """, "caps": [ { "per": "local_day", "points": 100 }, { "per": "month", "points": 300 } ]""", "2018-01-01")]
    [InlineData("donations_all", "donations_all_A", 12, "", "2023-11-01")]
    public void Every_resident_ends_with_the_balance_that_an_independent_program_found(
        string events, string expected, int months, string caps, string close)
    {
        Assert.SkipUnless(Directory.Exists(Folder), $"The real data lies in {Folder}, beside the project; it is not there.");
        var programmes = new PublishedProgrammes([new(1, Instant.MinValue, ProgrammeOf(months, caps))]);
        var wallets = new Dictionary<ResidentId, WalletState>();
        foreach (var envelope in Events(events))
        {
            var before = wallets.GetValueOrDefault(envelope.Resident, WalletState.Empty);
            var decision = Wallet.Decide(programmes, before, envelope, Thawed.Nothing.Instance);
            var (transaction, after) = Wallet.Record(before, envelope, decision, envelope.At);
            MoveMustFit(transaction, before, after);
            wallets[envelope.Resident] = after;
        }

        var end = programmes.Versions[0].Programme.EndOf(LocalDatePattern.Iso.Parse(close).Value)!.Value;

        Assert.Equal(Lines(expected), Export(wallets, end));
    }

    private static void MoveMustFit(Transaction transaction, WalletState before, WalletState after)
    {
        var moved = 0L;
        foreach (var posting in Postings.Of(transaction.Events))
        {
            moved += (posting.To == Account.Available ? posting.Points.Value : 0) - (posting.From == Account.Available ? posting.Points.Value : 0);
        }

        Assert.Equal(after.Available.Value, before.Available.Value + moved);
    }

    private static IEnumerable<CommandEnvelope> Events(string name)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return Lines(name).Skip(1)
            .Select(line => line.Split(','))
            .Where(cells => seen.Add(cells[0]))
            .Select(cells => (Cells: cells, At: OffsetDateTimePattern.Rfc3339.Parse(cells[4]).Value.ToInstant()))
            .OrderBy(row => row.At)
            .Select(row => new CommandEnvelope
            {
                Community = CommunityId.Parse("default"),
                Resident = ResidentId.Parse(row.Cells[1]),
                Key = CommandKey.Import(row.Cells[0]),
                Command = CommandOf(row.Cells, row.At),
                At = row.At,
                Historic = true,
            });
    }

    private static WalletCommand CommandOf(string[] cells, Instant at)
    {
        var amount = long.Parse(cells[3], CultureInfo.InvariantCulture);
        return cells[2] == "earn"
            ? new EarnPoints(ActivityType.Parse(cells[6]), amount, at)
            : new SpendPoints(MerchantId.Parse(cells[6]), new(amount));
    }

    private static IEnumerable<string> Export(Dictionary<ResidentId, WalletState> wallets, Instant end)
    {
        yield return "resident,balance,earned,spent,expired,rejected,capped,clawed_back,restored,shortfall,debt";
        foreach (var (resident, wallet) in wallets.OrderBy(w => w.Key.Value, StringComparer.Ordinal))
        {
            var closed = Due.Apply(wallet, end).After;
            var life = closed.Lifetime;
            yield return string.Join(
                ',', resident, closed.Balances.Net, life.Earned, life.Spent, life.Expired, life.Rejected, life.Capped, life.ClawedBack, life.Restored, life.Shortfall, closed.Debt);
        }
    }

    private static List<string> Lines(string name)
    {
        using var file = new StreamReader(
            new GZipStream(File.OpenRead(Path.Combine(Folder, $"{name}.csv.gz")), CompressionMode.Decompress), Encoding.UTF8);
        return [.. file.ReadToEnd().TrimEnd('\n').Split('\n')];
    }

    private static Programme ProgrammeOf(int months, string caps) => ProgrammeReader.Read($$"""
        { "expiry": { "kind": "rolling", "months": {{months}} },
          "activities": [ { "type": "*", "award": { "kind": "per_unit", "points": 1 } {{caps}} } ] }
        """).Programme!;
}
