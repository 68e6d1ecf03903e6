using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Ledger.Api.Paycodes;
using Ledger.Grains.Clocks;
using Ledger.Grains.Stores;
using NodaTime;

namespace Ledger.Api.Vouchers;

/// <summary>Keys as tills fetch them.</summary>
/// <param name="Keys">The one that signs first, then those whose vouchers may still be shown.</param>
/// <remarks>Source: RFC 7517 §5.</remarks>
public sealed record JsonWebKeySet(IReadOnlyList<JsonWebKey> Keys);

/// <summary>The public half of a key.</summary>
/// <param name="Kty">Always <c>EC</c>.</param>
/// <param name="Crv">Always <c>P-256</c>.</param>
/// <param name="X">One coordinate, base64url.</param>
/// <param name="Y">The other one.</param>
/// <param name="Kid">Names the key.</param>
/// <param name="Alg">Always <c>ES256</c>.</param>
/// <param name="Use">Always <c>sig</c>.</param>
public sealed record JsonWebKey(string Kty, string Crv, string X, string Y, string Kid, string Alg, string Use);

/// <summary>The keys that sign vouchers: made when the first voucher is, and replaced by operators.</summary>
internal sealed class VoucherKeys(ISigningKeys keys, IClock clock, IClockWatch clockWatch)
{
    /// <summary>How long a key is shown after another one took its place: longer than any voucher that it signed is taken.</summary>
    public static readonly Duration ShownFor = Duration.FromHours(72);

    /// <summary>Signs a voucher with the community's key.</summary>
    public async Task<string> Sign(VoucherClaims claims, CommunityId community, CancellationToken cancellation)
    {
        var signing = (await keys.ListSigningKeys(community, cancellation)) is [{ RetiredAt: null } current, ..] ? current : await Replace(community, null, cancellation);
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(signing.Private!.Value.Span, out _);
        return VoucherText.Sign(claims, signing.Id, key);
    }

    /// <summary>What a voucher says, where a key of the community signed it, now or before; null where none did.</summary>
    public async Task<VoucherClaims?> Verify(string text, CommunityId community, CancellationToken cancellation)
    {
        var all = await keys.ListSigningKeys(community, cancellation);
        return VoucherText.Verify(text, kid => all.FirstOrDefault(key => key.Id == kid)?.Public);
    }

    /// <summary>Has a new key sign from now on.</summary>
    public async Task Rotate(CommunityId community, CancellationToken cancellation)
    {
        var current = (await keys.ListSigningKeys(community, cancellation)) is [{ RetiredAt: null } signing, ..] ? signing.Id : null;
        await Replace(community, current, cancellation);
    }

    /// <summary>The keys that tills need now.</summary>
    public async Task<JsonWebKeySet> Shown(CommunityId community, CancellationToken cancellation)
    {
        var from = clock.GetCurrentInstant() - ShownFor;
        return new([.. (await keys.ListSigningKeys(community, cancellation)).Where(key => !(key.RetiredAt < from)).Select(WebKeyOf)]);
    }

    // Of several at once one adds its key, and all sign with that.
    private async Task<SigningKey> Replace(CommunityId community, string? current, CancellationToken cancellation)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var made = new SigningKey
        {
            Community = community,
            Id = ThumbprintOf(pair.ExportParameters(includePrivateParameters: false)),
            Public = pair.ExportSubjectPublicKeyInfo(),
            Private = pair.ExportPkcs8PrivateKey(),
            CreatedAt = PaycodeDesk.EndOfSecond(clockWatch.Now(clock)),
        };
        return await keys.AddSigningKey(made, current, cancellation) ? made : (await keys.ListSigningKeys(community, cancellation))[0];
    }

    private static JsonWebKey WebKeyOf(SigningKey key)
    {
        using var pair = ECDsa.Create();
        pair.ImportSubjectPublicKeyInfo(key.Public.Span, out _);
        var (x, y) = CoordinatesOf(pair.ExportParameters(includePrivateParameters: false));
        return new("EC", "P-256", x, y, key.Id, "ES256", "sig");
    }

    private static (string X, string Y) CoordinatesOf(ECParameters key) => (Base64Url.EncodeToString(key.Q.X), Base64Url.EncodeToString(key.Q.Y));

    // Source: RFC 7638 §3.
    private static string ThumbprintOf(ECParameters key)
    {
        var (x, y) = CoordinatesOf(key);
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""")));
    }
}
