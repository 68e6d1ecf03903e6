using Ledger.Api.Json;
using Ledger.Api.Security;
using Ledger.Grains.Stores;
using Ledger.Merchants;
using NodaTime;

namespace Ledger.Api.Register;

/// <summary>A merchant as it is answered.</summary>
public sealed record MerchantView
{
    /// <summary>The merchant.</summary>
    public required string Merchant { get; init; }

    /// <summary>What people call it, by language: <c>zh-CN</c> and <c>en</c>.</summary>
    public required IReadOnlyDictionary<string, string> Names { get; init; }

    /// <summary>What it offers.</summary>
    public required string Category { get; init; }

    /// <summary><c>active</c>, or <c>suspended</c>: then holds and spends are refused, and captures and refunds go on.</summary>
    public required string Status { get; init; }

    /// <summary>The tills that may sell and refund; empty for any.</summary>
    public required IReadOnlyList<string> Terminals { get; init; }

    /// <summary>Who serves there.</summary>
    public required IReadOnlyList<CashierView> Cashiers { get; init; }

    /// <summary>Every version of its terms, by start. The last one that has started counts.</summary>
    public required IReadOnlyList<TermsView> Terms { get; init; }

    /// <summary>What is odd in a day of the merchant; absent for nothing, and for everybody but operators.</summary>
    public LimitsView? Limits { get; init; }

    /// <summary>From 1, one more with each change; in double quotes it is the <c>ETag</c>.</summary>
    public required int Revision { get; init; }

    /// <summary>The client that changed it last.</summary>
    public required string ChangedBy { get; init; }

    /// <summary>When.</summary>
    public required Instant ChangedAt { get; init; }

    internal static MerchantView Of(MerchantRevision revision) => new()
    {
        Merchant = revision.Merchant.Id.Value,
        Names = new Dictionary<string, string> { ["zh-CN"] = revision.Merchant.NameZh, ["en"] = revision.Merchant.NameEn },
        Category = revision.Merchant.Category,
        Status = revision.Merchant.Status == MerchantStatus.Active ? "active" : "suspended",
        Terminals = revision.Merchant.Terminals,
        Cashiers = [.. revision.Merchant.Cashiers.Select(cashier => new CashierView(cashier.Id, cashier.Resident?.Value))],
        Terms = [.. revision.Merchant.Terms.Select(TermsView.Of)],
        Limits = LimitsView.Of(revision.Merchant.Limits),
        Revision = revision.Revision,
        ChangedBy = revision.ChangedBy,
        ChangedAt = revision.ChangedAt,
    };

    /// <summary>Limits, and which residents its cashiers are, are nobody's but operators'.</summary>
    internal MerchantView For(Caller caller) => caller.Is(Roles.Operator)
        ? this
        : this with { Limits = null, Cashiers = [.. Cashiers.Select(cashier => cashier with { Resident = null })] };
}

/// <summary>Somebody who serves at a merchant.</summary>
/// <param name="Id">An opaque id, as tills say it.</param>
/// <param name="Resident">The resident that this is; absent where nobody said, and for everybody but operators.</param>
public sealed record CashierView(string Id, string? Resident);

/// <summary>What a merchant agreed with the community.</summary>
/// <param name="EffectiveFrom">From when on.</param>
/// <param name="CutOff">The local time at which a settlement day ends, like <c>22:00</c>, in the programme's zone.</param>
/// <param name="Rate">What points are worth; absent where statements are in points only.</param>
public sealed record TermsView(Instant? EffectiveFrom, string CutOff, RateView? Rate)
{
    internal static TermsView Of(MerchantTerms terms) => new(
        terms.EffectiveFrom,
        CutOffText.Of(terms.CutOff),
        terms.Rate is { } rate ? new(rate.MinorUnits, rate.Per.Value, rate.Currency, RateView.Words[rate.Rounding]) : null);
}

