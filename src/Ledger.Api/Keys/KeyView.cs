using Ledger.Grains.Stores;
using NodaTime;

namespace Ledger.Api.Keys;

/// <summary>A key as it is answered: never the key itself.</summary>
public sealed record KeyView
{
    /// <summary>Names it; not secret.</summary>
    public required string Id { get; init; }

    /// <summary>The client that it belongs to.</summary>
    public required string Client { get; init; }

    /// <summary>What it may do: app, merchant, resident, operator.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>The community that it is for; <c>*</c> for all.</summary>
    public required string Community { get; init; }

    /// <summary>The CloudEvents sources it may speak for; absent for none.</summary>
    public IReadOnlyList<string>? Sources { get; init; }

    /// <summary>The merchant it acts as; absent for none.</summary>
    public string? Merchant { get; init; }

    /// <summary>The one till of the merchant that it is; absent for any.</summary>
    public string? Terminal { get; init; }

    /// <summary>The resident it may read; absent for none.</summary>
    public string? Resident { get; init; }

    /// <summary>When it was made.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>From when on it no longer counts; absent for never.</summary>
    public Instant? ExpiresAt { get; init; }

    /// <summary>When it was revoked; absent while it is not.</summary>
    public Instant? RevokedAt { get; init; }

    /// <summary>The key itself, in the answer that makes it and never again.</summary>
    public string? Key { get; init; }

    internal static KeyView Of(ApiKey key, KeySecret? secret = null)
    {
        var grants = KeyGrants.Of(key);
        return new()
        {
            Id = key.Id,
            Client = key.Client,
            Roles = KeyGrants.NamesOf(grants.Roles),
            Community = key.Community?.Value ?? "*",
            Sources = grants.Sources.IsEmpty ? null : grants.Sources,
            Merchant = grants.Merchant?.Value,
            Terminal = grants.Terminal,
            Resident = grants.Resident?.Value,
            CreatedAt = key.CreatedAt,
            ExpiresAt = key.ExpiresAt,
            RevokedAt = key.RevokedAt,
            Key = secret?.Text,
        };
    }
}

/// <summary>The keys that the caller may see, by client and age.</summary>
/// <param name="Data">All of them, also expired and revoked ones.</param>
public sealed record KeyList(IReadOnlyList<KeyView> Data);

/// <summary>What is sent to make a key.</summary>
public sealed record NewKey
{
    /// <summary>The stable client id, for ever: it names the client's commands.</summary>
    public required string Client { get; init; }

    /// <summary>What it may do: app, merchant, resident, operator.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>The community that it is for; <c>*</c> for all. Default: the caller's.</summary>
    public string? Community { get; init; }

    /// <summary>The CloudEvents sources it may speak for; only for an app.</summary>
    public IReadOnlyList<string>? Sources { get; init; }

    /// <summary>The merchant it acts as; only for a merchant.</summary>
    public string? Merchant { get; init; }

    /// <summary>The one till of the merchant that it is. Default: any.</summary>
    public string? Terminal { get; init; }

    /// <summary>The resident it may read; only for a resident.</summary>
    public string? Resident { get; init; }

    /// <summary>From when on it no longer counts. Default: never.</summary>
    public Instant? ExpiresAt { get; init; }
}
