using Ledger.Accounts;
using Ledger.Grains.Households;
using Ledger.Grains.Journal;
using Ledger.Grains.Tests.Hosting;
using Ledger.Households;
using Ledger.PrivatePostgres;
using Ledger.Transactions;
using Ledger.Wallets;
using Microsoft.Extensions.DependencyInjection;
using static Ledger.Grains.Tests.Wallets.Commands;

namespace Ledger.Grains.Tests.Households;

/// <summary>
/// Whatever members and operators do, and wherever they are cut short: in the end every spend was paid by all of its shares or by none, everybody has what was
/// earned less the own shares plus what came back of them, and nothing is under way.
/// </summary>
public abstract class HouseholdModelTests(SharedPostgres? shared) : HostedTests(shared)
{
    private const int Steps = 120;
    private const long Earned = 200;

    private static readonly HouseholdId[] Homes = [new("home"), new("other")];
    private static readonly string[] Residents = ["a", "b", "c", "d"];
    private static readonly MerchantId TeaHouse = new("tea-house");

    // What was asked for, as one would keep it on paper.
    private readonly List<(HouseholdId Home, SpendTogether Command, CommandKey Key)> _spends = [];
    private Random _chance = null!;
    private int _names;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        foreach (var resident in Residents)
        {
            await Rich(resident, Earned);
        }

        foreach (var resident in Residents[..2])
        {
            await Driver.Move(LedgerHost.Community, Homes[0], new(resident), joins: true, NewKey());
            await Host.Wallet(resident).Record(Envelope(resident, $"consent {resident}", new ConsentToPool(new(new(60), null))));
        }
    }

    [Fact]
    public async Task In_the_end_every_spend_was_paid_by_all_or_none_and_everybody_has_the_rest()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        _chance = new(seed);
        for (var step = 0; step < Steps; step++)
        {
            await Step();
        }

        await Settle();
        await EverybodyHasTheRest($"seed {seed}");
    }

    private HouseholdDriver Driver => Host.Services.GetRequiredService<HouseholdDriver>();

    private Task Step() => _chance.Next(24) switch
    {
        < 4 => CutShort(() => Driver.Move(LedgerHost.Community, AnyHome(), AnyResident(), joins: _chance.Next(4) > 0, NewKey())),
        < 7 => CutShort(Consent),
        < 13 => CutShort(Spend),
        < 15 => CutShort(SpendAgain),
        < 18 => CutShort(Refund),
        < 19 => CutShort(() => Act(_chance.Next(2) == 0 ? new FreezeWallet() : new UnfreezeWallet())),
        < 21 => Advance(_chance.Next(1, 4)),
        < 23 => CutShort(Sweep),
        _ => _chance.Next(6) == 0 ? Restart() : Advance(_chance.Next(1, 300)),
    };

    // Often enough whoever asks is cut short: of his last append he hears nothing. The journal says afterwards what was done.
    private Task CutShort(Func<Task> act) => Host.Journal.CutShort(act, _chance.Next(3) == 0 ? _chance.Next(0, 9) : null);

    private Task Consent() => Act(new ConsentToPool(_chance.Next(5) == 0 ? null : new(new(_chance.Next(1, 80)), _chance.Next(2) == 0 ? null : new(_chance.Next(1, 150)))));

    private async Task Act(WalletCommand command)
    {
        var resident = AnyResident().Value;
        await Host.Wallet(resident).Send(Envelope(resident, $"act {++_names}", command));
    }

    private Task Spend()
    {
        var home = AnyHome();
        var command = new SpendTogether(AnyResident(), new(TeaHouse, $"sale-{_names + 1}"), new(_chance.Next(1, 120)));
        _spends.Add((home, command, NewKey()));
        return Driver.Send(LedgerHost.Community, home, command, _spends[^1].Key);
    }

    private async Task SpendAgain()
    {
        if (_spends.Count > 0)
        {
            var (home, command, key) = _spends[_chance.Next(_spends.Count)];
            await Driver.Send(LedgerHost.Community, home, command, key);
        }
    }

    private async Task Refund()
    {
        if (_spends.Count > 0 && _spends[_chance.Next(_spends.Count)] is var spent && await Find(spent.Key) is { } row)
        {
            Points? points = _chance.Next(4) == 0 ? null : new(_chance.Next(1, 60));
            await Driver.Send(LedgerHost.Community, spent.Home, new RefundTogether(row.Sequence, points), NewKey());
        }
    }

    // Longer than any pause, as often as anything can be left.
    private async Task Settle()
    {
        for (var i = 0; i < 6; i++)
        {
            Host.Clock.AdvanceHours(5);
            await Sweep();
        }
    }

    private async Task EverybodyHasTheRest(string seed)
    {
        var (has, owed) = (Residents.ToDictionary(resident => new ResidentId(resident), _ => Earned), 0L);
        foreach (var (home, _, key) in _spends)
        {
            if (await Find(key) is { } row && await Host.Journal.ReadSpend(row.Stream, row.Sequence) is { } spend)
            {
                Assert.NotNull(spend.Taken);
                if (spend.Taken == true)
                {
                    spend.Opened.Shares.ToList().ForEach(share => has[share.Resident] -= share.Points.Value);
                    PoolParts.Back(spend.Opened.Shares, Points.Zero, spend.Refunded).ToList().ForEach(part => has[part.Resident] += part.Points.Value);
                    owed += (spend.Opened.Points - spend.Refunded).Value;
                }
            }
        }

        foreach (var (resident, points) in has)
        {
            var state = (await Host.Wallet(resident.Value).Read()).State;
            Assert.True(points == state.Available.Value && state.HeldPoints.IsZero, $"{seed}: {resident} has {state.Available} and {state.HeldPoints} held, {points} on paper");
        }

        Assert.Equal(owed, (await Host.Journal.ReadTotals(LedgerHost.Community)).GetValueOrDefault(Account.Merchant(TeaHouse).Name));
        foreach (var home in Homes)
        {
            Assert.Empty((await Host.Grains.GetHousehold(LedgerHost.Community, home).Read()).Standing.Undertakings);
        }
    }

    private Task<JournalRow?> Find(CommandKey key) => Host.Journal.Find(LedgerHost.Community, key);

    private HouseholdId AnyHome() => Homes[_chance.Next(5) == 0 ? 1 : 0];

    private ResidentId AnyResident() => new(Residents[_chance.Next(Residents.Length)]);

    private CommandKey NewKey() => CommandKey.Client("app", $"k{++_names}");

    private Task Advance(int minutes)
    {
        Host.Clock.AdvanceMinutes(minutes);
        return Task.CompletedTask;
    }
}

public sealed class HouseholdModelOnSqlite() : HouseholdModelTests(null);

public sealed class HouseholdModelOnPostgres(SharedPostgres shared) : HouseholdModelTests(shared);
