using System.CommandLine;
using System.Text;
using Ledger.Grains.Closing;
using Ledger.Grains.Communities;
using Ledger.Grains.Exporting;
using Ledger.Grains.Stores;
using NodaTime;

namespace Ledger.Api.CommandLine;

/// <summary><c>export</c>: writes residents or the whole journal out.</summary>
public static class ExportCommand
{
    private const string About = "Writes residents or the whole journal out. Reads only, also beside a running service.";

    private const string AboutResidents = """
        Writes one line of sums for every resident with at least one transaction, as CSV sorted by resident:
          resident,balance,earned,spent,expired,rejected,capped,clawed_back,restored,shortfall,debt
        balance = earned - clawed_back - spent + restored - expired. Columns follow only where
        somebody has something in them: adjusted (by operators), given (to funds), sent and received (gifts).

        Example: export residents --as-of 2026-03-31 --out residents.csv
        """;

    private const string AboutJournal = """
        Writes programmes and transactions with their postings and hashes as JSON lines: enough to build everything again elsewhere. Erasable
        notes (reasons of adjustments) are not in it, only their digests. With --as-of, only transactions that count from before the end of
        that date.

        Example: export journal --community garden --out garden.jsonl
        """;

    /// <summary>The command.</summary>
    public static Command Create() => new("export", About) { Residents(), Journal() };

    private static DescribedCommand Residents()
    {
        var asOf = CommandOptions.AsOf("Also apply, without writing, what was due by the end of this local date.");
        return Create("residents", "Sums for every resident, as CSV.", AboutResidents, asOf, async (ledger, request, cancellation) =>
        {
            var residents = await new ResidentsExport(ledger.Journal).Read(request.Community, request.Until, cancellation);
            await request.Write(output => request.AsJson ? WriteJson(residents, output) : ResidentsExport.WriteCsv(residents, output));
            return (residents.Count, "residents");
        });
    }

    private static DescribedCommand Journal()
    {
        var asOf = CommandOptions.AsOf("Only transactions that count from before the end of this local date.");
        return Create("journal", "Every transaction, as JSON lines.", AboutJournal, asOf, async (ledger, request, cancellation) =>
        {
            var transactions = 0L;
            await request.WriteBytes(async output => transactions =
                await new JournalExport(ledger.Journal, ledger.Catalogue).Write(request.Community, request.Until, output, cancellation));
            return (transactions, "transactions");
        });
    }

    private static DescribedCommand Create(
        string name,
        string summary,
        string about,
        Option<LocalDate?> asOf,
        Func<OpenLedger, Request, CancellationToken, Task<(long Count, string Unit)>> export)
    {
        var output = new Option<string?>("--out") { Description = "The file to write; default: standard output.", HelpName = "FILE" };
        var (community, store, json) = (CommandOptions.Community(), CommandOptions.Store(), CommandOptions.Json());
        json.Description = "JSON lines (the journal always is).";
        var command = new DescribedCommand(name, summary, about) { asOf, output, community, store, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var ledger = CommandStore.OpenReadOnly(store.Configuration(parsed));
            var id = parsed.GetValue(community);
            await CommandStore.RequireCommunity(ledger.Catalogue, id, cancellation);
            var screen = parsed.InvocationConfiguration;
            var request = new Request(
                id, await Until(ledger, id, parsed.GetValue(asOf)), parsed.GetValue(json), OutputPath(ledger, parsed.GetValue(output)), screen);
            var (count, unit) = await CommandProgress.Show(
                "Exporting", unit: "lines", screen.Error, () => (0, null), () => export(ledger, request, cancellation));
            if (request.Path is not null)
            {
                await screen.Error.WriteLineAsync($"{count:N0} {unit} of community {id} written to {request.Path}");
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<Instant?> Until(OpenLedger ledger, CommunityId community, LocalDate? asOf) => asOf is { } date
        ? DateClosing.EndOf(
            await new CataloguedProgrammes(ledger.Catalogue, TimeProvider.System).Of(community), date, SystemClock.Instance.GetCurrentInstant())
        : null;

    private static string? OutputPath(OpenLedger ledger, string? path) => path is null || Path.GetFullPath(path) != ledger.File
        ? path
        : throw new CommandRefusedException($"{path} is the store itself.");

    private static async Task WriteJson(IReadOnlyList<ResidentTotals> residents, TextWriter output)
    {
        foreach (var (resident, balance, debt, sums) in residents)
        {
            await CommandJson.Write(output, new
            {
                resident = resident.Value,
                balance = balance.Value,
                earned = sums.Earned.Value,
                spent = sums.Spent.Value,
                expired = sums.Expired.Value,
                rejected = sums.Rejected.Value,
                capped = sums.Capped.Value,
                clawedBack = sums.ClawedBack.Value,
                restored = sums.Restored.Value,
                shortfall = sums.Shortfall.Value,
                debt = debt.Value,
                adjusted = sums.Adjusted.Value,
                given = sums.Given.Value,
                sent = sums.Sent.Value,
                received = sums.Received.Value,
            });
        }
    }

    /// <summary>What is wanted, and where it goes.</summary>
    private sealed record Request(CommunityId Community, Instant? Until, bool AsJson, string? Path, InvocationConfiguration Screen)
    {
        public Task Write(Func<TextWriter, Task> write) => Path is null
            ? write(Screen.Output)
            : WriteBytes(async stream =>
            {
                await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
                await write(writer);
            });

        /// <summary>A file appears whole or not at all.</summary>
        public async Task WriteBytes(Func<Stream, Task> write)
        {
            if (Path is null)
            {
                await using var output = new BufferedStream(Console.OpenStandardOutput(), 1 << 16);
                await write(output);
                return;
            }

            var unfinished = Path + ".unfinished";
            try
            {
                await using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
                {
                    await write(file);
                }

                File.Move(unfinished, Path, overwrite: true);
            }
            catch
            {
                File.Delete(unfinished);
                throw;
            }
        }
    }
}
