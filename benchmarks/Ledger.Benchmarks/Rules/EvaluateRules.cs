using BenchmarkDotNet.Attributes;
using Ledger.Budgets;
using Ledger.Programmes;
using Ledger.Rules;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Benchmarks.Rules;

/// <summary>One activity against programmes from the plainest to one of 200 rules, all for its type, and 20 campaigns.</summary>
public class EvaluateRules
{
    private Programme _programme = null!;
    private ActivityRule _rule = null!;
    private ActivityFacts _facts;
    private PublishedProgrammes _published = null!;
    private CommandEnvelope _earn = null!;

    /// <summary>One plain award, or rules + campaigns.</summary>
    [Params("plain", "20 + 2", "200 + 20")]
    public string Size { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _programme = ProgrammeReader.Read(Json()).Programme ?? throw new InvalidOperationException("The programme has mistakes.");
        var activity = ActivityType.Parse("purchase");
        var at = Instant.FromUtc(2026, 5, 4, 2, 0);
        var details = ActivityDetails.Of([new("amount", AttributeValue.Of(3000)), new("shop", AttributeValue.Of("tea-house"))], ["senior"]);
        _rule = _programme.RuleFor(activity)!;
        _facts = new(activity, 120, details, _programme.LocalOf(at), CapBuckets.Empty, BudgetsAtHand.NotHeld);
        _published = new([new(1, Instant.MinValue, _programme)]);
        _earn = new()
        {
            Community = CommunityId.Parse("garden"),
            Resident = ResidentId.Parse("r-1029"),
            Key = CommandKey.Event("/apps/shop", "018f3c1e-7a52-7cc0-98e4-000000000001"),
            Command = new EarnPoints(activity, 120, at, details),
            At = at,
        };
    }

    /// <summary>Which rules and campaigns count, and what they give.</summary>
    [Benchmark]
    public Evaluation? Evaluate() => RulesEngine.Evaluate(_programme, _rule, _facts);

    /// <summary>The whole decision: what is due, the rules, the caps, the lot.</summary>
    [Benchmark]
    public Decision Decide() => Wallet.Decide(_published, WalletState.Empty, _earn, Thawed.Nothing.Instance);

    private string Json() => Size switch
    {
        "plain" => PurchaseProgramme.Plain,
        "20 + 2" => PurchaseProgramme.Of(20, 2, 2026),
        _ => PurchaseProgramme.Of(200, 20, 2026),
    };
}
