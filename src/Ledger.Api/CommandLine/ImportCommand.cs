using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Ledger.Grains.Importing;
using Ledger.Grains.Stores;
using NodaTime;

namespace Ledger.Api.CommandLine;

/// <summary><c>import</c>: moves a community's history in.</summary>
public static class ImportCommand
{
    /// <summary>Bad rows that are told; all are counted.</summary>
    private const int BadRowsShown = 20;

    private const string About = """
        Moves a community's history in from an older points system: earnings, spends and reversals, at the times when they happened.

        FILE is CSV (UTF-8; .gz is unpacked) with the header
          event_id,resident,type,amount_points,occurred_at,ref,activity
        type           earn, spend or reverse
        amount_points  a whole number from 1; empty in a reverse row takes back all that is left
        occurred_at    a time with its offset, for example 2026-03-05T09:30:00+08:00
        ref            the event_id that a reverse row takes back; free text in other rows, which is not kept
        activity       the type of activity, or the merchant of a spend; empty is "default"

        Rows are done in the order of time, whatever their order in the file; the first valid row of each event_id counts. A bad row is
        told with its line and reason, and never stops the others. A last row without a line end is taken as it stands and warned about, for
        the file may have been cut off within it. Stop it when you like and run it again: it goes on where it was, and
        a second run of the same file changes nothing.

        Example: import history.csv --programme programme.json --community garden
        """;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The CSV file, or the same packed as .csv.gz." };
        var programme = new Option<string?>("--programme")
        {
            Description = "The rules, as JSON; installed from the beginning of time. May be left out when the community has a programme.",
            HelpName = "FILE",
        };
        var (community, store, json) = (CommandOptions.Community(), CommandOptions.Store(), CommandOptions.Json());
        var command = new DescribedCommand("import", "Moves a community's history in from a CSV file.", About) { file, programme, community, store, json };
        command.SetAction((parsed, cancellation) => new Run(
            parsed.GetRequiredValue(file),
            parsed.GetValue(programme),
            parsed.GetValue(community),
            parsed.GetValue(json),
            parsed.InvocationConfiguration).Do(store.Configuration(parsed), cancellation));
        return command;
    }

    private sealed class Run(string path, string? programmePath, CommunityId community, bool asJson, InvocationConfiguration screen)
    {
        private readonly List<BadRow> _badRows = [];
        private readonly List<BadRow> _warnings = [];

        public async Task<int> Do(IConfiguration configuration, CancellationToken cancellation)
        {
            var programme = programmePath is null ? null : await File.ReadAllTextAsync(programmePath, cancellation);
            if (programme is not null)
            {
                RequireValid(programme);
            }

            var started = Stopwatch.GetTimestamp();
            using var reader = ImportFile.Open(path);
            if (Begin(reader) is not { } reading)
            {
                return ExitCodes.Found;
            }

            // The engine starts while the file is read: both take their time.
            var toEnd = Task.Run(() => ReadToEnd(reading), CancellationToken.None);
            await using var host = await WhileReading(toEnd, CommandHost.Start(configuration, "import", cancellation));
            var file = await toEnd;
            await RequireProgramme(host.Catalogue, programme, cancellation);
            var tally = new ImportTally();
            var importer = new Importer(
                host.Journal, (resident, commands) => host.Wallet(community, resident).SendMany(commands), TimeProvider.System);
            var report = await CommandProgress.Show(
                "Importing", "rows", screen.Error, () => (tally.Done, file.Rows), () => importer.Import(community, file, tally, cancellation));
            await Tell(report, Stopwatch.GetElapsedTime(started));
            return report.BadRows > 0 ? ExitCodes.Found : ExitCodes.Done;
        }

        private void RequireValid(string programme)
        {
            if (ProgrammeCommand.ProblemsOf(programme) is { Count: > 0 } problems)
            {
                throw new CommandRefusedException(
                    $"{programmePath} is no programme; nothing was imported.\n{string.Join('\n', problems.Select(problem => $"  {problem}"))}");
            }
        }

        /// <summary>The file behind its header; null when it has none.</summary>
        private ImportFile.Reading? Begin(TextReader reader)
        {
            try
            {
                return ImportFile.Begin(reader, Bad) is { HasHeader: true } reading ? reading : null;
            }
            catch (InvalidDataException damaged)
            {
                throw Damaged(damaged);
            }
        }

        private ImportFile ReadToEnd(ImportFile.Reading reading)
        {
            try
            {
                var file = reading.ToEnd();
                if (file.BadRows > BadRowsShown)
                {
                    screen.Error.WriteLine($"… and {file.BadRows - BadRowsShown} more bad rows");
                }

                Warn(file.UnendedLine);
                return file;
            }
            catch (InvalidDataException damaged)
            {
                throw Damaged(damaged);
            }
        }

        private CommandRefusedException Damaged(InvalidDataException damaged) =>
            new($"{path} cannot be unpacked to its end; nothing was imported. {damaged.Message}");

        /// <summary>The started engine. When it does not start, nobody reads on in a file that is about to be closed.</summary>
        private static async Task<CommandHost> WhileReading(Task<ImportFile> reading, Task<CommandHost> starting)
        {
            try
            {
                return await starting;
            }
            catch
            {
                await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw;
            }
        }

        private void Bad(BadRow row)
        {
            if (_badRows.Count < BadRowsShown)
            {
                _badRows.Add(row);
                screen.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"line {row.Line} {row.Reason}"));
            }
        }

        private void Warn(long? unended)
        {
            if (unended is { } line)
            {
                var warning = new BadRow(
                    line, "is the last one and has no line end, so the file may have been cut off there: the row is taken as it stands, compare it with its origin");
                _warnings.Add(warning);
                screen.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"warning: line {warning.Line} {warning.Reason}"));
            }
        }

        private async Task RequireProgramme(ICatalogue catalogue, string? programme, CancellationToken cancellation)
        {
            if (programme is null)
            {
                if ((await catalogue.ListProgrammes(community, cancellation)).Count == 0)
                {
                    throw new CommandRefusedException($"Community {community} has no programme yet: give one with --programme FILE.");
                }

                return;
            }

            var installation = await ProgrammeInstallation.Install(
                catalogue, community, programme, SystemClock.Instance.GetCurrentInstant(), cancellation);
            if (installation is ProgrammeInstallation.OtherInForce other)
            {
                throw new CommandRefusedException(
                    $"Community {community} has another programme already ({other.Versions} version(s)); nothing was imported. "
                    + "Leave --programme out to import under the community's own.");
            }
        }

        private Task Tell(ImportReport report, TimeSpan elapsed) => asJson
            ? CommandJson.Write(screen.Output, new
            {
                community = community.Value,
                report,
                badRows = _badRows,
                warnings = _warnings,
                seconds = Math.Round(elapsed.TotalSeconds, 3),
                rowsPerSecond = Math.Round(report.Rows / elapsed.TotalSeconds),
            })
            : screen.Output.WriteAsync(Words(report, elapsed));

        private string Words(ImportReport report, TimeSpan elapsed)
        {
            var refused = report.Refused.Values.Sum();
            var lines = new List<string>
            {
                $"{report.Rows:N0} rows in {elapsed.TotalSeconds:N1} s, {report.Rows / elapsed.TotalSeconds:N0} a second, into community {community}",
                $"  earned            {report.Earned,10:N0}" + (report.EarnsClipped > 0 ? $"  of them {report.EarnsClipped:N0} cut by a cap" : ""),
                $"  spent             {report.Spent,10:N0}",
                $"  reversed          {report.Reversed,10:N0}"
                    + (report.ReverseExcessPoints > 0 ? $"  {report.ReverseExcessPoints:N0} points more were asked for than were left" : ""),
                $"  refused           {refused,10:N0}" + (refused > 0 ? $"  {Codes(report)}" : ""),
                $"  imported before   {report.AlreadyImported,10:N0}",
                $"  duplicates        {report.Duplicates,10:N0}",
                $"  bad rows          {report.BadRows,10:N0}",
            };
            return string.Join('\n', lines) + "\n";
        }

        private static string Codes(ImportReport report) => string.Join(
            ", ", report.Refused.Select(code => string.Create(CultureInfo.InvariantCulture, $"{code.Key} {code.Value:N0}")));
    }
}
