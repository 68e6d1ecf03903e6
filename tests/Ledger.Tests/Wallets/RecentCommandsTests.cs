using FsCheck.Fluent;
using Ledger.Tests.Laws;
using Ledger.Transactions;
using Ledger.Wallets;

namespace Ledger.Tests.Wallets;

/// <summary>However memories come from one another, each stays what it was: the last commands, as if it had a list of its own.</summary>
public sealed class RecentCommandsTests
{
    [Fact]
    public void A_memory_never_changes_whatever_is_added_to_it_or_to_one_that_came_from_it() =>
        Law.Holds(Gen.ListOf(Gen.Choose(0, 1_000)).Resize(300).ToArbitrary(), 50, steps =>
        {
            var grown = new List<(RecentCommands Memory, List<RecentCommand> Model)> { (RecentCommands.Empty, []) };
            for (var i = 0; i < steps.Count; i++)
            {
                // Mostly the newest grows, as in a wallet; now and then an older one does, as after an append that failed.
                var (memory, model) = steps[i] < 900 ? grown[^1] : grown[steps[i] % grown.Count];
                var command = new RecentCommand(new KeyHash((ulong)i, (ulong)steps[i]), i);
                grown.Add((memory.Add(command.Key, command.Sequence), [.. model, command]));
            }

            Assert.All(grown, one => Assert.Equal(one.Model.TakeLast(RecentCommands.CommandsMax), one.Memory.ToArray()));
            var (newest, all) = grown[^1];
            Assert.All(all.TakeLast(RecentCommands.CommandsMax), command => Assert.Equal(command.Sequence, newest.SequenceOf(command.Key)));
            Assert.All(all.SkipLast(RecentCommands.CommandsMax), command => Assert.Null(newest.SequenceOf(command.Key)));
        });

    [Fact]
    public async Task Two_that_grow_from_one_memory_at_once_do_not_see_each_other()
    {
        var common = Enumerable.Range(0, 5).Aggregate(RecentCommands.Empty, (memory, i) => memory.Add(new((ulong)i, 0), i));
        var both = await Task.WhenAll(Enumerable.Range(1, 2).Select(branch => Task.Run(() =>
            Enumerable.Range(5, 200).Aggregate(common, (memory, i) => memory.Add(new((ulong)i, (ulong)branch), i)))));
        Assert.All(both.Index(), one => Assert.All(one.Item.ToArray(), command => Assert.Equal((ulong)one.Index + 1, command.Key.High)));
        Assert.Equal(5, common.ToArray().Length);
    }
}
