using Ledger.Api.Json;
using Ledger.Api.Problems;
using Ledger.Api.Residents;

namespace Ledger.Api.Merchants;

/// <summary>Reads which sale a request is about.</summary>
internal static class SalePath
{
    /// <summary>The sale of <c>/v1/merchants/{merchant}/refs/{reference}</c>.</summary>
    /// <exception cref="RequestRefusedException">One of them is no identifier.</exception>
    public static MerchantReference Reference(string merchant, string reference) =>
        new(Merchant(merchant), RequestTexts.IdentifierOf(reference, "reference"));

    /// <summary>The sale of <c>/v1/holds/{id}</c>.</summary>
    /// <exception cref="RequestRefusedException">It is no id of a hold.</exception>
    public static MerchantReference Hold(string id) => MerchantReference.TryParse(id, out var reference) ? reference : throw Unknown();

    /// <summary>The merchant of <c>/v1/merchants/{merchant}</c>.</summary>
    /// <exception cref="RequestRefusedException">It is no identifier.</exception>
    public static MerchantId Merchant(string text) => new(RequestTexts.IdentifierOf(text, "merchant"));

    /// <exception cref="RequestRefusedException">The caller may not act for the merchant.</exception>
    public static void MustBeOf(HttpContext context, MerchantId merchant)
    {
        if (DirectCommand.NotActingAs(context, merchant) is { } problem)
        {
            throw new RequestRefusedException(problem.Kind, problem.Detail);
        }
    }

    public static RequestRefusedException Unknown() => new(KnownProblems.ReferenceNotFound, "No hold came with this reference.");

    public static RequestRefusedException Pooled(HouseholdId household, long spend) =>
        new(KnownProblems.SaleIsPooled, $"Spend {spend} of the household '{household}' stands for this reference.");
}
