using Ledger.Grains.Journal;
using Ledger.Grains.Tests.Hosting;
using Ledger.Grains.Wallets;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;
using static Ledger.Grains.Tests.Wallets.Commands;

namespace Ledger.Grains.Tests.Wire;

/// <summary>The real wallet, commanded and read from the other silo.</summary>
[Collection(nameof(TwoSilos))]
public sealed class WalletAcrossSilosTests(TwoSilos silos)
{
    private Instant Now => silos.Clock.GetCurrentInstant();

    [Fact]
    public async Task What_arrives_is_what_the_journal_holds()
    {
        var wallet = await silos.FarWallet("far-1");
        CommandResult[] results =
        [
            await wallet.Send(Earn("far-1", "f1-e1", 20, Now)),
            .. await wallet.SendMany([Earn("far-1", "f1-e2", 3, Now, "class"), Spend("far-1", "f1-s1", 21), Spend("far-1", "f1-s2", 500)]),
            await wallet.Send(Refund("far-1", "f1-r1", "f1-s1", 4)),
            await wallet.Send(Reverse("far-1", "f1-v1", "f1-e1")),
            await wallet.Send(Reverse("far-1", "f1-v2", "f1-unknown")),
        ];

        var stored = await Stored("far-1");
        Assert.Equal(results.Length, stored.Count);
        foreach (var (result, transaction) in results.Zip(stored))
        {
            Sameness.AssertSame(new CommandResult.Recorded(transaction, Replayed: false), result);
        }

        Assert.Equal("insufficient_points", stored[3].Outcome);
        var replayed = await wallet.Record(Spend("far-1", "f1-s2", 500));
        Sameness.AssertSame(new CommandResult.Recorded(stored[3], Replayed: true), replayed);
        Assert.Equal(new CommandResult.KeyReused(Key("f1-s2")), await wallet.Send(Spend("far-1", "f1-s2", 501)));
    }

    [Fact]
    public async Task The_state_arrives_as_the_replay_of_the_journal()
    {
        var wallet = await silos.FarWallet("far-2");
        await wallet.SendMany([Earn("far-2", "f2-e1", 20, Now), Earn("far-2", "f2-e2", 9, Now, "class"), Spend("far-2", "f2-s1", 7)]);
        var replay = WalletState.Empty;
        foreach (var transaction in await Stored("far-2"))
        {
            replay = Wallet.Evolve(replay, transaction);
        }

        Sameness.AssertSame(new WalletReading(replay, Now), await wallet.Read());
    }

    [Fact]
    public async Task In_one_silo_the_state_is_read_by_reference()
    {
        var wallet = await silos.NearWallet("near-1");
        await wallet.Record(Earn("near-1", "n1-e1", 20, Now));
        Assert.Same((await wallet.Read()).State, (await wallet.Read()).State);
    }

    [Fact]
    public async Task A_read_from_the_other_silo_does_not_wait_for_a_command_and_shows_only_what_is_committed()
    {
        var wallet = await silos.FarWallet("far-3");
        await wallet.Record(Earn("far-3", "f3-e1", 20, Now));
        var (appends, gate) = (silos.Journal.Appends, silos.Journal.Hold());
        var spending = wallet.Send(Spend("far-3", "f3-s1", 5));
        for (var reads = 0; silos.Journal.Appends == appends && reads < 10_000; reads++)
        {
            await wallet.Read();
        }

        // Now the command awaits its commit.
        Assert.Equal(appends + 1, silos.Journal.Appends);
        Assert.Equal(new Points(20), (await wallet.Read()).State.Available);
        Assert.False(spending.IsCompleted);
        gate.SetResult();
        await spending;
        Assert.Equal(new Points(15), (await wallet.Read()).State.Available);
    }

    [Fact]
    public async Task A_failure_of_the_journal_arrives_as_itself_and_sending_again_finds_the_outcome()
    {
        var wallet = await silos.FarWallet("far-4");
        silos.Journal.FailNext(Fault.Busy);
        await Assert.ThrowsAsync<JournalBusyException>(() => wallet.Send(Earn("far-4", "f4-e1", 20, Now)));
        silos.Journal.FailNext(Fault.UnknownCommitted);
        var unknown = await Assert.ThrowsAsync<JournalOutcomeUnknownException>(() => wallet.Send(Earn("far-4", "f4-e1", 20, Now)));
        Assert.Equal("The connection was lost.", unknown.Message);
        Assert.True((await wallet.Record(Earn("far-4", "f4-e1", 20, Now))).Replayed);
    }

    private async Task<List<Transaction>> Stored(string resident)
    {
        var transactions = new List<Transaction>();
        await foreach (var row in silos.Journal.Read(StreamId.Of(LedgerHost.Community, ResidentId.Parse(resident)), 1))
        {
            transactions.Add(row.ToTransaction());
        }

        return transactions;
    }
}
