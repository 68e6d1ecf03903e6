using NodaTime;

namespace Ledger.Grains.Stores;

/// <summary>A key that signs a community's vouchers. Whoever reads the store can sign with it.</summary>
public sealed record SigningKey
{
    /// <summary>Whose vouchers.</summary>
    public required CommunityId Community { get; init; }

    /// <summary>Names the key in what it signs.</summary>
    public required string Id { get; init; }

    /// <summary>The public half, as an X.509 SubjectPublicKeyInfo.</summary>
    public required ReadOnlyMemory<byte> Public { get; init; }

    /// <summary>The private half, as PKCS #8; null once another key signs: what is retired signs nothing more.</summary>
    public ReadOnlyMemory<byte>? Private { get; init; }

    /// <summary>When it was made; a whole second.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>When another one took its place; a whole second. Null for the one that signs.</summary>
    public Instant? RetiredAt { get; init; }

    /// <summary>Never what it holds.</summary>
    public override string ToString() => $"signing key {Id}";
}
