using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Grains.Stores;
using NodaTime;

namespace Ledger.Api.Keys;

/// <summary>Makes, replaces and revokes keys, for operators of all communities or of one.</summary>
internal sealed class KeyBook(ICatalogue catalogue, KeyRing ring, IClock clock)
{
    // Eight characters from 57: a clash is a one in 10^14 event, but a clash must not be an error.
    private const int MintsMax = 3;

    /// <summary>The keys that a caller may see.</summary>
    public async Task<IReadOnlyList<ApiKey>> Visible(Caller caller, CancellationToken cancellation) =>
        [.. (await catalogue.ListKeys(cancellation)).Where(key => IsVisible(caller, key))];

    /// <summary>The key of an id.</summary>
    /// <exception cref="RequestRefusedException">There is none that the caller may see.</exception>
    public async Task<ApiKey> Find(Caller caller, string id, CancellationToken cancellation) =>
        (await Visible(caller, cancellation)).FirstOrDefault(key => key.Id == id)
        ?? throw new RequestRefusedException(KnownProblems.KeyNotFound, "There is no key of this id, or it belongs to another community.");

    /// <summary>Leaves operators' keys to operators of all communities: who could make a second operator could approve what he proposed himself.</summary>
    /// <exception cref="RequestRefusedException">The caller is of one community, and the roles hold the operator's.</exception>
    public static void Admit(Caller caller, Roles roles)
    {
        if (caller.Community is not null && (roles & Roles.Operator) != Roles.None)
        {
            throw new RequestRefusedException(
                KnownProblems.Forbidden, "Only an operator of all communities makes, rotates or revokes a key with the role operator.");
        }
    }

    /// <summary>The key of an id, for a caller who replaces or revokes it.</summary>
    /// <exception cref="RequestRefusedException">As <see cref="Find"/> and <see cref="Admit"/>.</exception>
    public async Task<ApiKey> FindToChange(Caller caller, string id, CancellationToken cancellation)
    {
        var key = await Find(caller, id, cancellation);
        Admit(caller, KeyGrants.Of(key).Roles);
        return key;
    }

    /// <summary>Makes the first key of a client.</summary>
    /// <exception cref="RequestRefusedException">The client has one already.</exception>
    public Task<(ApiKey Key, KeySecret Secret)> Create(KeyGrants grants, CancellationToken cancellation) => Mint(
        grants,
        async key => await catalogue.AddFirstKey(key, cancellation) switch
        {
            FirstKeyOutcome.Added => true,
            FirstKeyOutcome.KeyTaken => false,
            // A second owner of a client id could read the answers to the first one's commands.
            _ => throw new RequestRefusedException(KnownProblems.ClientExists, $"The client '{grants.Client}' has a key already: rotate it."),
        });

    /// <summary>
    /// Makes a further key of a client. The old one counts until it is revoked, so that nobody stands outside; one that was revoked or
    /// has expired leads to a new one too, so that a client can go on under its own id.
    /// </summary>
    public Task<(ApiKey Key, KeySecret Secret)> Rotate(ApiKey old, CancellationToken cancellation) => Mint(
        KeyGrants.Of(old) with { ExpiresAt = ProlongedEnd(old) },
        key => catalogue.AddKey(key, cancellation));

    /// <summary>Revokes a key; it stops at once.</summary>
    /// <exception cref="RequestRefusedException">It is the caller's own.</exception>
    public async Task<ApiKey> Revoke(Caller caller, ApiKey key, CancellationToken cancellation)
    {
        if (caller.KeyId == key.Id)
        {
            throw new RequestRefusedException(KnownProblems.KeyInUse, "The key that you call with cannot be revoked by itself.");
        }

        await catalogue.RevokeKey(key.Id, clock.GetCurrentInstant(), cancellation);
        ring.Forget(key.Id);
        return await Find(caller, key.Id, cancellation);
    }

    // A key for a limited time is followed by one for as long a time, from now on: else nobody could go on.
    private Instant? ProlongedEnd(ApiKey old) => old.ExpiresAt is { } end ? clock.GetCurrentInstant() + (end - old.CreatedAt) : null;

    private static bool IsVisible(Caller caller, ApiKey key) => caller.Community is not { } own || key.Community == own;

    private async Task<(ApiKey Key, KeySecret Secret)> Mint(KeyGrants grants, Func<ApiKey, Task<bool>> add)
    {
        for (var i = 0; i < MintsMax; i++)
        {
            var secret = KeySecret.Mint();
            var key = grants.Store(secret, clock.GetCurrentInstant());
            if (await add(key))
            {
                return (key, secret);
            }
        }

        throw new InvalidOperationException("No free key id was found.");
    }
}
