using Ledger.Grains.Wallets;
using Ledger.Load.Loops;
using Ledger.Load.Workloads;

namespace Ledger.Load.Ours;

/// <summary>Sends one command at a time to a wallet's grain in this process.</summary>
internal sealed class GrainCaller(LedgerHost host, Workload workload, Commands commands) : ICaller
{
    private static readonly string[] s_keyReused = ["KeyReused"];

    public async ValueTask<Answer> Send(CancellationToken cancellation)
    {
        var asked = workload.Next();
        return await host.Wallet(asked.Resident).Send(commands.Of(asked)) switch
        {
            CommandResult.Recorded { Transaction.Refusal: null } => new(1),
            CommandResult.Recorded { Transaction.Refusal: { } refusal } => new(0, [refusal.GetType().Name]),
            _ => new(0, s_keyReused),
        };
    }

    public void Dispose()
    {
    }
}
