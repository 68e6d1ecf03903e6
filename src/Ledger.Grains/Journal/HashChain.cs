using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace Ledger.Grains.Journal;

/// <summary>Each transaction's hash covers the one before it in its stream: who changes the past changes every hash after it.</summary>
/// <remarks>
/// SHA-256 over the previous hash (32 zero bytes for the first) and every other column and posting of the row in the order written below.
/// Texts and byte strings are preceded by their length (int32), numbers are int64, instants are
/// two numbers (whole Unix seconds, nanoseconds of the second), all little endian; an absent number or lot is −1.
/// </remarks>
public static class HashChain
{
    private const int BytesKept = 1 << 16;

    // What is hashed is written here first; one per thread, for every row of every wallet passes.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_buffer;

    /// <summary>What the first row of a stream follows.</summary>
    public static ReadOnlyMemory<byte> Start { get; } = new byte[32];

    /// <summary>The row with its hash.</summary>
    public static JournalRow Seal(JournalRow row, ReadOnlySpan<byte> previous) => row with { Hash = Compute(row, previous) };

    /// <summary>The hash that the row must have after <paramref name="previous"/>.</summary>
    public static byte[] Compute(JournalRow row, ReadOnlySpan<byte> previous)
    {
        var buffer = t_buffer ??= new(BytesKept);
        buffer.ResetWrittenCount();
        buffer.Write(previous);
        Text(buffer, row.Stream.Community.Value);
        Text(buffer, row.Stream.Name);
        Number(buffer, row.Sequence);
        Text(buffer, row.Key.Source);
        Text(buffer, row.Key.Id);
        Bytes(buffer, row.Fingerprint.Span);
        Time(buffer, row.RecordedAt);
        Time(buffer, row.EffectiveAt);
        Text(buffer, row.Outcome);
        Bytes(buffer, row.Events.Span);
        Number(buffer, row.ProgrammeVersion);
        Number(buffer, row.RefersTo ?? -1);
        Number(buffer, row.After.Available.Value);
        Number(buffer, row.After.Pending.Value);
        Number(buffer, row.After.Held.Value);
        Number(buffer, row.After.Debt.Value);
        Number(buffer, row.Postings.Length);
        foreach (var posting in row.Postings)
        {
            Text(buffer, posting.From.Name);
            Text(buffer, posting.To.Name);
            Number(buffer, posting.Points.Value);
            Number(buffer, posting.Lot?.Sequence ?? -1);
            Number(buffer, posting.Lot?.Ordinal ?? -1);
        }

        var hash = SHA256.HashData(buffer.WrittenSpan);
        if (buffer.Capacity > BytesKept)
        {
            t_buffer = null;
        }

        return hash;
    }

    private static void Text(ArrayBufferWriter<byte> buffer, string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        var span = buffer.GetSpan(4 + length);
        BinaryPrimitives.WriteInt32LittleEndian(span, length);
        Encoding.UTF8.GetBytes(text, span[4..]);
        buffer.Advance(4 + length);
    }

    private static void Bytes(ArrayBufferWriter<byte> buffer, ReadOnlySpan<byte> bytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(buffer.GetSpan(4), bytes.Length);
        buffer.Advance(4);
        buffer.Write(bytes);
    }

    private static void Number(ArrayBufferWriter<byte> buffer, long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(buffer.GetSpan(8), number);
        buffer.Advance(8);
    }

    private static void Time(ArrayBufferWriter<byte> buffer, Instant instant)
    {
        var seconds = instant.ToUnixTimeSeconds();
        Number(buffer, seconds);
        Number(buffer, (instant - Instant.FromUnixTimeSeconds(seconds)).NanosecondOfDay);
    }
}
