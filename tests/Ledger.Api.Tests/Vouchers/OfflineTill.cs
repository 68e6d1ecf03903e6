using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Ledger.Api.Tests.Vouchers;

/// <summary>A till without a network, as docs/tills.md tells to build one: it knows its merchant, the keys that it fetched, and its own clock.</summary>
/// <param name="keys">The JSON Web Key Set as it was fetched.</param>
/// <param name="community">The community.</param>
/// <param name="merchant">Whose till it is.</param>
internal sealed class OfflineTill(string keys, string community, string merchant)
{
    private readonly HashSet<string> _taken = [];

    /// <summary>Takes a voucher: the points that it is worth, or null where it must not be taken.</summary>
    public long? Take(string voucher, DateTimeOffset now)
    {
        if (voucher.Split('.') is not [var header, var payload, var signature] || KeyOf(header) is not { } key)
        {
            return null;
        }

        using var signer = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new() { X = Base64Url.DecodeFromChars(key["x"]!.GetValue<string>()), Y = Base64Url.DecodeFromChars(key["y"]!.GetValue<string>()) },
        });
        if (!signer.VerifyData(Encoding.ASCII.GetBytes($"{header}.{payload}"), Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256))
        {
            return null;
        }

        var claims = Json(payload);
        var isGood = claims["community"]!.GetValue<string>() == community
            && claims["merchant"]!.GetValue<string>() == merchant
            && now.ToUnixTimeSeconds() < claims["exp"]!.GetValue<long>()
            && _taken.Add(claims["reference"]!.GetValue<string>());
        return isGood ? claims["points"]!.GetValue<long>() : null;
    }

    // The key says how it is used, not the voucher.
    private JsonNode? KeyOf(string header) => JsonNode.Parse(keys)!["keys"]!.AsArray().FirstOrDefault(key =>
        key!["kid"]!.GetValue<string>() == Json(header)["kid"]!.GetValue<string>() && key["alg"]!.GetValue<string>() == "ES256");

    private static JsonNode Json(string part) => JsonNode.Parse(Base64Url.DecodeFromChars(part))!;
}
