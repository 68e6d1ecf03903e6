using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Residents;
using Ledger.Api.Security;
using Ledger.Api.Wallets;
using Ledger.Grains.Stores;

namespace Ledger.Api.Members;

/// <summary>What is sent to set a profile, whole. What is left out is gone, but for the PIN.</summary>
/// <param name="Name">The name, 1 to 100 characters. Tills see it masked.</param>
/// <param name="Phone">The phone number: 5 to 15 digits, perhaps with a plus before them. Unique in the community.</param>
/// <param name="MemberCode">The code on a printed card. Unique in the community.</param>
/// <param name="Pin">4 to 12 digits; sets the PIN and unlocks it. Left out, the PIN stays as it is.</param>
public sealed record NewProfile(string? Name, string? Phone, string? MemberCode, string? Pin);

/// <summary>A profile. Who calls may know what he set; tills never see it.</summary>
/// <param name="Resident">Whose.</param>
/// <param name="Name">The name.</param>
/// <param name="Phone">The phone number as it is looked up.</param>
/// <param name="MemberCode">The code on a printed card.</param>
/// <param name="PinSet">Is a PIN set?</param>
public sealed record ProfileView(string Resident, string? Name, string? Phone, string? MemberCode, bool PinSet);

internal static class PutProfile
{
    private const int NameCharactersMax = 100;

    public static void MapPut(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPut(pattern, Handle)
        .Allow(Policies.KeepProfiles)
        .Describe(
            "putProfile", "Residents", "Set what a resident is known by at counters",
            "It lies beside the journal, and one DELETE erases it. The PIN is stored as a slow hash only.")
        .Takes<NewProfile>("""{ "memberCode": "card-1001" }""")
        .Gives<ProfileView>(StatusCodes.Status200OK, "The profile.")
        .Fails(KnownProblems.IdentifierInvalid, KnownProblems.TextInvalid, KnownProblems.ProfileTaken, KnownProblems.Find("resident_erased")!);

    private static async Task<IResult> Handle(HttpContext context, string resident, CommunityScope scope, IProfiles profiles, WalletCalls wallets)
    {
        var id = ResidentPath.Resident(resident);
        using var body = await RequestBody.ReadObject(context);
        var profile = Read(await scope.Of(context), id, new JsonMembers(body.RootElement));
        if (!await profiles.PutProfile(profile, context.RequestAborted))
        {
            throw new RequestRefusedException(KnownProblems.ProfileTaken, "The phone or the member code is another resident's. Nothing was changed.");
        }

        await MustNotBeErased(profile, profiles, wallets);
        var set = await profiles.FindProfile(profile.Community, id, context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        return Answers.Ok(new ProfileView(id.Value, profile.Name, profile.Phone, profile.MemberCode, set?.Pin is not null), ApiJson.Web.ProfileView);
    }

    // Asked afterwards, so that one who is erased at this very moment keeps none either.
    private static async Task MustNotBeErased(ResidentProfile profile, IProfiles profiles, WalletCalls wallets)
    {
        try
        {
            await wallets.ReadToTell(profile.Community, profile.Resident);
        }
        catch (RequestRefusedException)
        {
            await profiles.EraseProfile(profile.Community, profile.Resident);
            throw;
        }
    }

    private static ResidentProfile Read(CommunityId community, ResidentId resident, JsonMembers members)
    {
        var profile = new ResidentProfile
        {
            Community = community,
            Resident = resident,
            Name = members.OptionalShortText("name", NameCharactersMax),
            Phone = Phone(members),
            MemberCode = members.OptionalIdentifier("memberCode"),
            Pin = Pin(members) is { } pin ? PinHash.Of(pin) : null,
        };
        members.NothingElse("name", "phone", "memberCode", "pin");
        return profile;
    }

    /// <summary>The member <c>phone</c>; null when it is absent.</summary>
    public static string? Phone(JsonMembers members) => members.OptionalText("phone") is not { } text ? null
        : PhoneNumber.Read(text) ?? throw JsonMembers.Wrong(KnownProblems.TextInvalid, members.At("phone"), $"must be {PhoneNumber.Rule}");

    /// <summary>The member <c>pin</c>; null when it is absent.</summary>
    public static string? Pin(JsonMembers members) => members.OptionalText("pin") switch
    {
        null => null,
        { Length: >= 4 and <= 12 } pin when pin.All(char.IsAsciiDigit) => pin,
        _ => throw JsonMembers.Wrong(KnownProblems.TextInvalid, members.At("pin"), "must be 4 to 12 digits"),
    };
}
