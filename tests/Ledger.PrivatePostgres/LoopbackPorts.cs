using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Ledger.PrivatePostgres;

/// <summary>Ports that a process can have again after it was killed.</summary>
public static class LoopbackPorts
{
    /// <summary>A free one, below the range from which systems take ports for outgoing connections.</summary>
    public static int Free()
    {
        const int Lowest = 15_000;
        const int Highest = 30_000;
        for (var tries = 0; tries < 100; tries++)
        {
            var port = RandomNumberGenerator.GetInt32(Lowest, Highest);
            try
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }

        throw new InvalidOperationException("No free port was found.");
    }
}
