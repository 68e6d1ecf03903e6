using System.Globalization;
using System.Text;

namespace Ledger.Load.Ours;

/// <summary>Asks a service for the balance of everybody, so that their wallets are in its memory.</summary>
internal static class BalanceReading
{
    private const int Connections = 64;

    public static Task ReadAll(ServiceProcess service, IReadOnlyList<string> residents, CancellationToken cancellation) =>
        Task.WhenAll(residents.Chunk(Math.Max(residents.Count / Connections, 1)).Select(part => Task.Run(() => ReadPart(service, part, cancellation))));

    private static async Task ReadPart(ServiceProcess service, IEnumerable<string> residents, CancellationToken cancellation)
    {
        using var connection = new HttpConnection(service.Address);
        foreach (var resident in residents)
        {
            var request = Encoding.ASCII.GetBytes(string.Create(
                CultureInfo.InvariantCulture,
                $"GET /v1/residents/{resident}/balance?community={LedgerHost.Community} HTTP/1.1\r\nHost: {service.Address}\r\nAuthorization: Bearer {service.Key}\r\n\r\n"));
            var answer = await connection.Ask(request, cancellation);
            if (answer.Status != 200)
            {
                throw new InvalidOperationException($"A balance was answered {answer.Failure()}.");
            }
        }
    }
}
