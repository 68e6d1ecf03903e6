using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ledger.Fault.Tests.Network;

/// <summary>When a connection is cut, seen from a request that is on its way to the server.</summary>
internal enum Cut
{
    /// <summary>The server has not got the request.</summary>
    BeforeRequest,

    /// <summary>The server has half of the request.</summary>
    WithinRequest,

    /// <summary>The server has the request; nobody waits for its answer.</summary>
    AfterRequest,

    /// <summary>The server has answered, so it has committed; the answer is thrown away.</summary>
    AfterAnswer,
}

/// <summary>Stands between a silo and its database, passes everything on, and cuts a connection of the journal's writer when it is told to.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    // What the writer of the journal says about itself in its first message.
    private static readonly byte[] s_writer = Encoding.ASCII.GetBytes("ledger-journal");

    private readonly int _serverPort;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private int _armed = -1;
    private int _cuts;

    public CuttingProxy(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        _accepting = Accept();
    }

    /// <summary>The port to connect to.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections were cut.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    /// <summary>The next request of the journal's writer is cut like this.</summary>
    public void CutNext(Cut how) => Volatile.Write(ref _armed, (int)how);

    /// <summary>No request is cut any more, not even one that was asked for and has not come yet.</summary>
    public void CutNone() => Volatile.Write(ref _armed, -1);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                _ = Pass(client);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException)
        {
            // Nobody is let in any more.
        }
    }

    private async Task Pass(Socket client)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        using (client)
        {
            try
            {
                client.NoDelay = server.NoDelay = true;
                await server.ConnectAsync(IPAddress.Loopback, _serverPort, end.Token);
                var passing = new Passing();
                await Task.WhenAny(Requests(client, server, passing, end.Token), Answers(server, client, passing, end.Token));
            }
            catch (Exception broken) when (broken is SocketException or OperationCanceledException)
            {
                // The server is away: so is the connection.
            }

            await end.CancelAsync();
        }
    }

    private async Task Requests(Socket client, Socket server, Passing passing, CancellationToken end)
    {
        var buffer = new byte[128 * 1024];
        while (await Receive(client, buffer, end) is var length and > 0)
        {
            var request = buffer.AsMemory(0, length);
            if (!passing.IsWriter)
            {
                passing.IsWriter = request.Span.IndexOf(s_writer) >= 0;
            }
            else if (IsCommit(request.Span) && Interlocked.Exchange(ref _armed, -1) is var armed and >= 0)
            {
                Interlocked.Increment(ref _cuts);
                await Stop((Cut)armed, server, request, passing, end);
                return;
            }

            await server.SendAsync(request, end);
        }
    }

    private static async Task Stop(Cut how, Socket server, ReadOnlyMemory<byte> request, Passing passing, CancellationToken end)
    {
        switch (how)
        {
            case Cut.WithinRequest:
                await server.SendAsync(request[..(request.Length / 2)], end);
                break;
            case Cut.AfterRequest:
                await server.SendAsync(request, end);
                break;
            case Cut.AfterAnswer:
                passing.DropsAnswers = true;
                await server.SendAsync(request, end);
                await passing.Answered.Task.WaitAsync(end);
                break;
            default:
                break;
        }
    }

    private static async Task Answers(Socket server, Socket client, Passing passing, CancellationToken end)
    {
        var buffer = new byte[128 * 1024];
        while (await Receive(server, buffer, end) is var length and > 0)
        {
            if (!passing.DropsAnswers)
            {
                await client.SendAsync(buffer.AsMemory(0, length), end);
            }
            else if (IsReady(buffer.AsSpan(0, length)))
            {
                passing.Answered.TrySetResult();
            }
        }
    }

    private static async Task<int> Receive(Socket socket, Memory<byte> buffer, CancellationToken end)
    {
        try
        {
            return await socket.ReceiveAsync(buffer, end);
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    // A batch of rows is far longer than the questions that the writer asks, and ends with a Sync: after it the server commits.
    private static bool IsCommit(ReadOnlySpan<byte> request) => request.Length > 500 && request.EndsWith(new byte[] { (byte)'S', 0, 0, 0, 4 });

    // ReadyForQuery with "no transaction open": whatever was asked for is committed or rolled back.
    private static bool IsReady(ReadOnlySpan<byte> answer) => answer.EndsWith(new byte[] { (byte)'Z', 0, 0, 0, 5, (byte)'I' });

    private sealed class Passing
    {
        public bool IsWriter { get; set; }

        public bool DropsAnswers { get; set; }

        public TaskCompletionSource Answered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
