using NodaTime;

namespace Ledger.Grains.Stores;

/// <summary>Re-ratings and what was decided about them. Few, and never deleted.</summary>
/// <remarks>The obligations of <see cref="ICatalogue"/>.</remarks>
public interface IReratings
{
    /// <summary>Adds a proposal; false when its community has <see cref="Rerating.ProposedMax"/> of them already, or its identifier is taken.</summary>
    Task<bool> AddRerating(Rerating rerating, CancellationToken cancellation = default);

    /// <summary>A re-rating with its programme; null when there is none.</summary>
    Task<Rerating?> FindRerating(CommunityId community, string id, CancellationToken cancellation = default);

    /// <summary>The re-ratings of a community without their programmes, by age: at most so many of those that come after a place; null for the beginning.</summary>
    Task<IReadOnlyList<Rerating>> ListReratings(CommunityId community, ReratingPlace? after, int countMax, CancellationToken cancellation = default);

    /// <summary>The re-ratings of all communities whose corrections are being written, without their programmes, in the order of their decisions.</summary>
    Task<IReadOnlyList<Rerating>> ListApprovedReratings(CancellationToken cancellation = default);

    /// <summary>
    /// Approves or rejects a proposal; false when it is none any more, or when it would be approved and its period shares an instant with that of an
    /// approved one: no award is corrected twice. Of several callers at once one decides.
    /// </summary>
    Task<bool> DecideRerating(
        CommunityId community, string id, ReratingStatus decision, string decidedBy, Instant decidedAt, CancellationToken cancellation = default);

    /// <summary>All corrections are written; false when it was not approved, or was done before.</summary>
    Task<bool> FinishRerating(CommunityId community, string id, long refused, Instant doneAt, CancellationToken cancellation = default);

    /// <summary>It cannot be repeated, for the reason of this code, and is given up; false when it was not approved, or has ended before.</summary>
    Task<bool> FailRerating(CommunityId community, string id, string failure, Instant failedAt, CancellationToken cancellation = default);

    /// <summary>Does the work of a re-rating that only one process needs to do; false, and nothing is done, while another process is at it.</summary>
    /// <remarks>It spares work and proves nothing: a process that lost its connection goes on. So the work must bear being done twice.</remarks>
    Task<bool> WorkAlone(CommunityId community, string id, Func<Task> work, CancellationToken cancellation = default);
}
