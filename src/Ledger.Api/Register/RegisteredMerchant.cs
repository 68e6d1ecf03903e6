using Ledger.Api.Json;
using Ledger.Api.Problems;
using Ledger.Grains.Stores;

namespace Ledger.Api.Register;

/// <summary>Finds and answers merchants of the register.</summary>
internal static class RegisteredMerchant
{
    /// <summary>The merchant as it is now; null when nobody registered it.</summary>
    public static async Task<MerchantRevision?> Last(
        IMerchantRegister register, CommunityId community, MerchantId merchant, CancellationToken cancellation) =>
        await register.ListMerchantRevisions(community, merchant, cancellation) is [.., var last] ? last : null;

    public static IResult Answer(HttpContext context, MerchantRevision revision)
    {
        SeenTag.Give(context, SeenTag.Of(revision.Revision));
        return Answers.Ok(MerchantView.Of(revision), ApiJson.Web.MerchantView);
    }

    public static RequestRefusedException Unknown() => new(KnownProblems.MerchantNotFound, "Nobody registered this merchant; it may sell all the same.");
}
