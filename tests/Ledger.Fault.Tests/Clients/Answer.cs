using System.Net;
using System.Text.Json.Nodes;

namespace Ledger.Fault.Tests.Clients;

/// <summary>What a service acknowledged: a receipt, or a refusal that it remembers.</summary>
/// <param name="Status">200 or 422.</param>
/// <param name="Body">The answer without what belongs to the request rather than to the outcome.</param>
/// <param name="Replayed">Whether it said that this is an earlier outcome.</param>
internal sealed record Answer(HttpStatusCode Status, JsonObject Body, bool Replayed)
{
    /// <summary>As the journal calls it.</summary>
    public string Outcome => (Body["code"] ?? Body["outcome"])!.GetValue<string>();

    /// <summary>The transaction's number; null for a refusal, which does not say it.</summary>
    public long? Transaction => Body["transaction"]?.GetValue<long>();

    /// <summary>Whether both say the same.</summary>
    public bool Agrees(Answer other) => Status == other.Status && JsonNode.DeepEquals(Body, other.Body);

    public static Answer Of(HttpStatusCode status, JsonNode body, bool replayed)
    {
        var said = body.AsObject();
        said.Remove("traceId");
        return new(status, said, replayed);
    }

    public override string ToString() => $"{(int)Status}{(Replayed ? " replayed" : "")} {Body.ToJsonString()}";
}
