using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ledger.Api.Json;

namespace Ledger.Api.Vouchers;

/// <summary>What the signature of a voucher is made with.</summary>
/// <param name="Alg">Always <c>ES256</c>.</param>
/// <param name="Kid">The key.</param>
public sealed record VoucherHeader(string Alg, string Kid);

/// <summary>What a voucher says. Nothing of it tells who pays.</summary>
/// <param name="Community">Where it is good.</param>
/// <param name="Merchant">The one merchant who may take it.</param>
/// <param name="Reference">Its name: the merchant's reference of the hold that stands behind it.</param>
/// <param name="Points">What it is worth. Unit: points.</param>
/// <param name="Iat">When it was issued, in Unix seconds.</param>
/// <param name="Exp">From when on a till takes it no longer, in Unix seconds.</param>
public sealed record VoucherClaims(string Community, string Merchant, string Reference, long Points, long Iat, long Exp);

/// <summary>A voucher as its text: a compact JWS.</summary>
/// <remarks>Source: RFC 7515 §3.1; RFC 7518 §3.4 for ES256.</remarks>
internal static class VoucherText
{
    private const string Algorithm = "ES256";

    /// <summary>Signs a voucher.</summary>
    public static string Sign(VoucherClaims claims, string kid, ECDsa key)
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(new VoucherHeader(Algorithm, kid), ApiJson.Web.VoucherHeader);
        var signed = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims, ApiJson.Web.VoucherClaims))}";
        return $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    /// <summary>What a voucher says, where one of the keys signed exactly this text; null where none did.</summary>
    /// <param name="text">The voucher.</param>
    /// <param name="find">The public half of a key by its name, as SubjectPublicKeyInfo; null for none.</param>
    public static VoucherClaims? Verify(string text, Func<string, ReadOnlyMemory<byte>?> find)
    {
        try
        {
            if (text.Split('.') is not [var header, var claims, var signature]
                || JsonSerializer.Deserialize(Base64Url.DecodeFromChars(header), ApiJson.Web.VoucherHeader) is not { Alg: Algorithm, Kid: { } kid }
                || find(kid) is not { } known)
            {
                return null;
            }

            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(known.Span, out _);
            return key.VerifyData(Encoding.ASCII.GetBytes($"{header}.{claims}"), Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256)
                ? JsonSerializer.Deserialize(Base64Url.DecodeFromChars(claims), ApiJson.Web.VoucherClaims)
                : null;
        }
        catch (Exception malformed) when (malformed is FormatException or JsonException)
        {
            return null;
        }
    }
}
