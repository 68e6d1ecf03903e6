using Ledger.Api.Communities;
using Ledger.Api.Merchants;
using Ledger.Api.Problems;
using Ledger.Grains.Communities;
using Ledger.Merchants;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Api.Settlement;

/// <summary>Reads which merchant and which settlement day a request is about.</summary>
internal sealed class MerchantDay(CommunityScope scope, IMerchants merchants, IProgrammes programmes, IClock clock)
{
    /// <summary>The community, a merchant that the caller may act for, and the day that it asks for: by default the merchant's today.</summary>
    /// <exception cref="RequestRefusedException">The merchant is no identifier or not the caller's, or the day is none.</exception>
    public async Task<(CommunityId Community, MerchantId Merchant, LocalDate Day)> Of(HttpContext context, string merchant, string? day)
    {
        var (community, id) = await Of(context, merchant);
        return (community, id, day is null ? await Today(community, id) : Read(day));
    }

    /// <summary>The community, and a merchant that the caller may act for.</summary>
    /// <exception cref="RequestRefusedException">The merchant is no identifier or not the caller's.</exception>
    public async Task<(CommunityId Community, MerchantId Merchant)> Of(HttpContext context, string merchant)
    {
        var id = SalePath.Merchant(merchant);
        SalePath.MustBeOf(context, id);
        return (await scope.Of(context), id);
    }

    /// <exception cref="RequestRefusedException">It is no date.</exception>
    public static LocalDate Read(string day) => LocalDatePattern.Iso.Parse(day) is { Success: true, Value: { Year: >= 1900 and <= 8999 } date }
        ? date
        : throw new RequestRefusedException(KnownProblems.DateInvalid, "The day must be a date such as 2026-03-01, from the year 1900 to the year 8999.");

    private async Task<LocalDate> Today(CommunityId community, MerchantId merchant)
    {
        var now = clock.GetCurrentInstant();
        var terms = (await merchants.Of(community)).TermsOf(merchant, now);
        return SettlementDay.Of(now, terms.CutOff, (await programmes.Of(community)).ZoneAt(now));
    }
}
