using Ledger.Api.Json;
using Ledger.Api.Problems;
using Ledger.Grains.Stores;

namespace Ledger.Api.Drafts;

/// <summary>Finds a draft, and lets only those change it who have seen how it is now.</summary>
internal static class SeenDraft
{
    /// <summary>The draft, whoever asks.</summary>
    /// <exception cref="RequestRefusedException">There is none.</exception>
    public static async Task<ProgrammeDraft> Find(IDrafts drafts, CommunityId community, string id, CancellationToken cancellation) =>
        (Identifier.IsValid(id) ? await drafts.FindDraft(community, id, cancellation) : null)
            ?? throw new RequestRefusedException(KnownProblems.DraftNotFound, "The community has no draft of this id.");

    /// <summary>The draft, for a caller who changes it.</summary>
    /// <exception cref="RequestRefusedException">There is none, or the caller does not say what he has seen, or it is another one by now.</exception>
    public static async Task<ProgrammeDraft> FindToChange(HttpContext context, IDrafts drafts, CommunityId community, string id)
    {
        var draft = await Find(drafts, community, id, context.RequestAborted);
        return HasSeen(context.Request, draft) ? draft : throw Stale(draft);
    }

    /// <summary>The draft, for a caller who writes it on or publishes it.</summary>
    /// <exception cref="RequestRefusedException">It is published; or as <see cref="FindToChange"/>.</exception>
    public static async Task<ProgrammeDraft> FindOpen(HttpContext context, IDrafts drafts, CommunityId community, string id)
    {
        var draft = await Find(drafts, community, id, context.RequestAborted);
        // First, for whoever publishes again because the answer was lost wants to know the version, not that he is late.
        if (draft.PublishedAs is { } version)
        {
            throw Published(version);
        }

        return HasSeen(context.Request, draft) ? draft : throw Stale(draft);
    }

    /// <summary>Why a draft could not be written that had been found a moment ago: somebody else was faster.</summary>
    public static async Task<RequestRefusedException> Overtaken(IDrafts drafts, ProgrammeDraft found, CancellationToken cancellation) =>
        Stale(await Find(drafts, found.Community, found.Id, cancellation));

    public static void Tag(HttpContext context, ProgrammeDraft draft) => SeenTag.Give(context, SeenTag.Of(draft.Revision));

    private static bool HasSeen(HttpRequest request, ProgrammeDraft draft) => SeenTag.IsIn(request, SeenTag.Of(draft.Revision), "draft");

    private static RequestRefusedException Published(int version) =>
        new(KnownProblems.DraftPublished, $"The draft was published as version {version} and does not change any more.");

    private static RequestRefusedException Stale(ProgrammeDraft draft) => SeenTag.Stale("draft", draft.Revision, draft.ChangedBy, draft.ChangedAt);
}
