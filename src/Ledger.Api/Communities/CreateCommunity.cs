using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Grains.Stores;
using NodaTime;

namespace Ledger.Api.Communities;

internal static class CreateCommunity
{
    private const int NameCharactersMax = 100;

    public static void MapPost(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe("createCommunity", "Communities", "Add a community", "Only an operator's key for all communities may do this.")
        .Takes<NewCommunity>("""{ "id": "lakeside", "name": "湖畔社区" }""")
        .Gives<CommunityView>(StatusCodes.Status201Created, "The community.")
        .Fails(KnownProblems.MemberMissing, KnownProblems.IdentifierInvalid, KnownProblems.TextInvalid, KnownProblems.CommunityExists);

    private static async Task<IResult> Handle(HttpContext context, ICatalogue catalogue, CommunityScope scope, IClock clock)
    {
        if (context.Caller().Community is { } own)
        {
            throw new RequestRefusedException(KnownProblems.CommunityNotGranted, $"This key is for the community '{own}' only.");
        }

        using var body = await RequestBody.ReadObject(context);
        var (id, name) = Read(new JsonMembers(body.RootElement));
        var community = new Community(id, name, clock.GetCurrentInstant());
        if (!await catalogue.AddCommunity(community, context.RequestAborted))
        {
            throw new RequestRefusedException(KnownProblems.CommunityExists, $"There is a community '{id}' already.");
        }

        scope.Add(id);
        return Answers.Created($"/v1/communities?community={id}", CommunityView.Of(community), ApiJson.Web.CommunityView);
    }

    private static (CommunityId Id, string Name) Read(JsonMembers members)
    {
        var id = members.Identifier("id");
        var name = members.ShortText("name", NameCharactersMax);
        members.NothingElse("id", "name");
        return (new(id), name);
    }
}
