using System.Collections.Immutable;
using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Api.Wallets;
using Ledger.Transactions;
using NodaTime;

namespace Ledger.Api.Keys;

internal static class CreateKey
{
    private const int SourcesMax = 100;

    public static void MapPost(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe("createKey", "Keys", "Make the first key of a client", "The answer holds the key; it is shown this once and stored nowhere. Keys with the role operator are made, rotated and revoked by operators of all communities.")
        .Takes<NewKey>("""{ "client": "volunteer-app", "roles": ["app"], "sources": ["/apps/volunteers"] }""")
        .Gives<KeyView>(StatusCodes.Status201Created, "The key.")
        .Fails(
            KnownProblems.MemberMissing, KnownProblems.IdentifierInvalid, KnownProblems.TimeInvalid, KnownProblems.CommunityNotGranted,
            KnownProblems.CommunityNotFound, KnownProblems.ClientExists, KnownProblems.GrantInvalid, KnownProblems.Find("resident_erased")!);

    private static async Task<IResult> Handle(HttpContext context, KeyBook book, CommunityScope scope, WalletCalls wallets, IClock clock)
    {
        using var body = await RequestBody.ReadObject(context);
        var members = new JsonMembers(body.RootElement);
        var community = await CommunityOf(context, scope, members.OptionalText("community"));
        var grants = Read(members, community, clock.GetCurrentInstant());
        KeyBook.Admit(context.Caller(), grants.Roles);
        if (grants is { Community: { } home, Resident: { } resident })
        {
            await wallets.ReadToTell(home, resident);
        }

        var (key, secret) = await book.Create(grants, context.RequestAborted);
        return Answers.Created($"/v1/keys/{key.Id}", KeyView.Of(key, secret), ApiJson.Web.KeyView);
    }

    private static async ValueTask<CommunityId?> CommunityOf(HttpContext context, CommunityScope scope, string? named)
    {
        if (named == "*")
        {
            return context.Caller().Community is { } own
                ? throw new RequestRefusedException(KnownProblems.CommunityNotGranted, $"This key is for the community '{own}' only.")
                : null;
        }

        return await scope.Of(context, named);
    }

    private static KeyGrants Read(JsonMembers members, CommunityId? community, Instant now)
    {
        var grants = new KeyGrants(
            members.Identifier("client"),
            RolesOf(members),
            community,
            SourcesOf(members),
            members.OptionalIdentifier("merchant") is { } merchant ? new MerchantId(merchant) : null,
            members.OptionalIdentifier("resident") is { } resident ? new ResidentId(resident) : null,
            members.OptionalTime("expiresAt"),
            members.OptionalIdentifier("terminal"));
        members.NothingElse("client", "roles", "community", "sources", "merchant", "terminal", "resident", "expiresAt");
        var contradiction = grants.Contradiction() ?? (grants.ExpiresAt <= now ? "expiresAt is in the past." : null);
        return contradiction is null ? grants : throw new RequestRefusedException(KnownProblems.GrantInvalid, contradiction);
    }

    private static Roles RolesOf(JsonMembers members)
    {
        _ = members.Required("roles");
        var roles = Roles.None;
        foreach (var name in members.OptionalTexts("roles").Distinct())
        {
            roles |= KeyGrants.RoleOf(name) ?? throw new RequestRefusedException(
                KnownProblems.GrantInvalid, $"A role is one of {string.Join(", ", KeyGrants.RoleNames)}.")
            { Path = members.At("roles") };
        }

        return roles;
    }

    private static ImmutableArray<string> SourcesOf(JsonMembers members)
    {
        var sources = members.OptionalTexts("sources");
        return sources.Count <= SourcesMax && sources.All(CommandKey.IsValidPart)
            ? [.. sources.Distinct()]
            : throw JsonMembers.Wrong(
                KnownProblems.TextInvalid, members.At("sources"), $"must be at most {SourcesMax} texts of 1 to 255 characters");
    }
}
