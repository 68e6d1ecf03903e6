using System.Globalization;
using System.Net;
using System.Text;

namespace Ledger.Load;

/// <summary>Requests as bytes: one CloudEvent each, a new id each, residents in turn.</summary>
internal sealed class EventRequests(IPEndPoint address, string key, int residents)
{
    private readonly string _run = Guid.CreateVersion7().ToString("n");
    private readonly string _time = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    private long _number;

    public byte[] Next()
    {
        var number = Interlocked.Increment(ref _number);
        var body = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"specversion":"1.0","type":"community.points.activity-completed.v1","source":"/load/{{_run}}","id":"{{number}}","subject":"load-{{number % residents}}","time":"{{_time}}","data":{"activity":"class-teaching","quantity":1} }""");
        return Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"POST /v1/events?community=demo HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\nContent-Type: application/cloudevents+json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
    }
}
