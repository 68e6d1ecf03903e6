using System.Globalization;
using Ledger.Programmes;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Benchmarks.Wallets;

/// <summary>A wallet and its past, made by the same functions that are measured.</summary>
internal sealed class WalletAtWork
{
    /// <summary>Caps on walking, none on service; lots live a year.</summary>
    public static readonly PublishedProgrammes Programmes = new([new(1, Instant.MinValue, Read(
        """
        { "zone": "Asia/Shanghai", "expiry": { "kind": "rolling", "months": 12 },
          "activities": [
            { "type": "service", "award": { "kind": "per_unit", "points": 10, "units": 60 } },
            { "type": "walk", "award": { "kind": "fixed", "points": 5 },
              "caps": [ { "per": "local_day", "points": 1000000 }, { "per": "month", "points": 30000000 } ] } ] }
        """))]);

    public static readonly MerchantId TeaHouse = MerchantId.Parse("tea-house");

    private static readonly CommunityId s_garden = CommunityId.Parse("garden");

    private static readonly ResidentId s_resident = ResidentId.Parse("r-1029");

    private static readonly ActivityType s_service = ActivityType.Parse("service");

    private static readonly ActivityType s_walk = ActivityType.Parse("walk");

    private readonly List<Transaction> _history = [];

    private WalletAtWork(Instant now) => Now = now;

    public static Instant Beginning { get; } = Instant.FromUtc(2026, 1, 5, 1, 0);

    public WalletState State { get; private set; } = WalletState.Empty;

    public Instant Now { get; private set; }

    public IReadOnlyList<Transaction> History => _history;

    /// <summary>A wallet with so many open lots, earned half a minute apart.</summary>
    public static WalletAtWork WithOpenLots(int lots)
    {
        var wallet = new WalletAtWork(Beginning);
        for (var i = 0; i < lots; i++)
        {
            wallet.Do(Service(wallet.Now), Duration.FromSeconds(30));
        }

        return wallet;
    }

    /// <summary>A wallet with so many past transactions, walks and purchases in turn, half an hour apart; always the same few points open at the end.</summary>
    public static WalletAtWork WithPast(int transactions)
    {
        var wallet = new WalletAtWork(Beginning);
        for (var i = 0; i < transactions; i++)
        {
            wallet.Do(i % 2 == 0 ? Walk(wallet.Now) : Spend(5), Duration.FromMinutes(30));
        }

        return wallet;
    }

    public static EarnPoints Service(Instant at) => new(s_service, 120, at);

    public static EarnPoints Walk(Instant at) => new(s_walk, 1, at);

    public static SpendPoints Spend(long points) => new(TeaHouse, new Points(points));

    /// <summary>Does a command and remembers it; time goes on by <paramref name="step"/>.</summary>
    public Transaction Do(WalletCommand command, Duration step)
    {
        var envelope = Envelope(command, _history.Count);
        var decision = Wallet.Decide(Programmes, State, envelope, ThawedFor(command));
        var (transaction, after) = Wallet.Record(State, envelope, decision, Now);
        if (decision is not Decision.Accepted)
        {
            throw new InvalidOperationException($"The past of a benchmark refuses: {transaction.Outcome}.");
        }

        _history.Add(transaction);
        State = after;
        Now += step;
        return transaction;
    }

    public CommandEnvelope Envelope(WalletCommand command, long number) => new()
    {
        Community = s_garden,
        Resident = s_resident,
        Key = CommandKey.Event("/apps/charity", string.Create(CultureInfo.InvariantCulture, $"018f3c1e-7a52-7cc0-98e4-{number:x12}")),
        Command = command,
        At = Now,
    };

    /// <summary>What a refund or a reversal of a past command would be given.</summary>
    public Thawed ThawedFor(WalletCommand command) => Thawed.TargetOf(command) is { } key
        ? Thawed.From(_history.Single(transaction => transaction.Key == key), _history)
        : Thawed.Nothing.Instance;

    private static Programme Read(string json)
    {
        var reading = ProgrammeReader.Read(json);
        return reading.Programme ?? throw new InvalidOperationException(string.Join("; ", reading.Problems));
    }
}
