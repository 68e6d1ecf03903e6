using System.Globalization;
using System.Text;
using Ledger.Load.Ours;
using Ledger.Load.Workloads;

namespace Ledger.Load.Spending;

/// <summary>Requests of tills and of the mall as bytes: sales with references, and redemptions with keys, that were never used before.</summary>
internal sealed class SaleRequests(ServiceProcess service)
{
    private readonly string _prefix = Guid.CreateVersion7().ToString("n");
    private long _number;

    /// <summary>A sale at the merchant that is asked for: all that is held is captured.</summary>
    public (byte[] Hold, byte[] Capture) Next(in Asked asked)
    {
        var reference = NewName();
        return (
            Post("/v1/holds", $"{reference}-hold", string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"merchant":"{{asked.Merchant}}","reference":"{{reference}}","resident":"{{asked.Resident}}","points":{{Workload.PointsEach}},"terminal":"t-1","cashier":"c-9"}""")),
            Post($"/v1/holds/{asked.Merchant},{reference}/capture", $"{reference}-capture", "{}"));
    }

    /// <summary>A redemption of a reward.</summary>
    public byte[] Redemption(string reward, string resident) => Post($"/v1/residents/{resident}/redemptions", NewName(), $$"""{"reward":"{{reward}}"}""");

    /// <summary>Offers a reward.</summary>
    public byte[] Offer(string reward, bool limited) => Request("PUT", $"/v1/rewards/{reward}", NewName(), string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"kind":"voucher","category":"shops","merchant":"shop-1","names":{"en":"Tea box"},"price":{"points":{{Workload.PointsEach}}},"handover":"delivery","limited":{{(limited ? "true" : "false")}}}"""));

    /// <summary>Puts some of a reward in.</summary>
    public byte[] PutIn(string reward, int change) =>
        Post($"/v1/rewards/{reward}/stock", NewName(), string.Create(CultureInfo.InvariantCulture, $$"""{"change":{{change}}}"""));

    /// <summary>Asks how many of a reward there are.</summary>
    public byte[] ReadStock(string reward) => Request("GET", $"/v1/rewards/{reward}/stock", NewName(), "");

    private string NewName() => string.Create(CultureInfo.InvariantCulture, $"{_prefix}-{Interlocked.Increment(ref _number)}");

    private byte[] Post(string path, string key, string body) => Request("POST", path, key, body);

    private byte[] Request(string method, string path, string key, string body) => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"{method} {path}?community={LedgerHost.Community} HTTP/1.1\r\nHost: {service.Address}\r\nAuthorization: Bearer {service.Key}\r\nIdempotency-Key: {key}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
}
