using Ledger.Api.Communities;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Residents;
using Ledger.Api.Security;
using Ledger.Grains.Stores;

namespace Ledger.Api.Members;

internal static class EraseProfile
{
    public static void MapDelete(IEndpointRouteBuilder routes, string pattern) => routes
        .MapDelete(pattern, Handle)
        .Allow(Policies.KeepProfiles)
        .Describe(
            "eraseProfile", "Residents", "Erase what a resident is known by at counters",
            "Name, phone, member code and PIN are gone for good; points and history stay. To erase it again, or where there is none, changes nothing.")
        .GivesNothing(StatusCodes.Status204NoContent, "Nothing is kept.")
        .Fails(KnownProblems.IdentifierInvalid);

    private static async Task<IResult> Handle(HttpContext context, string resident, CommunityScope scope, IProfiles profiles)
    {
        var id = ResidentPath.Resident(resident);
        await profiles.EraseProfile(await scope.Of(context), id, context.RequestAborted);
        return TypedResults.NoContent();
    }
}
