using Ledger.Budgets;
using Ledger.Json;
using Ledger.Merchants;
using Ledger.Programmes;
using Ledger.Rewards;
using Ledger.Tests.Model;
using Ledger.Tests.Rewards;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Tests.Sequences;

/// <summary>One wallet with its journal in memory: does what the grain does around the pure functions, and nothing more.</summary>
internal sealed class RecordedWallet(PublishedProgrammes programmes)
{
    public static readonly CommunityId Community = CommunityId.Parse("garden");
    public static readonly ResidentId Resident = ResidentId.Parse("r-1");

    private readonly Dictionary<CommandKey, Transaction> _byKey = [];
    private readonly Dictionary<MerchantReference, Transaction> _byReference = [];
    private readonly Dictionary<RedemptionId, Transaction> _byRedemption = [];
    private long _events;

    public PublishedProgrammes Programmes { get; set; } = programmes;

    public RewardBook Rewards { get; set; } = TestMall.Of(1);

    public MerchantBook Merchants { get; set; } = Setup.Merchants;

    public WalletState State { get; private set; } = WalletState.Empty;

    public List<Transaction> Journal { get; } = [];

    /// <summary>Commands of other residents.</summary>
    public HashSet<CommandKey> Elsewhere { get; } = [];

    /// <summary>What references stand for outside this wallet: holds of other residents, and voids.</summary>
    public Dictionary<MerchantReference, Thawed.Taken> TakenElsewhere { get; } = [];

    /// <summary>Redemptions that were voided before anything came with them.</summary>
    public Dictionary<RedemptionId, Thawed.Taken> Voided { get; } = [];

    /// <summary>What the maker of the next activity has entered within the last hour, for whomever.</summary>
    public long EnteredBefore { get; set; }

    public bool Knows(CommandKey key) => _byKey.ContainsKey(key);

    public Transaction? Find(CommandKey key) => _byKey.GetValueOrDefault(key);

    /// <summary>The hold, or the refused hold, that a reference stands for.</summary>
    public Transaction? Find(MerchantReference reference) => _byReference.GetValueOrDefault(reference);

    /// <summary>What came with a redemption, accepted or refused.</summary>
    public Transaction? Find(RedemptionId redemption) => _byRedemption.GetValueOrDefault(redemption);

    /// <summary>Sends a command and records what was decided.</summary>
    public Decision Send(CommandEnvelope envelope)
    {
        // Beyond what the wallet remembers, the journal knows: that is the grain's part.
        if (State.Recent.SequenceOf(envelope.KeyHash) is null && Find(envelope.Key) is { } first)
        {
            return new Decision.Repeated(first.Sequence);
        }

        var decision = Wallet.Decide(Programmes, State, envelope, ThawedFor(envelope), LeftOfBudgets(), Merchants, Rewards, EnteredBefore);
        if (decision is Decision.Accepted { Events.IsEmpty: false } or Decision.Refused)
        {
            var (transaction, after) = Wallet.Record(State, envelope, decision, envelope.At);
            Add(transaction);
            State = after;
        }

        return decision;
    }

    /// <summary>Sends a command under the next free event id, at the wallet's last time or later.</summary>
    public Decision Send(WalletCommand command, Instant at) => Send(Envelope(command, at));

    public CommandEnvelope Envelope(WalletCommand command, Instant at, CommandKey? key = null, bool historic = false) => new()
    {
        Community = Community,
        Resident = Resident,
        Key = key ?? CommandKey.Event("/law", $"e{++_events}"),
        Command = command,
        At = historic ? at : Instant.Max(at, State.LastAt),
        Historic = historic,
        PickupCode = TestMall.Code,
    };

    public Thawed ThawedFor(CommandEnvelope envelope)
    {
        var command = envelope.Command;
        if (command is HoldPoints hold)
        {
            return Find(hold.Reference) is { } first ? Thawed.Taken.By(first, envelope)
                : TakenElsewhere.TryGetValue(hold.Reference, out var taken) ? taken
                : Thawed.Nothing.Instance;
        }

        if (command is RedeemReward redeem)
        {
            return Voided.TryGetValue(redeem.Redemption, out var voided) ? voided : Thawed.Nothing.Instance;
        }

        if (Thawed.RedemptionOf(command) is { } redemption)
        {
            return _byRedemption.TryGetValue(redemption, out var made) ? Thawed.RedemptionFrom(made, Journal) : Thawed.Nothing.Instance;
        }

        if (command is GivePoints give)
        {
            return give.To == ModelWallet.Nobody ? Thawed.Nothing.Instance : Thawed.Receiver.Instance;
        }

        if (Thawed.HoldOf(command) is { } reference)
        {
            return Find(reference) is { } sale ? Thawed.From(sale, Journal) : Thawed.Nothing.Instance;
        }

        if (Thawed.TargetOf(command) is not { } target)
        {
            return Thawed.Nothing.Instance;
        }

        return Find(target) is { } transaction ? Thawed.From(transaction, Journal)
            : Elsewhere.Contains(target) ? Thawed.Elsewhere.Instance
            : Thawed.Nothing.Instance;
    }

    /// <summary>What budgets have left when this wallet is the only one.</summary>
    public BudgetsAtHand LeftOfBudgets()
    {
        var drawn = Journal.SelectMany(t => t.Events).OfType<PointsEarned>().SelectMany(earned => earned.Budgets ?? []).ToLookup(draw => draw.Campaign);
        var atHand = BudgetsAtHand.NotHeld;
        foreach (var campaign in Programmes.Versions.SelectMany(version => version.Programme.Campaigns).Where(campaign => campaign.Budget is not null))
        {
            var (used, limit) = (drawn[campaign.Name].Sum(draw => draw.Points.Value), campaign.Budget!.Limit);
            var left = drawn[campaign.Name].Count(draw => draw.Points.IsPositive) < limit.Awards ? Math.Max(0, limit.Points - used) : 0;
            atHand = atHand.With(campaign.Name, new(left));
        }

        return atHand;
    }

    /// <summary>Takes over another wallet's past.</summary>
    public void Take(IEnumerable<Transaction> journal)
    {
        foreach (var transaction in journal)
        {
            Add(transaction);
            State = Wallet.Evolve(State, transaction);
        }

        _events = Journal.Count;
    }

    private void Add(Transaction transaction)
    {
        Journal.Add(transaction);
        _byKey.Add(transaction.Key, transaction);
        if (transaction.Reference is { } reference)
        {
            _byReference.Add(reference, transaction);
        }

        if (transaction.Redemption is { } redemption)
        {
            _byRedemption.Add(redemption, transaction);
        }
    }

    /// <summary>The journal as a database would give it back: every event through its stored bytes.</summary>
    public IEnumerable<Transaction> Stored() => Journal.Select(t => t with { Events = LedgerJson.EventsOf(LedgerJson.BytesOf(t.Events)) });
}
