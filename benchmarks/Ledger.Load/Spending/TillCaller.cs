using System.Diagnostics;
using Ledger.Load.Loops;
using Ledger.Load.Ours;
using Ledger.Load.Workloads;

namespace Ledger.Load.Spending;

/// <summary>One till on one connection: holds points for a sale, and captures them once it is told that they are held.</summary>
internal sealed class TillCaller(HttpConnection connection, SaleRequests requests, Workload sales) : ICaller
{
    public async ValueTask<Answer> Send(CancellationToken cancellation)
    {
        var (hold, capture) = requests.Next(sales.Next());
        var begun = Stopwatch.GetTimestamp();
        var held = await connection.Ask(hold, cancellation);
        if (held.Status != 200)
        {
            return new(0, [$"hold: {held.Failure()}"]);
        }

        var firstStep = Stopwatch.GetElapsedTime(begun);
        var captured = await connection.Ask(capture, cancellation);
        return captured.Status == 200 ? new(1, FirstStep: firstStep) : new(0, [$"capture: {captured.Failure()}"]);
    }

    public void Dispose() => connection.Dispose();
}
