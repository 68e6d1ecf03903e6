using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Ledger.Grains.Journal;
using Ledger.Grains.Wallets;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Grains.Tests.Wallets;

public sealed class CommandQueueTests
{
    [Fact]
    public void Whatever_fails_every_call_is_answered_for_its_own_commands_in_the_order_of_arrival() =>
        Prop.ForAll(Gen.ListOf(Gen.Choose(0, 130)).ToArbitrary(), sizes => Play([.. sizes]).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithQuietOnSuccess(true));

    [Theory]
    [InlineData(typeof(JournalBusyException))]
    [InlineData(typeof(JournalUnavailableException))]
    [InlineData(typeof(JournalOutcomeUnknownException))]
    [InlineData(typeof(JournalFencedException))]
    public async Task A_failure_of_the_store_is_told_to_all_who_were_done_together_each_by_an_exception_of_its_own(Type kind)
    {
        using var queue = new CommandQueue<CommandEnvelope, CommandResult>();
        var gate = new TaskCompletionSource();
        var works = 0;
        var calls = Enumerable.Range(0, 4).Select(i => queue.Do(Envelopes($"c{i}", 1), async commands =>
        {
            works++;
            await gate.Task;
            return commands.Length == 1 ? Results(commands) : throw (Exception)Activator.CreateInstance(kind, "down")!;
        })).ToList();
        gate.SetResult();
        await Task.WhenAll(calls).ContinueWith(_ => { }, TaskScheduler.Default);

        Assert.Equal(2, works);
        Assert.True(calls[0].IsCompletedSuccessfully);
        var failures = calls[1..].Select(call => call.Exception!.InnerException!).ToList();
        Assert.All(failures, failure => Assert.IsType(kind, failure));
        Assert.Equal(3, failures.Distinct().Count());
    }

    [Fact]
    public async Task Single_commands_that_wait_are_done_together_and_each_has_its_own_answer()
    {
        using var queue = new CommandQueue<CommandEnvelope, CommandResult>();
        var (gate, sizes) = (new TaskCompletionSource(), new List<int>());
        var commands = Envelopes("c", 4);
        var answers = commands.Select(command => queue.Do(command, async together =>
        {
            sizes.Add(together.Length);
            await gate.Task;
            return Results(together);
        })).ToList();
        gate.SetResult();

        Assert.Equal(commands.Select(command => command.Key), (await Task.WhenAll(answers)).Select(result => ((CommandResult.KeyReused)result).Key));
        Assert.Equal([1, 3], sizes);
    }

    [Fact]
    public async Task Something_done_alone_has_the_wallet_to_itself()
    {
        using var queue = new CommandQueue<CommandEnvelope, CommandResult>();
        var gate = new TaskCompletionSource();
        var inside = 0;
        var first = queue.Do(Envelopes("a", 1), async commands =>
        {
            await gate.Task;
            return Results(commands);
        });
        var alone = queue.DoAlone(async () =>
        {
            inside++;
            await Task.Yield();
            return inside--;
        });
        var last = queue.Do(Envelopes("b", 1), commands =>
        {
            Assert.Equal(0, inside);
            return Task.FromResult(Results(commands));
        });
        Assert.Equal(0, inside);
        gate.SetResult();
        await Task.WhenAll(first, last);
        Assert.Equal(1, await alone);
    }

    // Each number is a call: so many commands, and one in seven holds a command that cannot be done. All but the first wait and are done together.
    private static async Task Play(ImmutableArray<int> calls)
    {
        using var queue = new CommandQueue<CommandEnvelope, CommandResult>();
        var (gate, done, isWorking) = (new TaskCompletionSource(), new List<string>(), false);
        var answers = new List<Task<ImmutableArray<CommandResult>>>();
        for (var i = 0; i < calls.Length; i++)
        {
            answers.Add(queue.Do(Envelopes(IsPoison(calls[i]) ? $"poison{i}" : $"c{i}", calls[i] + 1), async commands =>
            {
                Assert.False(isWorking);
                isWorking = true;
                await gate.Task;
                isWorking = false;
                if (commands.Any(command => command.Key.Id.StartsWith("poison", StringComparison.Ordinal)))
                {
                    throw new JournalLimitException("cannot be stored");
                }

                done.AddRange(commands.Select(command => command.Key.Id));
                return Results(commands);
            }));
        }

        gate.SetResult();
        await Task.WhenAll(answers).ContinueWith(_ => { }, TaskScheduler.Default);
        var expected = new List<string>();
        for (var i = 0; i < calls.Length; i++)
        {
            if (IsPoison(calls[i]))
            {
                Assert.IsType<JournalLimitException>(answers[i].Exception?.InnerException);
                continue;
            }

            var keys = Envelopes($"c{i}", calls[i] + 1).Select(command => command.Key).ToList();
            Assert.Equal(keys, (await answers[i]).Select(result => ((CommandResult.KeyReused)result).Key));
            expected.AddRange(keys.Select(key => key.Id));
        }

        Assert.Equal(expected, done);
    }

    private static bool IsPoison(int call) => call % 7 == 3;

    private static ImmutableArray<CommandEnvelope> Envelopes(string call, int count) =>
        [.. Enumerable.Range(0, count).Select(i => Commands.Earn("r-1", $"{call}-{i}", 1, Instant.FromUtc(2026, 1, 1, 0, 0)))];

    private static ImmutableArray<CommandResult> Results(ImmutableArray<CommandEnvelope> commands) =>
        [.. commands.Select(command => new CommandResult.KeyReused(command.Key))];
}
