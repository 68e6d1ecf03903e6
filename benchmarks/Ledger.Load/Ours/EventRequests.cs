using System.Globalization;
using System.Net;
using System.Text;
using Ledger.Load.Workloads;

namespace Ledger.Load.Ours;

/// <summary>Requests as bytes: CloudEvents with ids that were never used before.</summary>
internal sealed class EventRequests(IPEndPoint address, string key, string community, string activity)
{
    private readonly string _source = $"/load/{Guid.CreateVersion7():n}";
    private readonly string _time = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    private long _number;

    /// <summary>A request with one event.</summary>
    public byte[] One(in Asked asked) => Request("application/cloudevents+json", Event(asked));

    /// <summary>A request with a batch of events.</summary>
    public byte[] Batch(Workload workload, int events) => Request(
        "application/cloudevents-batch+json", $"[{string.Join(',', Enumerable.Range(0, events).Select(_ => Event(workload.Next())))}]");

    private string Event(in Asked asked)
    {
        var number = Interlocked.Increment(ref _number);
        return asked.Merchant is { } merchant
            ? string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"specversion":"1.0","type":"community.points.points-spent.v1","source":"{{_source}}","id":"{{number}}","subject":"{{asked.Resident}}","time":"{{_time}}","data":{"merchant":"{{merchant}}","points":{{Workload.PointsEach}}} }""")
            : string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"specversion":"1.0","type":"community.points.activity-completed.v1","source":"{{_source}}","id":"{{number}}","subject":"{{asked.Resident}}","time":"{{_time}}","data":{"activity":"{{activity}}","quantity":1} }""");
    }

    private byte[] Request(string contentType, string body) => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"POST /v1/events?community={community} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\nContent-Type: {contentType}\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
}
