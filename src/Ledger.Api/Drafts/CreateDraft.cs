using System.Security.Cryptography;
using Ledger.Api.Communities;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Grains.Stores;
using NodaTime;

namespace Ledger.Api.Drafts;

internal static class CreateDraft
{
    // Without those that a reader takes for others.
    internal const string IdAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    internal const int IdLength = 10;

    public static void MapPost(IEndpointRouteBuilder routes, string pattern) => routes
        .MapPost(pattern, Handle)
        .Allow(Policies.Operate)
        .Describe(
            "createDraft", "Drafts", "Begin a programme",
            "It may have mistakes, which the answer tells, and counts for nothing until it is published. A community has at most 100 drafts.")
        .Takes<NewDraft>(NewDraft.Example)
        .Gives<DraftView>(StatusCodes.Status201Created, "The draft, with its `ETag`.")
        .Fails(
            KnownProblems.MemberMissing, KnownProblems.MemberUnknown, KnownProblems.TextInvalid, KnownProblems.BodyTooLarge,
            KnownProblems.ProgrammeInvalid, KnownProblems.TooManyDrafts);

    private static async Task<IResult> Handle(HttpContext context, IDrafts drafts, CommunityScope scope, IClock clock)
    {
        var community = await scope.Of(context);
        var (name, json) = await NewDraft.Read(context);
        var (client, now) = (context.Caller().Client, clock.GetCurrentInstant());
        var draft = new ProgrammeDraft
        {
            Community = community,
            Id = RandomNumberGenerator.GetString(IdAlphabet, IdLength),
            Name = name,
            Revision = 1,
            Json = json,
            CreatedBy = client,
            CreatedAt = now,
            ChangedBy = client,
            ChangedAt = now,
        };
        if (!await drafts.AddDraft(draft, context.RequestAborted))
        {
            throw new RequestRefusedException(KnownProblems.TooManyDrafts, $"The community has {ProgrammeDraft.CountMax} drafts.");
        }

        SeenDraft.Tag(context, draft);
        return Answers.Created($"/v1/drafts/{draft.Id}", DraftView.Of(draft), ApiJson.Web.DraftView);
    }
}
