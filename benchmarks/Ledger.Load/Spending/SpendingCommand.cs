using System.CommandLine;
using Ledger.Load.Questions;

namespace Ledger.Load.Spending;

/// <summary>What sales at tills and in the mall, and their settlement, cost.</summary>
internal static class SpendingCommand
{
    private const string About = """
        Measures holds and captures at tills and redemptions of one reward through HTTP, beside single events in the same run, a reward that is
        sold out, and closing a day of many merchants; writes benchmarks/results/LoadSpending.md.
        """;

    public static Command Create()
    {
        var run = new QuestionRun("tills", "sell-out", "statements");
        var wallets = new Option<int?>("--wallets") { Description = "How many residents buy at tills. Default: 20,000." };
        var pieces = new Option<int?>("--pieces") { Description = "How many there are of the reward that is sold out. Default: 10,000." };
        var merchants = new Option<int?>("--merchants") { Description = "For how many merchants a day is closed. Default: 1,000." };
        var captures = new Option<int?>("--captures") { Description = "How many captures that day has, a multiple of 100. Default: 1,000,000." };
        var command = new Command("spending", About) { wallets, pieces, merchants, captures };
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
                    new SellOut(isQuick ? 500 : 5_000, parsed.GetValue(pieces) ?? (isQuick ? 500 : 10_000), isQuick ? 1 : 5),
                    new Statements(parsed.GetValue(merchants) ?? (isQuick ? 100 : 1_000), parsed.GetValue(captures) ?? (isQuick ? 10_000 : 1_000_000)),
                ],
                cancellation);
        });
        return command;
    }
}
