using Ledger.Grains.Settlements;
using Ledger.Grains.Tests.Hosting;
using Ledger.Grains.Tests.Wallets;
using Ledger.Settlements;
using Ledger.Transactions;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Ledger.Grains.Tests.Settlements;

/// <summary>Operators and a merchant send commands about statements, again and again, while days pass.</summary>
public sealed class OneOutcomePerKeyTests
{
    private const int Sendings = 300;
    private static readonly MerchantId TeaHouse = new("tea-house");
    private static readonly LocalDate First = new(2026, 3, 1);

    [Fact]
    public async Task A_key_has_one_outcome_for_ever_whatever_happens_between_and_the_books_are_sound()
    {
        var stop = TestContext.Current.CancellationToken;
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var chance = new Random(seed);
        using var directory = new TemporaryDirectory();
        await using var host = await LedgerHost.Start(directory.Path, Instant.FromUtc(2026, 3, 1, 4, 0));
        var (book, wallet) = (host.Services.GetRequiredService<SettlementBook>(), host.Wallet("anna"));
        await wallet.Record(Commands.Earn("anna", "earned", 5_000, host.Clock.GetCurrentInstant()));
        var sent = new Dictionary<string, (SettlementCommand Command, SettlementResult First)>();

        for (var i = 0; i < Sendings; i++)
        {
            if (chance.Next(20) == 0)
            {
                await wallet.Record(Commands.Spend("anna", $"s-{i}", 10));
                host.Clock.AdvanceHours(12);
            }

            var key = $"k-{chance.Next(Sendings / 2)}";
            var again = sent.TryGetValue(key, out var earlier);
            var command = again ? earlier.Command : Any(chance);
            var result = await book.Do(
                LedgerHost.Community, TeaHouse, command, CommandKey.Client("operator-1", key), command is CloseStatement or PayStatement ? null : new("已核对", new byte[16]), stop);
            if (again)
            {
                Assert.Equal(Words(earlier.First, replayed: true), Words(result));
            }
            else
            {
                sent.Add(key, (command, result));
            }
        }

        Assert.Equal(2, sent.Values.Select(one => one.First.GetType()).Distinct().Count());
        var report = await host.Verify();
        Assert.True(report.IsSound, string.Join('\n', report.Findings));
    }

    [Fact]
    public async Task Another_reason_is_another_command_while_the_first_is_there()
    {
        var stop = TestContext.Current.CancellationToken;
        using var directory = new TemporaryDirectory();
        await using var host = await LedgerHost.Start(directory.Path, Instant.FromUtc(2026, 3, 1, 4, 0));
        var (book, wallet) = (host.Services.GetRequiredService<SettlementBook>(), host.Wallet("anna"));
        await wallet.Record(Commands.Earn("anna", "earned", 100, host.Clock.GetCurrentInstant()));
        await wallet.Record(Commands.Spend("anna", "s-1", 10));
        host.Clock.AdvanceDays(1);

        // What is refused keeps no reason.
        Assert.IsType<SettlementResult.Refused>(await Dispute("early", "少了一笔"));
        Assert.True(Assert.IsType<SettlementResult.Refused>(await Dispute("early", "多了一笔")).Replayed);

        await book.CloseAll(LedgerHost.Community, First, stop);
        Assert.False(Assert.IsType<SettlementResult.Done>(await Dispute("late", "少了一笔")).Replayed);
        Assert.IsType<SettlementResult.KeyReused>(await Dispute("late", "多了一笔"));
        Assert.True(Assert.IsType<SettlementResult.Done>(await Dispute("late", "少了一笔")).Replayed);

        Task<SettlementResult> Dispute(string key, string reason) => book.Do(
            LedgerHost.Community, TeaHouse, new DisputeStatement(First), CommandKey.Client("operator-1", key), new(reason, new byte[16]), stop);
    }

    private static SettlementCommand Any(Random chance)
    {
        var day = First.PlusDays(chance.Next(6));
        return chance.Next(6) switch
        {
            0 or 1 => new CloseStatement(day),
            2 => new DisputeStatement(day),
            3 => new ConfirmStatement(day),
            4 => new ClearStatement(day),
            _ => new PayStatement(day, "bank-17"),
        };
    }

    // What was done is told with what became of the statement since; a refusal is told as it was.
    private static string Words(SettlementResult result, bool? replayed = null) => result switch
    {
        SettlementResult.Done done => $"{done.Statement.Closed} {replayed ?? done.Replayed}",
        SettlementResult.Refused refused => $"{refused.Refusal} {refused.Statement?.Closed} {replayed ?? refused.Replayed}",
        _ => result.ToString(),
    };
}
