using System.Buffers.Binary;
using Ledger.Transactions;

namespace Ledger.Grains.Journal;

/// <summary>A key hash as the sixteen bytes of the index, without an allocation.</summary>
internal static class KeyHashBytes
{
    /// <summary>How many bytes.</summary>
    public const int Length = 16;

    /// <summary>Writes what <see cref="KeyHash.ToBytes"/> would return.</summary>
    public static void Write(KeyHash hash, Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, hash.Low);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], hash.High);
    }
}
