using System.Diagnostics;
using System.Globalization;
using Ledger.Grains.Replays;
using Ledger.Grains.Wallets;
using Ledger.Load.Ours;
using Ledger.Load.Questions;
using Ledger.Programmes;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Load.Growing;

/// <summary>How long does a community's past take to be decided again by a draft?</summary>
/// <param name="events">How many activities are stored.</param>
internal sealed class PastReplay(int events) : IQuestion
{
    private const int EventsEach = 200;

    // With all visitors of the herd so many rows wait at once as the journal takes in.
    private const int EventsPerSet = 25;

    private const string Award = """{ "kind": "per_unit", "points": 10, "units": 60""";
    private const string DraftAward = """{ "kind": "per_unit", "points": 12, "units": 60""";

    private static readonly CommunityId s_community = CommunityId.Parse("volunteers");
    private static readonly ActivityType s_service = ActivityType.Parse("charity-service");

    public string Name => "replay";

    public string Title => "The past by a draft";

    public string About =>
        $"Hours of charity service by docs/examples/volunteers.json, {EventsEach} for each resident within a year, are decided again: by a draft that gives 12 points an hour instead of 10, and by the programme that decided them, "
        + "which must give every resident the same. *Seconds* are those of reading and deciding, with all processors. Aim: 100,000 events a second.";

    public IReadOnlyList<string> Columns => ["events", "seconds", "events a second", "processors, µs an event", "points", "by the draft", "the same programme, events a second"];

    public async Task<IReadOnlyList<IReadOnlyList<string>>> Measure(StoreMaker stores, CancellationToken cancellation)
    {
        await using var store = await stores.Make();
        var text = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "volunteers.json"), cancellation);
        await using (var host = await LedgerHost.Start(store, cancellation))
        {
            await host.Install(s_community, text, cancellation);
            await Fill(host, cancellation);
        }

        await using var reading = await LedgerHost.Start(store, cancellation);
        var draft = await Replay(reading, text.Replace(Award, DraftAward, StringComparison.Ordinal), cancellation);
        var same = await Replay(reading, text, cancellation);
        if (same.Report.All.Count != events || same.Report.Winners + same.Report.Losers != 0 || draft.Report.Winners == 0)
        {
            throw new InvalidOperationException($"{same.Report.All.Count:n0} events; {same.Report.Winners + same.Report.Losers} residents differ by the same programme.");
        }

        return
        [
            [
                Text($"{events:n0}"), Text($"{draft.Took.TotalSeconds:n1}"), Text($"{events / draft.Took.TotalSeconds:n0}"),
                Text($"{draft.Processors.TotalMicroseconds / events:n1}"), Text($"{draft.Report.All.Credited:n0}"), Text($"{draft.Report.All.CreditedThen:n0}"),
                Text($"{events / same.Took.TotalSeconds:n0}"),
            ],
        ];
    }

    private static async Task<(ReplayReport Report, TimeSpan Took, TimeSpan Processors)> Replay(LedgerHost host, string programme, CancellationToken cancellation)
    {
        var published = await host.Programmes.Of(s_community);
        var tried = published.Trying(new(published.Versions.Length + 1, Instant.MinValue, ProgrammeReader.Read(programme).Programme!));
        var (begun, processors) = (Stopwatch.GetTimestamp(), Loops.ProcessorTime.Total());
        var report = await new JournalReplay(host.Journal).Replay(
            s_community, tried, Instant.MinValue, SystemClock.Instance.GetCurrentInstant(), Environment.ProcessorCount, cancellation: cancellation);
        return (report, Stopwatch.GetElapsedTime(begun), Loops.ProcessorTime.Total() - processors);
    }

    private Task Fill(LedgerHost host, CancellationToken cancellation)
    {
        var begin = SystemClock.Instance.GetCurrentInstant() - Duration.FromDays(365);
        return WalletHerd.Visit(
            Herd.Names(events / EventsEach),
            async resident =>
            {
                var wallet = host.Grains.GetWallet(s_community, ResidentId.Parse(resident));
                foreach (var part in Enumerable.Range(0, EventsEach).Chunk(EventsPerSet))
                {
                    await wallet.SendMany([.. part.Select(number => Service(resident, number, begin))]);
                }
            },
            cancellation);
    }

    // As an import brings them: nearly two in three days, half an hour to three hours.
    private static CommandEnvelope Service(string resident, int number, Instant begin)
    {
        var then = begin + (number * Duration.FromHours(43));
        return new()
        {
            Community = s_community,
            Resident = new(resident),
            Key = CommandKey.Event("/load/service", string.Create(CultureInfo.InvariantCulture, $"{resident}-{number}")),
            Command = new EarnPoints(s_service, 30 + (number % 6 * 30), then),
            At = then,
            Historic = true,
        };
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
