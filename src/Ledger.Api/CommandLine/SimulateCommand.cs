using System.CommandLine;
using System.Globalization;
using Ledger.Api.Simulation;
using Ledger.Grains.Communities;
using Ledger.Grains.Replays;
using Ledger.Programmes;
using Ledger.Replays;
using NodaTime;

namespace Ledger.Api.CommandLine;

/// <summary><c>programme simulate</c>: what a community's past would have been under another programme.</summary>
internal static class SimulateCommand
{
    private const string About = """
        Decides the past of a community again by a programme that is tried, and tells the difference: what each type of activity would have
        earned, who would have gained and lost, what the community would owe. Reads only, also beside a running service.

        Until --from the past is as it was. What was refused is not asked again.

        Example: programme simulate programme.json --community garden --from 2026-01-01 --through 2026-12-31
        """;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The programme to try, as JSON." };
        var from = CommandOptions.Date("--from", "The first local date of the period. Default: the beginning.");
        var through = CommandOptions.Date("--through", "The last local date of the period. Default: until now.");
        var (community, store, json) = (CommandOptions.Community(), CommandOptions.Store(), CommandOptions.Json());
        var command = new DescribedCommand("simulate", "Tries a programme on the past.", About) { file, from, through, community, store, json };
        command.SetAction((parsed, cancellation) => Run(
            parsed.GetRequiredValue(file),
            (parsed.GetValue(from), parsed.GetValue(through)),
            parsed.GetValue(community),
            parsed.GetValue(json),
            store.Configuration(parsed),
            parsed.InvocationConfiguration,
            cancellation));
        return command;
    }

    private static async Task<int> Run(
        string path,
        (LocalDate? From, LocalDate? Through) period,
        CommunityId community,
        bool asJson,
        IConfiguration configuration,
        InvocationConfiguration screen,
        CancellationToken cancellation)
    {
        var reading = ProgrammeReader.Read(await File.ReadAllTextAsync(path, cancellation));
        if (reading.Programme is not { } programme)
        {
            throw new CommandRefusedException($"{path} is no programme: {reading.Problems[0]} 'programme check' tells everything.");
        }

        await using var ledger = CommandStore.OpenReadOnly(configuration);
        await CommandStore.RequireCommunity(ledger.Catalogue, community, cancellation);
        var from = period.From is { } first ? programme.StartOf(first) : Instant.MinValue;
        var until = period.Through is { } last ? programme.StartOf(last.PlusDays(1)) : SystemClock.Instance.GetCurrentInstant();
        if (from >= until)
        {
            throw new CommandRefusedException("The period is empty: --from lies after --through.");
        }

        var published = await new CataloguedProgrammes(ledger.Catalogue, TimeProvider.System).Of(community);
        var tried = published.Trying(new(published.Versions.Length + 1, Instant.MinValue, programme));
        var read = new CommandCount();
        var report = await CommandProgress.Show(
            "Simulating",
            "transactions",
            screen.Error,
            () => (read.Value, null),
            () => new JournalReplay(ledger.Journal).Replay(community, tried, from, until, Environment.ProcessorCount, read, cancellation: cancellation));
        await (asJson ? CommandJson.Write(screen.Output, ReplayView.Of(report)) : screen.Output.WriteAsync(Words(community, programme, report)));
        return ExitCodes.Done;
    }

    private static string Words(CommunityId community, Programme programme, ReplayReport report)
    {
        var lines = new List<string>
        {
            Line($"Community {community}: {report.Transactions:N0} transactions of {report.Residents:N0} residents, decided again and not written."),
            string.Empty,
            Line($"{"activity",-24} {"count",12} {"credited",16} {"would be",16} {"difference",16}"),
        };
        lines.AddRange(Ordered(report).Select(of => Row(of.Key.Value, of.Value)));
        lines.Add(Row("all", report.All));
        lines.Add(string.Empty);
        if (Ordered(report).Select(of => of.Key).Where(type => programme.RuleFor(type) is null).ToList() is { Count: > 0 } unknown)
        {
            lines.Add($"The programme does not know {string.Join(", ", unknown)}: nothing is earned with what it does not know.");
        }

        lines.Add(Line($"Owed to residents at the end: {report.Balance:N0}; it would be {report.BalanceThen:N0} ({Signed(report.BalanceThen - report.Balance)})."));
        lines.Add(Line($"Residents who would have got more: {report.Winners:N0}; less: {report.Losers:N0}; the same: {report.Residents - report.Winners - report.Losers:N0}."));
        if (report.SpendsMissed > 0)
        {
            lines.Add(Line($"Spends that would not have been possible: {report.SpendsMissed:N0}, of {report.PointsMissed:N0} points."));
        }

        Name(lines, "Most gained", report.MostGained);
        Name(lines, "Most lost", report.MostLost);
        return string.Join('\n', lines) + "\n";
    }

    private static void Name(List<string> lines, string title, IEnumerable<ReplayedResident> residents)
    {
        var named = string.Join(", ", residents.Select(resident => $"{resident.Resident} {Signed(resident.Difference.Value)}"));
        if (named.Length > 0)
        {
            lines.Add($"{title}: {named}.");
        }
    }

    private static IEnumerable<KeyValuePair<ActivityType, ReplayedActivities>> Ordered(ReplayReport report) =>
        report.Activities.OrderBy(of => of.Key.Value, StringComparer.Ordinal);

    private static string Row(string name, ReplayedActivities of) => Line(
        $"{name,-24} {of.Count,12:N0} {of.Credited,16:N0} {of.CreditedThen,16:N0} {Signed(of.CreditedThen - of.Credited),16}");

    private static string Signed(Int128 points) =>
        (Int128.IsPositive(points) && points != 0 ? "+" : string.Empty) + points.ToString("N0", CultureInfo.InvariantCulture);

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
