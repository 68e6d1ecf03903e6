using System.Buffers.Binary;
using System.IO.Compression;

namespace Ledger.Grains.Importing;

/// <summary>Unpacks a gzip file and notices when it is cut off.</summary>
/// <remarks>
/// <see cref="GZipStream"/> takes the end of a file for the end of what is packed in it: half a history would look like a whole one.
/// The last four bytes of the file hold the unpacked length (RFC 1952), so they tell.
/// </remarks>
internal sealed class PackedStream(FileStream file) : Stream
{
    private const int LengthBytes = 4;

    private readonly GZipStream _unpacked = new(file, CompressionMode.Decompress, leaveOpen: true);
    private uint _length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="InvalidDataException">The file is cut off, or not packed by gzip.</exception>
    public override int Read(byte[] buffer, int offset, int count)
    {
        var bytes = _unpacked.Read(buffer, offset, count);
        _length = unchecked(_length + (uint)bytes);
        if (bytes == 0 && count > 0)
        {
            RequireWhole();
        }

        return bytes;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _unpacked.Dispose();
        file.Dispose();
        base.Dispose(disposing);
    }

    private void RequireWhole()
    {
        Span<byte> length = stackalloc byte[LengthBytes];
        if (file.Length < LengthBytes)
        {
            throw new InvalidDataException("It is too short to be a gzip file.");
        }

        file.Position = file.Length - LengthBytes;
        file.ReadExactly(length);
        if (BinaryPrimitives.ReadUInt32LittleEndian(length) != _length)
        {
            throw new InvalidDataException("It is cut off (or made of several parts: then unpack it first).");
        }
    }
}
