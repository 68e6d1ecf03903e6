using Ledger.Api.Json;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Grains.Stores;

namespace Ledger.Api.Register;

/// <summary>Finds and answers merchants of the register.</summary>
internal static class RegisteredMerchant
{
    /// <summary>The merchant, with what only operators see where one asks.</summary>
    public static IResult Answer(HttpContext context, MerchantRevision revision)
    {
        SeenTag.Give(context, SeenTag.Of(revision.Revision));
        return Answers.Ok(MerchantView.Of(revision).For(context.Caller()), ApiJson.Web.MerchantView);
    }

    public static RequestRefusedException Unknown() => new(KnownProblems.MerchantNotFound, "Nobody registered this merchant; it may sell all the same.");
}
