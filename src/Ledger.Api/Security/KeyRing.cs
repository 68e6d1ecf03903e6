using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using Ledger.Api.Keys;
using Ledger.Grains.Stores;
using NodaTime;

namespace Ledger.Api.Security;

/// <summary>The keys in use, remembered, so that a request costs one hash and no question to the store.</summary>
/// <remarks>
/// A key revoked here stops at once; one revoked by another process stops when what is remembered is <see cref="RememberedFor"/> old.
/// Holds only keys that exist, so it cannot be filled from outside.
/// </remarks>
internal sealed class KeyRing(ICatalogue catalogue, IClock clock, TimeProvider time)
{
    public static readonly TimeSpan RememberedFor = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Remembered> _byId = new(StringComparer.Ordinal);
    private long _forgotten;

    /// <summary>The caller of a key; null when the key is unknown, revoked or expired.</summary>
    public ValueTask<CallerPrincipal?> Find(ReadOnlySpan<char> text)
    {
        if (!KeySecret.TryReadId(text, out var id))
        {
            return new(result: null);
        }

        Span<byte> hash = stackalloc byte[32];
        KeySecret.Hash(text, hash);
        if (_byId.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(id, out var known)
            && time.GetElapsedTime(known.ReadAt) < RememberedFor
            && CryptographicOperations.FixedTimeEquals(known.Hash, hash))
        {
            return new(Current(known.Principal));
        }

        return new(Read(hash.ToArray()));
    }

    /// <summary>Forgets a key, after it was revoked.</summary>
    public void Forget(string id)
    {
        Interlocked.Increment(ref _forgotten);
        _byId.TryRemove(id, out _);
    }

    private async Task<CallerPrincipal?> Read(byte[] hash)
    {
        var readAt = time.GetTimestamp();
        var forgotten = Interlocked.Read(ref _forgotten);
        if (await catalogue.FindKey(hash) is not { RevokedAt: null } key)
        {
            return null;
        }

        var principal = new CallerPrincipal(KeyGrants.CallerOf(key), ApiKeyAuthentication.Scheme);
        Debug.Assert(key.Hash.Span.SequenceEqual(hash), "The catalogue found another key.");
        _byId[key.Id] = new(hash, principal, readAt);
        if (Interlocked.Read(ref _forgotten) != forgotten)
        {
            // A key was revoked while this one was read, perhaps this very one: the next request reads again.
            _byId.TryRemove(key.Id, out _);
        }

        return Current(principal);
    }

    private CallerPrincipal? Current(CallerPrincipal principal) =>
        principal.Caller.ExpiresAt <= clock.GetCurrentInstant() ? null : principal;

    private sealed record Remembered(byte[] Hash, CallerPrincipal Principal, long ReadAt);
}
