using Ledger.Load.Loops;
using Ledger.Load.Workloads;

namespace Ledger.Load.Ours;

/// <summary>One connection that posts one event per request.</summary>
internal sealed class EventCaller(HttpConnection connection, EventRequests requests, Workload workload) : ICaller
{
    public async ValueTask<Answer> Send(CancellationToken cancellation)
    {
        var answer = await connection.Ask(requests.One(workload.Next()), cancellation);
        return answer.Status == 200 ? new(1) : new(0, [answer.Failure()]);
    }

    public void Dispose() => connection.Dispose();
}
