namespace Ledger.Grains.Stores;

/// <summary>Programmes that are being written. Few, and changed by people.</summary>
/// <remarks>
/// The obligations of <see cref="ICatalogue"/>. Whoever changes, publishes or deletes a draft names the revision that he saw: of several at once one is
/// told yes, and nobody undoes what he has not seen.
/// </remarks>
public interface IDrafts
{
    /// <summary>Adds a draft; false when its community has <see cref="ProgrammeDraft.CountMax"/> already, or its identifier is taken.</summary>
    Task<bool> AddDraft(ProgrammeDraft draft, CancellationToken cancellation = default);

    /// <summary>A draft with its text; null when there is none.</summary>
    Task<ProgrammeDraft?> FindDraft(CommunityId community, string id, CancellationToken cancellation = default);

    /// <summary>The drafts of a community without their texts, by age.</summary>
    Task<IReadOnlyList<ProgrammeDraft>> ListDrafts(CommunityId community, CancellationToken cancellation = default);

    /// <summary>
    /// Writes the next revision of a draft: its name, its text, who and when; false when the stored one is not the revision before, or is published.
    /// </summary>
    Task<bool> ChangeDraft(ProgrammeDraft changed, CancellationToken cancellation = default);

    /// <summary>Deletes a draft, published or not; false when there is none of this revision.</summary>
    Task<bool> DeleteDraft(CommunityId community, string id, int revision, CancellationToken cancellation = default);

    /// <summary>
    /// Adds a programme version and marks the draft that it comes from, both or neither; false when the draft has another revision or is published
    /// already, or the version is not the next one. The draft then has one revision more, and names who published it and when.
    /// </summary>
    Task<bool> PublishDraft(StoredProgramme programme, string id, int revision, CancellationToken cancellation = default);
}
