using System.Globalization;
using Ledger.Benchmarks.Rules;
using Ledger.Grains.Wallets;
using Ledger.Load.Comparing;
using Ledger.Load.Loops;
using Ledger.Load.Ours;
using Ledger.Load.Questions;
using Ledger.Rules;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Load.Growing;

/// <summary>Does an award cost more through the grain when the programme has very many rules?</summary>
internal sealed class ManyRules(Patience patience) : IQuestion
{
    private const int Callers = 256;
    private const int Wallets = 20_000;

    public string Name => "rules";

    public string Title => "Many rules";

    public string About =>
        "The same purchases over 20,000 wallets, evenly chosen, 256 callers, in a community whose programme has one award and in one whose programme has 201 rules for "
        + "them and 20 campaigns, in turn; medians. *Processors*: microseconds for one command, engine and database together. Aim: at most 1.15.";

    public IReadOnlyList<string> Columns => ["commands a second", "plain", "processors", "plain", "processors, ratio"];

    public async Task<IReadOnlyList<IReadOnlyList<string>>> Measure(StoreMaker stores, CancellationToken cancellation)
    {
        await using var store = await stores.Make();
        await using var host = await LedgerHost.Start(store, cancellation);
        var (plain, large) = (new Side("plain", host), new Side("large", host));
        await host.Install(plain.Community, PurchaseProgramme.Plain, cancellation);
        await host.Install(large.Community, PurchaseProgramme.Of(200, 20, SystemClock.Instance.GetCurrentInstant().InUtc().Year), cancellation);
        for (var round = 0; round < patience.Rounds; round++)
        {
            await plain.Measure(patience, cancellation);
            await large.Measure(patience, cancellation);
        }

        var (of, than) = (large.Median(), plain.Median());
        return
        [
            [
                Text($"{of.PerSecond:n0}"), Text($"{than.PerSecond:n0}"), Text($"{of.Processors:n1}"), Text($"{than.Processors:n1}"),
                Text($"{of.Processors / than.Processors:n2}"),
            ],
        ];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed class Side(string community, LedgerHost host) : ICaller
    {
        private static readonly ActivityType s_purchase = ActivityType.Parse("purchase");

        private static readonly ActivityDetails s_details =
            ActivityDetails.Of([new("amount", AttributeValue.Of(3000)), new("shop", AttributeValue.Of("tea-house"))], ["senior"])!;

        private readonly List<Measured> _rounds = [];
        private long _number;

        public CommunityId Community { get; } = CommunityId.Parse(community);

        public async Task Measure(Patience patience, CancellationToken cancellation)
        {
            var measured = await ClosedLoop.Run([.. Enumerable.Repeat(this, Callers)], patience.WarmUp, patience.Duration, cancellation);
            _rounds.Add(measured.Failures.Count == 0 ? measured : throw new InvalidOperationException("Purchases failed."));
        }

        public (double PerSecond, double Processors) Median() => (
            _rounds.Select(round => round.PerSecond).Order().ElementAt(_rounds.Count / 2),
            _rounds.Select(round => round.Processors.TotalMicroseconds / round.Sends).Order().ElementAt(_rounds.Count / 2));

        public async ValueTask<Answer> Send(CancellationToken cancellation)
        {
            var number = Interlocked.Increment(ref _number);
            var envelope = new CommandEnvelope
            {
                Community = Community,
                Resident = new(FormattableString.Invariant($"r-{Random.Shared.Next(Wallets)}")),
                Key = CommandKey.Event("/load/purchases", number.ToString(CultureInfo.InvariantCulture)),
                Command = new EarnPoints(s_purchase, 120, SystemClock.Instance.GetCurrentInstant(), s_details),
            };
            return await host.Grains.GetWallet(Community, envelope.Resident).Send(envelope) is CommandResult.Recorded { Transaction.Refusal: null }
                ? new(1)
                : new(0, ["Refused"]);
        }

        public void Dispose()
        {
        }
    }
}
