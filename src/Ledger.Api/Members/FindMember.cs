using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Paycodes;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Grains.Stores;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Ledger.Api.Members;

/// <summary>What a counter knows of a member; name one.</summary>
/// <param name="MemberCode">The code on the printed card.</param>
/// <param name="Phone">The phone number.</param>
public sealed record MemberSearch(string? MemberCode, string? Phone);

/// <summary>A member who was found. Neither the id nor the phone number is in it.</summary>
/// <param name="Name">The masked name, for the member to recognise; absent where none is known.</param>
/// <param name="Paycode">A paycode for one hold in place of one from the member's phone.</param>
/// <param name="ExpiresAt">The moment from which on it no longer counts.</param>
/// <param name="PinAbove">Above so many points the hold asks for the member's PIN. Unit: points.</param>
public sealed record FoundMember(string? Name, string Paycode, Instant ExpiresAt, long PinAbove);

internal static class FindMember
{
    public static void MapPost(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Handle)
        .Allow(Policies.Sell)
        .Describe(
            "findMember", "Merchants", "Find a member by card or phone number",
            "For residents without a phone at hand. Gives the masked name and a paycode that lives five minutes, makes one hold, and asks for the PIN above a limit.")
        .Takes<MemberSearch>("""{ "memberCode": "card-1001" }""")
        .Gives<FoundMember>(StatusCodes.Status200OK, "The member.")
        .Fails(
            KnownProblems.MemberMissing, KnownProblems.IdentifierInvalid, KnownProblems.TextInvalid, KnownProblems.MemberNotFound,
            KnownProblems.TooManyPaycodes, KnownProblems.TooManyWrongPaycodes);

    private static async Task<IResult> Handle(
        HttpContext context, CommunityScope scope, IProfiles profiles, PaycodeDesk desk, WrongPaycodes wrong, IOptions<MemberOptions> options)
    {
        using var body = await RequestBody.ReadObject(context);
        var (code, phone) = Read(new JsonMembers(body.RootElement));
        var community = await scope.Of(context);
        var profile = code is not null
            ? await profiles.FindProfileByCode(community, code, context.RequestAborted)
            : await profiles.FindProfileByPhone(community, phone!, context.RequestAborted);
        wrong.Check(context);
        if (profile is null)
        {
            wrong.Add(context);
            throw new RequestRefusedException(KnownProblems.MemberNotFound, "No resident of this community has this member code or phone number.");
        }

        var above = new Points(options.Value.PinAbove);
        var (paycode, until) = await desk.IssueFound(community, profile.Resident, above, context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        return Answers.Ok(
            new FoundMember(profile.Name is { } name ? MaskedName.Of(name) : null, paycode.Digits, until, above.Value), ApiJson.Web.FoundMember);
    }

    private static (string? Code, string? Phone) Read(JsonMembers members)
    {
        var (code, phone) = (members.OptionalIdentifier("memberCode"), PutProfile.Phone(members));
        members.NothingElse("memberCode", "phone");
        return (code, phone) switch
        {
            (null, null) => throw JsonMembers.Wrong(KnownProblems.MemberMissing, members.At("memberCode"), "is missing, and so is a phone number"),
            (not null, not null) => throw JsonMembers.Wrong(KnownProblems.MemberUnknown, members.At("phone"), "is named beside a member code; send one of them"),
            var one => one,
        };
    }
}
