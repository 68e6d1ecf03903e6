using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace Ledger.Load;

/// <summary>One keep-alive connection that sends ready bytes and reads one answer with a Content-Length: as little work as a client can do.</summary>
internal sealed class HttpConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[64 * 1024];

    public Task Open(IPEndPoint address, CancellationToken cancellation) => _socket.ConnectAsync(address, cancellation).AsTask();

    /// <summary>The status of the answer.</summary>
    /// <exception cref="IOException">The connection ended, or the answer is none that this client reads.</exception>
    public async ValueTask<int> Ask(ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        await _socket.SendAsync(request, cancellation);
        var filled = 0;
        while (true)
        {
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(filled), cancellation);
            filled += read;
            if (read == 0 || filled == _buffer.Length)
            {
                throw new IOException(read == 0 ? "The service closed the connection." : "The answer is too long.");
            }

            if (LengthOf(_buffer.AsSpan(0, filled)) is { } length && filled >= length)
            {
                return Utf8Parser.TryParse(_buffer.AsSpan(9, 3), out int status, out _) ? status : throw new IOException("The answer has no status.");
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    // Head and body together; null while the head is not complete.
    private static int? LengthOf(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return null;
        }

        var at = answer[..end].IndexOf("Content-Length: "u8);
        return at >= 0 && Utf8Parser.TryParse(answer[(at + 16)..], out int body, out _)
            ? end + 4 + body
            : throw new IOException("The answer has no Content-Length.");
    }
}
