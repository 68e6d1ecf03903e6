using System.CommandLine;
using System.Globalization;
using Ledger.Load;

var connections = new Option<int>("--connections") { Description = "Callers at a time; each waits for its answer.", DefaultValueFactory = _ => 64 };
var seconds = new Option<int>("--seconds") { Description = "How long is measured.", DefaultValueFactory = _ => 10 };
var warmUp = new Option<int>("--warm-up") { Description = "Seconds before, not measured.", DefaultValueFactory = _ => 5 };
var residents = new Option<int>("--residents") { Description = "How many wallets the events are for.", DefaultValueFactory = _ => 2_000 };
var root = new RootCommand(
    "Starts the service on a new store in a folder of its own, posts one event per request over plain HTTP/1.1 sockets, each for "
    + "the next of some residents, and says how many were durably answered, how fast the service started and what memory it takes.")
{
    connections, seconds, warmUp, residents,
};
root.SetAction(async (parsed, cancellation) =>
{
    await using var service = await ServiceProcess.Start(cancellation);
    Say($"first answer after {service.FirstAnswerAfter.TotalMilliseconds:n0} ms from the start of the process, with an empty store and its demo");
    Say($"memory when idle {service.ResidentMegabytes():n0} MB (resident set)");

    var requests = new EventRequests(service.Address, service.Key, parsed.GetValue(residents));
    await LoadRun.Of(service.Address, requests, parsed.GetValue(connections), TimeSpan.FromSeconds(parsed.GetValue(warmUp)), cancellation);
    var run = await LoadRun.Of(service.Address, requests, parsed.GetValue(connections), TimeSpan.FromSeconds(parsed.GetValue(seconds)), cancellation);
    Say($"{run.PerSecond:n0} events a second with {parsed.GetValue(connections)} connections, one event each, durable when answered");
    Say($"latency ms: p50 {run.Percentile(0.50):n2}, p99 {run.Percentile(0.99):n2}, largest {run.Percentile(1):n2}");
    Say($"memory under load {service.ResidentMegabytes():n0} MB (resident set)");
    foreach (var (status, count) in run.Failures)
    {
        Say($"NOT taken: {count:n0} with status {status}");
    }

    return run.Failures.Count == 0 ? 0 : 1;
});
return await root.Parse(args).InvokeAsync();

static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
