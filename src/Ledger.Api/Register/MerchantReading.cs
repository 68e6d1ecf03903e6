using System.Collections.Immutable;
using System.Text.Json;
using Ledger.Api.Json;
using Ledger.Api.Problems;
using Ledger.Grains.Communities;
using Ledger.Merchants;
using NodaTime;

namespace Ledger.Api.Register;

/// <summary>Reads a merchant as it is sent.</summary>
internal static class MerchantReading
{
    private const int NameCharactersMax = 100;
    private const int ListMax = 1_000;

    /// <param name="members">The body.</param>
    /// <param name="id">The merchant.</param>
    /// <param name="known">Its terms so far.</param>
    /// <param name="now">What counts now never changes.</param>
    /// <exception cref="RequestRefusedException">Something is missing or wrong.</exception>
    public static Merchant Read(JsonMembers members, MerchantId id, ImmutableArray<MerchantTerms> known, Instant now)
    {
        var names = new JsonMembers(members.Required("names"), members.At("names"));
        var merchant = new Merchant
        {
            Id = id,
            NameZh = names.ShortText("zh-CN", NameCharactersMax),
            NameEn = names.ShortText("en", NameCharactersMax),
            Category = members.Identifier("category"),
            Status = StatusOf(members),
            Terminals = [.. Distinct(members, "terminals", members.OptionalIdentifiers("terminals"))],
            Cashiers = CashiersOf(members),
            Terms = TermsOf(members, known, now),
            Limits = members.Optional("limits") is { } limits ? LimitsOf(new(limits, members.At("limits"))) : null,
        };
        names.NothingElse("zh-CN", "en");
        members.NothingElse("names", "category", "status", "terminals", "cashiers", "terms", "limits");
        return merchant;
    }

    private static MerchantLimits LimitsOf(JsonMembers members)
    {
        var limits = new MerchantLimits(
            LimitOf(members, "salesPerResident"),
            members.Optional("ownTill") is null ? null : ActionOf(members, "ownTill"),
            LimitOf(members, "pointsPerTerminal"));
        members.NothingElse("salesPerResident", "ownTill", "pointsPerTerminal");
        return limits;
    }

    private static SignalLimit? LimitOf(JsonMembers parent, string name)
    {
        if (parent.Optional(name) is not { } sent)
        {
            return null;
        }

        var members = new JsonMembers(sent, parent.At(name));
        var limit = new SignalLimit(members.Whole("max", 0), ActionOf(members, "action"));
        members.NothingElse("max", "action");
        return limit;
    }

    private static SignalAction ActionOf(JsonMembers members, string name) => members.Text(name) switch
    {
        "flag" => SignalAction.Flag,
        "hold" => SignalAction.Hold,
        _ => throw Invalid(members, name, "must be flag or hold"),
    };

    private static MerchantStatus StatusOf(JsonMembers members) => members.OptionalText("status") switch
    {
        null or "active" => MerchantStatus.Active,
        "suspended" => MerchantStatus.Suspended,
        _ => throw Invalid(members, "status", "must be active or suspended"),
    };

    private static ImmutableArray<Cashier> CashiersOf(JsonMembers members)
    {
        if (members.Optional("cashiers") is not { } list)
        {
            return [];
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            throw JsonMembers.Wrong(KnownProblems.MemberWrongType, members.At("cashiers"), "must be a list");
        }

        ImmutableArray<Cashier> cashiers = [.. list.EnumerateArray().Select((item, i) => CashierOf(new(item, $"{members.At("cashiers")}[{i}]")))];
        Distinct(members, "cashiers", [.. cashiers.Select(cashier => cashier.Id)]);
        return cashiers;
    }

    private static Cashier CashierOf(JsonMembers members)
    {
        var cashier = new Cashier(
            members.Identifier("id"), members.OptionalIdentifier("resident") is { } resident ? new ResidentId(resident) : null);
        members.NothingElse("id", "resident");
        return cashier;
    }

    private static IReadOnlyList<string> Distinct(JsonMembers members, string name, IReadOnlyList<string> ids) =>
        ids.Count <= ListMax && ids.Distinct().Count() == ids.Count
            ? ids
            : throw Invalid(members, name, $"must name at most {ListMax}, each once");

    // What has not begun to count gives way to terms that begin before it; what has begun never changes.
    private static ImmutableArray<MerchantTerms> TermsOf(JsonMembers members, ImmutableArray<MerchantTerms> known, Instant now)
    {
        if (members.Optional("terms") is not { } sent)
        {
            return known;
        }

        var terms = TermsOf(new(sent, members.At("terms")), now + RememberedList.KnownEverywhereWithin);
        return [.. known.Where(version => version.EffectiveFrom < terms.EffectiveFrom), terms];
    }

    private static MerchantTerms TermsOf(JsonMembers members, Instant earliest)
    {
        var effectiveFrom = members.OptionalTime("effectiveFrom") ?? earliest;
        if (effectiveFrom < earliest)
        {
            throw new RequestRefusedException(KnownProblems.TermsTooSoon, $"effectiveFrom is {effectiveFrom}; terms can count from {earliest} on.")
            {
                Path = members.At("effectiveFrom"),
            };
        }

        var cutOff = CutOffText.Read(members.Text("cutOff")) ?? throw Invalid(members, "cutOff", "must be a time of day like 22:00");
        var rate = members.Optional("rate") is { } sent ? RateOf(new(sent, members.At("rate"))) : null;
        members.NothingElse("effectiveFrom", "cutOff", "rate");
        return new(effectiveFrom, cutOff, rate);
    }

    private static MoneyRate RateOf(JsonMembers members)
    {
        var (minorUnits, per) = (NumberOf(members, "minorUnits"), NumberOf(members, "points"));
        if (minorUnits > per * MoneyRate.MinorUnitsPerPointMax)
        {
            throw Invalid(members, "minorUnits", $"must be at most {MoneyRate.MinorUnitsPerPointMax} for each point");
        }

        var currency = members.Text("currency");
        if (currency.Length != 3 || !currency.All(char.IsAsciiLetterUpper))
        {
            throw Invalid(members, "currency", "must be three capital letters such as CNY");
        }

        var rounding = members.Text("rounding");
        var words = RateView.Words.Where(word => word.Value == rounding).Select(word => (Ledger.Programmes.Rounding?)word.Key).FirstOrDefault()
            ?? throw Invalid(members, "rounding", $"must be one of {string.Join(", ", RateView.Words.Values)}");
        members.NothingElse("minorUnits", "points", "currency", "rounding");
        return new(minorUnits, new(per), currency, words);
    }

    private static long NumberOf(JsonMembers members, string name) => members.Quantity(name) is var number and <= MoneyRate.NumberMax
        ? number
        : throw Invalid(members, name, $"must be at most {MoneyRate.NumberMax}");

    private static RequestRefusedException Invalid(JsonMembers members, string name, string what) =>
        JsonMembers.Wrong(KnownProblems.MerchantInvalid, members.At(name), what);
}
