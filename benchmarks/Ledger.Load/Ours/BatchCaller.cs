using System.Text.Json;
using Ledger.Load.Loops;
using Ledger.Load.Workloads;

namespace Ledger.Load.Ours;

/// <summary>One connection that posts batches of events.</summary>
internal sealed class BatchCaller(HttpConnection connection, EventRequests requests, Workload workload, int events) : ICaller
{
    public async ValueTask<Answer> Send(CancellationToken cancellation)
    {
        var answer = await connection.Ask(requests.Batch(workload, events), cancellation);
        if (answer.Status != 200)
        {
            return new(0, [.. Enumerable.Repeat(answer.Failure(), events)]);
        }

        // Read closely only where something went wrong: the client shares the processors of what it measures.
        return answer.Body.Span.Count("\"status\":200,"u8) is var done && done == events ? new(done) : Read(answer.Body);
    }

    public void Dispose() => connection.Dispose();

    private static Answer Read(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var failures = document.RootElement.GetProperty("results").EnumerateArray()
            .Select(result => (Status: result.GetProperty("status").GetInt32(), Problem: result.TryGetProperty("problem", out var problem) ? problem : default))
            .ToList();
        return new(
            failures.Count(result => result.Status == 200),
            [.. failures.Where(result => result.Status != 200).Select(result => result.Problem.ValueKind == JsonValueKind.Object
                ? $"{result.Status} {result.Problem.GetProperty("code").GetString()}"
                : $"{result.Status}")]);
    }
}
