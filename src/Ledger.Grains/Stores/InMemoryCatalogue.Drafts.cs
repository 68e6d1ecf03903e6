namespace Ledger.Grains.Stores;

public sealed partial class InMemoryCatalogue : IDrafts
{
    private readonly Dictionary<(CommunityId Community, string Id), ProgrammeDraft> _drafts = [];

    /// <inheritdoc/>
    public Task<bool> AddDraft(ProgrammeDraft draft, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return Answer(() => _drafts.Keys.Count(key => key.Community == draft.Community) < ProgrammeDraft.CountMax
            && _drafts.TryAdd((draft.Community, draft.Id), draft));
    }

    /// <inheritdoc/>
    public Task<ProgrammeDraft?> FindDraft(CommunityId community, string id, CancellationToken cancellation = default) =>
        Answer(() => _drafts.GetValueOrDefault((community, id)));

    /// <inheritdoc/>
    public Task<IReadOnlyList<ProgrammeDraft>> ListDrafts(CommunityId community, CancellationToken cancellation = default) => Answer<IReadOnlyList<ProgrammeDraft>>(() =>
    [
        .. _drafts.Values.Where(draft => draft.Community == community)
            .OrderBy(draft => draft.CreatedAt)
            .ThenBy(draft => draft.Id, StringComparer.Ordinal)
            .Select(draft => draft with { Json = null }),
    ]);

    /// <inheritdoc/>
    public Task<bool> ChangeDraft(ProgrammeDraft changed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(changed);
        return Answer(() => Change(changed.Community, changed.Id, changed.Revision - 1, _ => changed));
    }

    /// <inheritdoc/>
    public Task<bool> DeleteDraft(CommunityId community, string id, int revision, CancellationToken cancellation = default) =>
        Answer(() => _drafts.GetValueOrDefault((community, id))?.Revision == revision && _drafts.Remove((community, id)));

    /// <inheritdoc/>
    public Task<bool> PublishDraft(StoredProgramme programme, string id, int revision, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(programme);
        return Answer(() => IsNext(programme)
            && Change(programme.Community, id, revision, draft => draft with
            {
                Revision = revision + 1,
                ChangedBy = programme.PublishedBy,
                ChangedAt = programme.PublishedAt,
                PublishedAs = programme.Version,
            })
            && Add(programme));
    }

    private bool Change(CommunityId community, string id, int revision, Func<ProgrammeDraft, ProgrammeDraft> change)
    {
        var isOpen = _drafts.TryGetValue((community, id), out var draft) && draft.Revision == revision && draft.PublishedAs is null;
        if (isOpen)
        {
            _drafts[(community, id)] = change(draft!);
        }

        return isOpen;
    }
}
