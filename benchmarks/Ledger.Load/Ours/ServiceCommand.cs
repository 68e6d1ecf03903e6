using System.CommandLine;
using System.Globalization;
using Ledger.Load.Loops;
using Ledger.Load.Workloads;

namespace Ledger.Load.Ours;

/// <summary>The shipped service as somebody meets it who has just installed it: one file, its demo, one event per request.</summary>
internal static class ServiceCommand
{
    private const string Community = "demo";
    private const string Activity = "class-teaching";

    public static Command Create()
    {
        var connections = new Option<int>("--connections") { Description = "Callers at a time; each waits for its answer.", DefaultValueFactory = _ => 64 };
        var seconds = new Option<int>("--seconds") { Description = "How long is measured.", DefaultValueFactory = _ => 10 };
        var warmUp = new Option<int>("--warm-up") { Description = "Seconds before, not measured.", DefaultValueFactory = _ => 5 };
        var residents = new Option<int>("--residents") { Description = "How many wallets the events are for.", DefaultValueFactory = _ => 2_000 };
        var command = new Command(
            "service",
            "Starts the service on a new SQLite file, posts one earn event per request over plain HTTP/1.1 sockets, and says how many were "
            + "durably answered, how fast the service started and what memory it takes.")
        {
            connections, seconds, warmUp, residents,
        };
        command.SetAction((parsed, cancellation) => Run(
            parsed.GetValue(connections),
            TimeSpan.FromSeconds(parsed.GetValue(warmUp)),
            TimeSpan.FromSeconds(parsed.GetValue(seconds)),
            parsed.GetValue(residents),
            cancellation));
        return command;
    }

    private static async Task<int> Run(int connections, TimeSpan warmUp, TimeSpan duration, int residents, CancellationToken cancellation)
    {
        await using var store = LedgerStore.Sqlite();
        await using var service = await ServiceProcess.Start(store, null, demo: true, Community, cancellation);
        Say($"first answer after {service.FirstAnswerAfter.TotalMilliseconds:n0} ms from the start of the process, with an empty store and its demo");
        Say($"memory when idle {service.ResidentMegabytes():n0} MB (resident set)");

        string[] names = [.. Enumerable.Range(1, residents).Select(number => FormattableString.Invariant($"load-{number}"))];
        var workload = new Workload("earn", Doing.Earn, names, new EvenChoice(residents), merchants: 1);
        var requests = new EventRequests(service.Address, service.Key, Community, Activity);
        var measured = await ClosedLoop.Run(
            [.. Enumerable.Range(0, connections).Select(_ => new EventCaller(new(service.Address), requests, workload))], warmUp, duration, cancellation);
        Say($"{measured.PerSecond:n0} events a second with {connections} connections, one event each, durable when answered");
        Say($"latency ms: p50 {measured.Latencies.Milliseconds(0.5):n2}, p99 {measured.Latencies.Milliseconds(0.99):n2}, largest {measured.Latencies.Milliseconds(1):n2}");
        Say($"memory under load {service.ResidentMegabytes():n0} MB (resident set)");
        foreach (var (reason, count) in measured.Failures)
        {
            Say($"NOT taken: {count:n0} x {reason}");
        }

        if (measured.Failures.Count > 0)
        {
            Say($"The service said last:\n{string.Join('\n', service.LastWords)}");
        }

        return measured.Failures.Count == 0 ? 0 : 1;
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
