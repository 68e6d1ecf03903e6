using System.Collections.Concurrent;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Grains.Stores;

namespace Ledger.Api.Communities;

/// <summary>Says which community a request is about: the key's own, or for a key of all communities the one in <c>?community=</c>.</summary>
internal sealed class CommunityScope(ICatalogue catalogue)
{
    // Communities are never deleted, so one that was found stays found. Bounded by their number.
    private readonly ConcurrentDictionary<CommunityId, bool> _known = new();

    /// <exception cref="RequestRefusedException">None was named, or it is not the caller's, or there is none.</exception>
    public ValueTask<CommunityId> Of(HttpContext context)
    {
        var caller = context.Caller();
        if (!context.Request.QueryString.HasValue && caller.Community is { } own)
        {
            return new(own);
        }

        return Named(caller, context.Request.Query["community"] is [{ } text] ? text : null);
    }

    /// <summary>The community that a body names, or else that of the request; null for all, which only a key for all may mean.</summary>
    public ValueTask<CommunityId> Of(HttpContext context, string? named) => named is null ? Of(context) : Named(context.Caller(), named);

    /// <summary>Forgets nothing: makes a community known that was just added.</summary>
    public void Add(CommunityId community) => _known[community] = true;

    private async ValueTask<CommunityId> Named(Caller caller, string? text)
    {
        if (text is null)
        {
            return caller.Community
                ?? throw new RequestRefusedException(KnownProblems.CommunityMissing, "This key is for all communities: add ?community=ID.");
        }

        if (!CommunityId.TryParse(text, out var community))
        {
            throw new RequestRefusedException(KnownProblems.IdentifierInvalid, $"community must be {Identifier.Rule}.");
        }

        if (caller.Community is { } own)
        {
            return own == community
                ? own
                : throw new RequestRefusedException(KnownProblems.CommunityNotGranted, $"This key is for the community '{own}'.");
        }

        return await Exists(community)
            ? community
            : throw new RequestRefusedException(KnownProblems.CommunityNotFound, $"There is no community '{community}'.");
    }

    private async ValueTask<bool> Exists(CommunityId community)
    {
        if (_known.ContainsKey(community))
        {
            return true;
        }

        if (await catalogue.FindCommunity(community) is null)
        {
            return false;
        }

        _known[community] = true;
        return true;
    }
}
