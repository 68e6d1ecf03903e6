using System.Globalization;
using System.Text;
using Ledger.Load.Ours;
using Ledger.Load.Workloads;

namespace Ledger.Load.Spending;

/// <summary>Requests of tills as bytes: sales with references that were never used before.</summary>
internal sealed class SaleRequests(ServiceProcess service)
{
    private readonly string _prefix = Guid.CreateVersion7().ToString("n");
    private long _number;

    /// <summary>A sale at the merchant that is asked for: all that is held is captured.</summary>
    public (byte[] Hold, byte[] Capture) Next(in Asked asked)
    {
        var reference = string.Create(CultureInfo.InvariantCulture, $"{_prefix}-{Interlocked.Increment(ref _number)}");
        return (
            Post("/v1/holds", $"{reference}-hold", string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"merchant":"{{asked.Merchant}}","reference":"{{reference}}","resident":"{{asked.Resident}}","points":{{Workload.PointsEach}},"terminal":"t-1","cashier":"c-9"}""")),
            Post($"/v1/holds/{asked.Merchant},{reference}/capture", $"{reference}-capture", "{}"));
    }

    private byte[] Post(string path, string key, string body) => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"POST {path}?community={LedgerHost.Community} HTTP/1.1\r\nHost: {service.Address}\r\nAuthorization: Bearer {service.Key}\r\nIdempotency-Key: {key}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
}
