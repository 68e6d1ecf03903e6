using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace Ledger.Load.Ours;

/// <summary>One keep-alive connection that sends ready bytes and reads one answer with a Content-Length: as little work as a client can do.</summary>
internal sealed class HttpConnection(IPEndPoint address) : IDisposable
{
    private const int AnswerBytesMax = 4 * 1024 * 1024;

    private byte[] _buffer = new byte[16 * 1024];
    private Socket? _socket;

    /// <summary>Sends a request and reads its answer; connects when it is not connected.</summary>
    /// <exception cref="IOException">The connection ended, or the answer is none that this client reads.</exception>
    /// <exception cref="SocketException">There is no connection.</exception>
    public async ValueTask<HttpAnswer> Ask(ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        try
        {
            var socket = await Connected(cancellation);
            await socket.SendAsync(request, cancellation);
            return await Read(socket, cancellation);
        }
        catch (Exception)
        {
            // What comes on it later would be taken for the answer to something else.
            Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }

    private async ValueTask<Socket> Connected(CancellationToken cancellation)
    {
        if (_socket is null)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(address, cancellation);
            _socket = socket;
        }

        return _socket;
    }

    private async ValueTask<HttpAnswer> Read(Socket socket, CancellationToken cancellation)
    {
        var filled = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(_buffer.AsMemory(filled), cancellation);
            filled += read;
            if (read == 0)
            {
                throw new IOException("The service closed the connection.");
            }

            if (PlaceOfBody(_buffer.AsSpan(0, filled)) is { } place && filled >= place.End)
            {
                return Utf8Parser.TryParse(_buffer.AsSpan(9, 3), out int status, out _)
                    ? new(status, _buffer.AsMemory(place.Begin, place.End - place.Begin))
                    : throw new IOException("The answer has no status.");
            }

            Grow(filled);
        }
    }

    private void Grow(int filled)
    {
        if (filled == AnswerBytesMax)
        {
            throw new IOException("The answer is too long.");
        }

        if (filled == _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Min(_buffer.Length * 2, AnswerBytesMax));
        }
    }

    // Null while the head is not complete.
    private static (int Begin, int End)? PlaceOfBody(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return null;
        }

        var at = answer[..end].IndexOf("Content-Length: "u8);
        return at >= 0 && Utf8Parser.TryParse(answer[(at + 16)..], out int body, out _)
            ? (end + 4, end + 4 + body)
            : throw new IOException("The answer has no Content-Length.");
    }
}

/// <summary>One answer.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body; good until the connection is asked again.</param>
internal readonly record struct HttpAnswer(int Status, ReadOnlyMemory<byte> Body)
{
    /// <summary>What a failure is counted under: the status and, where there is one, the code of the problem.</summary>
    public string Failure() => FailureOf(Status, Body.Span);

    /// <summary>The same for any problem in an answer.</summary>
    public static string FailureOf(int status, ReadOnlySpan<byte> problem)
    {
        var at = problem.IndexOf("\"code\":\""u8);
        var code = at < 0 ? [] : problem[(at + 8)..];
        var end = code.IndexOf((byte)'"');
        return end < 0 ? $"{status}" : $"{status} {System.Text.Encoding.UTF8.GetString(code[..end])}";
    }
}