/// <summary>What points are worth: so many minor units (fen, cents) for so many points.</summary>
/// <param name="MinorUnits">Minor units, 1 to 1000000; at most 1000 for one point.</param>
/// <param name="Points">Points, 1 to 1000000.</param>
/// <param name="Currency">Three capital letters (ISO 4217).</param>
/// <param name="Rounding">What becomes of a fraction of a minor unit of a sale: <c>down</c>, <c>half_up</c> or <c>up</c>.</param>
public sealed record RateView(long MinorUnits, long Points, string Currency, string Rounding)
{
    internal static readonly IReadOnlyDictionary<Ledger.Programmes.Rounding, string> Words = new Dictionary<Ledger.Programmes.Rounding, string>
    {
        [Ledger.Programmes.Rounding.Down] = "down",
        [Ledger.Programmes.Rounding.HalfUp] = "half_up",
        [Ledger.Programmes.Rounding.Up] = "up",
    };
}

/// <summary>What is odd in a day of a merchant: <c>flag</c> shows it in the statement, <c>hold</c> also keeps it from being paid until an operator clears it.</summary>
/// <param name="SalesPerResident">More sales of one resident than this.</param>
/// <param name="OwnTill"><c>flag</c> or <c>hold</c>: a cashier who serves the wallet of the resident that the register names.</param>
/// <param name="PointsPerTerminal">More points at one till than this.</param>
public sealed record LimitsView(LimitView? SalesPerResident, string? OwnTill, LimitView? PointsPerTerminal)
{
    internal static LimitsView? Of(MerchantLimits? limits) => limits is null
        ? null
        : new(LimitView.Of(limits.SalesPerResident), limits.OwnTill is { } action ? EnumWords.Of(action) : null, LimitView.Of(limits.PointsPerTerminal));
}

/// <summary>A number that is usual.</summary>
/// <param name="Max">The most that is usual; 0 or more.</param>
/// <param name="Action"><c>flag</c> or <c>hold</c>: what happens above it.</param>
public sealed record LimitView(long Max, string Action)
{
    internal static LimitView? Of(SignalLimit? limit) => limit is null ? null : new(limit.Max, EnumWords.Of(limit.Action));
}

/// <summary>The merchants of a community, by identifier.</summary>
/// <param name="Data">All of them.</param>
public sealed record MerchantList(IReadOnlyList<MerchantView> Data);

/// <summary>What is sent to register a merchant or to change it.</summary>
public sealed record NewMerchant
{
    internal const string Example = """
        { "names": { "zh-CN": "湖畔茶馆", "en": "Lakeside tea house" }, "category": "shops",
          "terminals": ["t-1", "t-2"], "cashiers": [ { "id": "c-9", "resident": "r-1003" } ],
          "terms": { "cutOff": "22:00", "rate": { "minorUnits": 1, "points": 1, "currency": "CNY", "rounding": "down" } } }
        """;

    /// <summary>What people call it, 1 to 100 characters in each language: <c>zh-CN</c> and <c>en</c>.</summary>
    public required IReadOnlyDictionary<string, string> Names { get; init; }

    /// <summary>What it offers; an identifier, for example <c>shops</c>.</summary>
    public required string Category { get; init; }

    /// <summary><c>active</c> or <c>suspended</c>. Default: active.</summary>
    public string? Status { get; init; }

    /// <summary>The tills that may sell and refund, at most 1000. Default: any.</summary>
    public IReadOnlyList<string>? Terminals { get; init; }

    /// <summary>Who serves there, at most 1000. Default: nobody is known.</summary>
    public IReadOnlyList<CashierView>? Cashiers { get; init; }

    /// <summary>
    /// Terms that are to count from <c>effectiveFrom</c> (at least 60 seconds ahead; default: as soon as can be) instead of all that was to come from
    /// then on. Default: terms stay as they are.
    /// </summary>
    public TermsView? Terms { get; init; }

    /// <summary>What is odd in a day. Default: nothing.</summary>
    public LimitsView? Limits { get; init; }
}
