using System.Globalization;
using System.Text.Json;
using Ledger.Grains.Tests.Hosting;
using Ledger.Grains.Wallets;
using Ledger.Json;
using Ledger.Rules;
using Ledger.Transactions;
using Ledger.Wallets;
using static Ledger.Grains.Tests.Wallets.Commands;

namespace Ledger.Grains.Tests.Wallets;

/// <summary>Simulating is doing, but for the doing.</summary>
public sealed class SimulationTests : IAsyncLifetime
{
    private const string Programme = """
        { "expiry": { "kind": "rolling", "months": 1 },
          "tiers": { "basis": { "kind": "rolling_months", "months": 1 }, "graceDays": 3,
            "levels": [ { "id": "silver", "from": 30, "multiplierBasisPoints": 15000 }, { "id": "gold", "from": 100, "multiplierBasisPoints": 20000 } ] },
          "activities": [ { "type": "service",
            "rules": [
              { "id": "each", "award": { "kind": "per_unit", "points": 1 } },
              { "id": "hall", "when": [ { "kind": "present", "attribute": "venue" } ], "award": { "kind": "fixed", "points": 7 }, "stacks": true },
              { "id": "second", "when": [ { "kind": "nth", "number": 2, "per": "local_day" } ], "award": { "kind": "fixed", "points": 5 }, "stacks": true } ],
            "checks": [ { "kind": "maker_rate", "perHourMax": 3, "onHit": "hold" } ],
            "caps": [ { "per": "local_day", "points": 40, "onReversal": "restore" }, { "per": "iso_week", "times": 9, "onExcess": "refuse" } ] } ],
          "campaigns": [ { "id": "spring", "from": "2026-01-01", "through": "2026-12-31", "effect": { "kind": "bonus", "points": 3 }, "budget": { "points": 100 } } ] }
        """;

    private readonly TemporaryDirectory _directory = new();
    private LedgerHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await LedgerHost.Start(_directory.Path);
        _host.Programmes.Published = FixedProgrammes.Only(Programme);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task What_is_simulated_is_what_is_then_done_whatever_the_command()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var chance = new Random(seed);
        var sent = new List<string>();
        for (var step = 0; step < 150; step++)
        {
            _host.Clock.AdvanceHours(Math.Max(0, chance.Next(-30, 30)));
            var envelope = Draw(chance, $"r{chance.Next(3)}", step.ToString(CultureInfo.InvariantCulture), sent);
            var wallet = _host.Wallet(envelope.Resident.Value);
            var before = (await wallet.Read()).State;

            var simulated = await wallet.Simulate(envelope, programme: null);
            Assert.Equal(before.Sequence, (await wallet.Read()).State.Sequence);
            var done = await wallet.Record(envelope);

            Assert.Equal(Text(done.Transaction), Text(Assert.IsType<CommandResult.Simulated>(simulated).Transaction));
            sent.Add(envelope.Key.Id);
        }

        Assert.True(sent.Count > 100);
    }

    [Fact]
    public async Task A_command_that_was_done_is_answered_with_its_outcome_and_another_one_under_its_key_is_not()
    {
        var done = await _host.Wallet("r1").Record(Earn("r1", "e1", 5, _host.Clock.GetCurrentInstant()));
        var again = Earn("r1", "e1", 5, _host.Clock.GetCurrentInstant());

        var known = Assert.IsType<CommandResult.Recorded>(await _host.Wallet("r1").Simulate(again, programme: null));
        Assert.True(known.Replayed);
        Assert.Equal(Text(done.Transaction), Text(known.Transaction));
        Assert.IsType<CommandResult.KeyReused>(
            await _host.Wallet("r1").Simulate(again with { Command = new SpendPoints(MerchantId.Parse("tea-house"), new(1)) }, programme: null));
        Assert.IsType<CommandResult.KeyReused>(await _host.Wallet("r2").Simulate(again with { Resident = ResidentId.Parse("r2") }, programme: null));
    }

    [Fact]
    public async Task Another_programme_decides_as_if_it_counted_from_the_beginning()
    {
        var draft = new SimulatedProgramme(7, """{ "activities": [ { "type": "swim", "award": { "kind": "fixed", "points": 3 } } ] }""");

        var result = await _host.Wallet("r1").Simulate(Earn("r1", "e1", 5, _host.Clock.GetCurrentInstant(), "swim"), draft);

        var transaction = Assert.IsType<CommandResult.Simulated>(result).Transaction;
        Assert.Equal((7, 3L), (transaction.ProgrammeVersion, transaction.Events.OfType<PointsEarned>().Single().Credited.Value));
    }

    private CommandEnvelope Draw(Random chance, string resident, string id, List<string> sent) => chance.Next(sent.Count == 0 ? 3 : 6) switch
    {
        0 => Spend(resident, id, chance.Next(1, 40)),
        1 => Earn(resident, id, chance.Next(1, 30), _host.Clock.GetCurrentInstant()),
        2 => Envelope(resident, id, new EarnPoints(
            ActivityType.Parse("service"),
            chance.Next(1, 30),
            _host.Clock.GetCurrentInstant(),
            ActivityDetails.Of([new("venue", AttributeValue.Of("hall-1"))], ["senior"]))),
        3 => Refund(resident, id, sent[chance.Next(sent.Count)], chance.Next(2) == 0 ? null : chance.Next(1, 10)),
        _ => Reverse(resident, id, sent[chance.Next(sent.Count)], chance.Next(2) == 0 ? null : chance.Next(1, 10)),
    };

    private static string Text(Transaction transaction) => JsonSerializer.Serialize(transaction, LedgerJson.Default.Transaction);
}
