using System.CommandLine;
using Ledger.Load.Questions;

namespace Ledger.Load.Spending;

/// <summary>What holds at tills cost.</summary>
internal static class SpendingCommand
{
    private const string About = """
        Measures holds and captures at tills through HTTP, beside single events in the same run; writes benchmarks/results/LoadSpending.md.
        """;

    public static Command Create()
    {
        var run = new QuestionRun("tills");
        var wallets = new Option<int?>("--wallets") { Description = "How many residents buy at tills. Default: 20,000." };
        var command = new Command("spending", About) { wallets };
        run.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var isQuick = run.IsQuick(parsed);
            var second = TimeSpan.FromSeconds(1);
            return run.Run(
                "LoadSpending",
                parsed,
                [
                    new Tills(
                        parsed.GetValue(wallets) ?? (isQuick ? 2_000 : 20_000),
                        isQuick ? new(1, second, second) { Start = 3 * second } : new(5, second, 3 * second) { Start = 30 * second }),
                ],
                cancellation);
        });
        return command;
    }
}
