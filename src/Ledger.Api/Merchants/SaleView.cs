using System.Diagnostics;
using Ledger.Api.Households;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Households;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Api.Merchants;

/// <summary>What became of a merchant's reference. Unit: points.</summary>
public sealed record SaleView
{
    /// <summary>The merchant.</summary>
    public required string Merchant { get; init; }

    /// <summary>The merchant's own name for the sale.</summary>
    public required string Reference { get; init; }

    /// <summary>
    /// <c>unknown</c> (nothing came with it yet), <c>held</c>, <c>captured</c>, <c>refunded</c> (all of it), <c>released</c>, <c>timed_out</c>,
    /// <c>voided</c>, <c>refused</c>.
    /// </summary>
    public required string Status { get; init; }

    /// <summary>The id of the hold, to capture or release it; absent where there is none.</summary>
    public string? Hold { get; init; }

    /// <summary>The resident; absent where nothing came.</summary>
    public string? Resident { get; init; }

    /// <summary>The household whose members paid together; absent for one resident's sale. Then <see cref="Resident"/> is who bought.</summary>
    public string? Household { get; init; }

    /// <summary>The number of the hold, or of its refusal, in the resident's wallet; of a pooled spend in the household.</summary>
    public long? Transaction { get; init; }

    /// <summary>Points that were set aside.</summary>
    public long? Points { get; init; }

    /// <summary>Points that are still set aside.</summary>
    public long? Held { get; init; }

    /// <summary>Points that were captured.</summary>
    public long? Captured { get; init; }

    /// <summary>Points of those that came back.</summary>
    public long? Refunded { get; init; }

    /// <summary>What is paid for the sale beside the points, in minor units; absent where the hold did not say.</summary>
    public long? Cash { get; init; }

    /// <summary>What refunds gave back of it.</summary>
    public long? CashBack { get; init; }

    /// <summary>The moment from which on a void leaves what was captured, and only a refund gives it back; absent before a capture.</summary>
    public Instant? SettlesAt { get; init; }

    /// <summary>When the hold was made or refused, or the reference voided.</summary>
    public Instant? At { get; init; }

    /// <summary>The moment from which on the hold cannot be captured.</summary>
    public Instant? HeldUntil { get; init; }

    /// <summary>When the hold ended; absent while it has not.</summary>
    public Instant? EndedAt { get; init; }

    /// <summary>The till that the hold came from.</summary>
    public string? Terminal { get; init; }

    /// <summary>Who served.</summary>
    public string? Cashier { get; init; }

    /// <summary>Why the hold was refused, or a pooled spend was, or was given back.</summary>
    public Problem? Problem { get; init; }

    internal static SaleView Of(MerchantReference reference, Sale sale, Caller caller, Language language)
    {
        var view = new SaleView { Merchant = reference.Merchant.Value, Reference = reference.Id, Status = "unknown" };
        return sale switch
        {
            Sale.Unknown => view,
            Sale.Voided voided => view with { Status = "voided", At = voided.At },
            Sale.Refused refused => view with
            {
                Status = "refused",
                Resident = refused.Resident.Value,
                Transaction = refused.Transaction.Sequence,
                At = refused.Transaction.EffectiveAt,
                Problem = RefusalWords.ProblemOf(refused.Transaction.Refusal!, language).For(caller),
            },
            Sale.Pooled { Spend: var spend } pooled => view.With(pooled.Household, spend, caller, language),
            Sale.PoolRefused refused => view with
            {
                Status = "refused",
                Household = refused.Household.Value,
                Transaction = refused.Transaction,
                At = refused.At,
                Problem = ProblemOf(refused.Why, caller, language),
            },
            Sale.Hold hold => view.With(hold),
            _ => throw new UnreachableException($"Sale {sale.GetType().Name} has no case."),
        };
    }

    private static Problem ProblemOf(HouseholdRefusal why, Caller caller, Language language)
    {
        var problem = HouseholdWords.ProblemOf(why, language);
        return caller.IsOnlyMerchant ? HouseholdWords.WithoutMembers(problem) : problem;
    }

    private SaleView With(HouseholdId household, PooledSpend spend, Caller caller, Language language) => this with
    {
        Status = spend.Taken switch
        {
            null => "held",
            false => "released",
            true => spend.Left.IsPositive ? "captured" : "refunded",
        },
        Household = household.Value,
        Resident = spend.Opened.Buyer.Value,
        Transaction = spend.Sequence,
        Points = spend.Opened.Points.Value,
        Held = spend.Taken is null ? spend.Opened.Points.Value : 0,
        Captured = spend.Taken == true ? spend.Opened.Points.Value : 0,
        Refunded = spend.Refunded.Value,
        At = spend.At,
        EndedAt = spend.EndedAt,
        Terminal = spend.Opened.Terminal,
        Cashier = spend.Opened.Cashier,
        Problem = spend.Taken == false ? ProblemOf(spend.Why!, caller, language) : null,
    };

    private SaleView With(Sale.Hold hold)
    {
        var (points, redemption) = (hold.Held.Points, hold.Held.Redemption);
        return this with
        {
            Status = StatusOf(hold),
            Hold = hold.Made.Reference.ToString(),
            Resident = hold.Resident.Value,
            Transaction = hold.Transaction.Sequence,
            Points = points.Value,
            Held = hold.IsLive ? (points - redemption.Spent).Value : 0,
            Captured = redemption.Spent.Value,
            Refunded = (redemption.Spent - redemption.Left).Value,
            Cash = hold.Made.Cash,
            CashBack = hold.Made.Cash is null ? null : redemption.CashBack,
            SettlesAt = redemption.Settlement?.SettlesAt,
            At = hold.Transaction.EffectiveAt,
            HeldUntil = hold.Made.Until,
            EndedAt = hold.IsLive ? null : hold.Held.EndedAt,
            Terminal = hold.Made.Terminal,
            Cashier = hold.Made.Cashier,
        };
    }

    private static string StatusOf(Sale.Hold hold) => hold switch
    {
        { IsLive: true } => "held",
        { Held.Redemption.Spent.IsPositive: true } => hold.Held.Redemption.Left.IsPositive ? "captured" : "refunded",
        { Held.End: HoldEnd.Released } => "released",
        { Held.End: HoldEnd.TimedOut } => "timed_out",
        { Held.End: HoldEnd.Voided } => "voided",
        _ => throw new UnreachableException($"A hold that ended as {hold.Held.End} captured something."),
    };
}
