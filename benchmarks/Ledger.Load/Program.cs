using Ledger.Load.Comparing;
using Ledger.Load.Growing;
using Ledger.Load.Limits;
using Ledger.Load.Ours;
using Ledger.Load.Spending;

return await CompareCommand.Create([GrowthCommand.Create(), SpendingCommand.Create(), ServiceCommand.Create(), EmptyGrainCommand.Create()]).Parse(args).InvokeAsync(
    // Whoever interrupts it need not wait for long, but processes and folders must go.
    new() { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
