using Ledger.Load.Loops;
using Ledger.Load.Ours;
using Ledger.Load.Workloads;

namespace Ledger.Load.Spending;

/// <summary>One connection over which residents redeem the same reward.</summary>
internal sealed class MallCaller(HttpConnection connection, SaleRequests requests, string reward, Workload residents) : ICaller
{
    public async ValueTask<Answer> Send(CancellationToken cancellation)
    {
        var answer = await connection.Ask(requests.Redemption(reward, residents.Next().Resident), cancellation);
        return answer.Status == 200 ? new(1) : new(0, [answer.Failure()]);
    }

    public void Dispose() => connection.Dispose();
}
