using Ledger.Transactions;

namespace Ledger.Grains.Journal.Postgres;

/// <summary>A key hash as PostgreSQL's type of sixteen bytes: the very bytes of <see cref="KeyHash.ToBytes"/>, in their order.</summary>
internal static class KeyHashUuid
{
    /// <summary>The hash as a parameter.</summary>
    public static Guid Of(KeyHash hash)
    {
        Span<byte> bytes = stackalloc byte[KeyHashBytes.Length];
        KeyHashBytes.Write(hash, bytes);
        return new(bytes, bigEndian: true);
    }
}
