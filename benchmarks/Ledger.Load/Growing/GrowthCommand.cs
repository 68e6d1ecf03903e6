using System.CommandLine;
using Ledger.Load.Questions;

namespace Ledger.Load.Growing;

/// <summary>What happens when wallets, journals and communities grow.</summary>
internal static class GrowthCommand
{
    private const string About = """
        Measures what one command costs as a wallet grows old, memory of idle wallets, a burst after a restart, bytes on disk, inserts beside
        many stored command keys, with many rules, a replay, and a year's end; writes benchmarks/results/LoadGrowth.md. The full figures, about an hour:
          growth --transactions 1000000 --wallets 100000 --stored-keys 50000000 --due-wallets 1000000
        """;

    public static Command Create()
    {
        var run = new QuestionRun("history", "memory", "burst", "bytes", "keys", "year-end", "rules", "replay");
        var transactions = new Option<int?>("--transactions") { Description = "How old the oldest wallet gets. Default: 1,000,000." };
        var wallets = new Option<int?>("--wallets") { Description = "How many wallets lie idle, or wake up. Default: 100,000." };
        var keys = new Option<long?>("--stored-keys") { Description = "How many command keys are stored before. Default: 1,000,000." };
        var due = new Option<int?>("--due-wallets") { Description = "How many wallets have points that expire at the same midnight. Default: 100,000." };
        var replayed = new Option<int?>("--replayed") { Description = "How many activities are decided again, a multiple of 200. Default: 1,000,000." };
        var command = new Command("growth", About) { transactions, wallets, keys, due, replayed };
        run.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var isQuick = run.IsQuick(parsed);
            var herd = parsed.GetValue(wallets) ?? (isQuick ? 2_000 : 100_000);
            var second = TimeSpan.FromSeconds(1);
            return run.Run(
                "LoadGrowth",
                parsed,
                [
                    new AgeingWallet(parsed.GetValue(transactions) ?? (isQuick ? 2_000 : 1_000_000)), new IdleMemory(herd), new RestartBurst(herd), new BytesOnDisk(herd),
                    new StoredKeys(parsed.GetValue(keys) ?? (isQuick ? 20_000 : 1_000_000), isQuick ? new(1, second, second) : new(3, 2 * second, 6 * second)),
                    new ManyRules(isQuick ? new(1, second, second) : new(7, 2 * second, 4 * second)),
                    new PastReplay(parsed.GetValue(replayed) ?? (isQuick ? 20_000 : 1_000_000)),
                    new YearsEnd(parsed.GetValue(due) ?? (isQuick ? 2_000 : 100_000), isQuick ? 2 * second : 15 * second),
                ],
                cancellation);
        });
        return command;
    }
}
