using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Ledger.Api.Tests.Serving;
using NodaTime;

namespace Ledger.Api.Tests.Vouchers;

/// <summary>Vouchers from the phone over a till without a network to the ledger.</summary>
public sealed class VoucherLife : IAsyncLifetime
{
    private const string Keys = "/vouchers/lakeside/jwks.json";

    private readonly LedgerApi _api = new();
    private HttpClient _till = null!;
    private HttpClient _app = null!;
    private HttpClient _phone = null!;

    private DateTimeOffset Now => _api.Clock.GetCurrentInstant().ToDateTimeOffset();

    public async ValueTask InitializeAsync()
    {
        await _api.Furnish();
        (_till, _app, _phone) = (await _api.Merchant("tea-house"), await _api.App(), await _api.Resident("r-1"));
        (await _app.Event(Event.Earn("r-1", 100))).IsOk();
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_voucher_is_debited_taken_offline_and_redeemed_once()
    {
        var voucher = (await Issue("""{ "merchant": "tea-house", "points": 30 }""")).IsOk();
        var offline = await FetchKeys();

        Assert.Equal((70L, 30L), ((await _app.Balance("r-1")).Number("available"), (await _app.Balance("r-1")).Number("held")));
        Assert.Equal(("2026-03-03T04:00:00Z", "2026-03-04T04:00:00Z"), (voucher.Word("expiresAt"), voucher.Word("heldUntil")));
        Assert.DoesNotContain("r-1", Encoding.UTF8.GetString(Base64Url.DecodeFromChars(voucher.Word("voucher").Split('.')[1])), StringComparison.Ordinal);
        Assert.Equal(30, offline.Take(voucher.Word("voucher"), Now));
        Assert.Null(offline.Take(voucher.Word("voucher"), Now));

        _api.Clock.Advance(Duration.FromHours(71));
        var redeemed = (await Redeem(voucher.Word("voucher"), "key-1")).IsOk();
        var again = (await Redeem(voucher.Word("voucher"), "key-1")).IsOk();
        var second = (await Redeem(voucher.Word("voucher"), "key-2", "t-2")).IsProblem(422, "voucher_redeemed");

        Assert.Equal((30L, true, redeemed.Text), (redeemed.Number("captured"), again.IsReplayed, again.Text));
        Assert.Equal(("2026-03-04T03:00:00Z", "t-1"), (second.Word("at"), second.Word("terminal")));
        var sale = (await _till.Read($"/v1/merchants/tea-house/refs/{voucher.Word("reference")}")).IsOk();
        Assert.Equal(("captured", 30L), (sale.Word("status"), sale.Number("captured")));
        (await _till.Command($"/v1/merchants/tea-house/refs/{voucher.Word("reference")}/refunds", """{ "points": 10 }""")).IsOk();
        Assert.Equal(80, (await _app.Balance("r-1")).Number("available"));
    }

    [Fact]
    public async Task The_same_request_is_the_same_voucher()
    {
        var first = (await Issue("""{ "merchant": "tea-house", "points": 30 }""", "key-1")).IsOk();
        var again = (await Issue("""{ "merchant": "tea-house", "points": 30 }""", "key-1")).IsOk();

        Assert.True(again.IsReplayed);
        Assert.Equal(first.Word("voucher").Split('.')[..2], again.Word("voucher").Split('.')[..2]);
        Assert.Equal(30, (await _app.Balance("r-1")).Number("held"));
        (await Issue("""{ "merchant": "tea-house", "points": 31 }""", "key-1")).IsProblem(422, "command_id_reused");
        (await Redeem(again.Word("voucher"))).IsOk();
        (await Redeem(first.Word("voucher"))).IsProblem(422, "voucher_redeemed");
    }

    [Fact]
    public async Task What_is_not_redeemed_comes_back_and_is_expired()
    {
        var voucher = (await Issue("""{ "merchant": "tea-house", "points": 30, "hours": 1 }""")).IsOk();
        var offline = await FetchKeys();
        _api.Clock.Advance(Duration.FromHours(1));
        Assert.Null(offline.Take(voucher.Word("voucher"), Now));

        _api.Clock.Advance(Duration.FromHours(24));

        Assert.Equal(100, (await _app.Balance("r-1")).Number("available"));
        var expired = (await Redeem(voucher.Word("voucher"))).IsProblem(422, "voucher_expired");
        Assert.Equal("2026-03-02T05:00:00Z", expired.Word("at"));
    }

    [Fact]
    public async Task A_voucher_is_good_at_one_merchant_of_one_community()
    {
        var voucher = (await Issue("""{ "merchant": "tea-house", "points": 30 }""")).IsOk().Word("voucher");
        await _api.Catalogue.AddCommunity(new(new("harbour"), "港湾社区", _api.Clock.GetCurrentInstant()), TestContext.Current.CancellationToken);
        var keys = (await _api.CreateClient().Read(Keys)).IsOk().Text;

        Assert.Null(new OfflineTill(keys, "lakeside", "clinic").Take(voucher, Now));
        Assert.Null(new OfflineTill(keys, "harbour", "tea-house").Take(voucher, Now));
        Assert.Null(new OfflineTill((await _api.CreateClient().Read("/vouchers/harbour/jwks.json")).IsOk().Text, "harbour", "tea-house").Take(voucher, Now));
        (await (await _api.Merchant("clinic")).Command("/v1/merchants/clinic/vouchers/redeem", Body(voucher))).IsProblem(403, "voucher_foreign");
        (await (await _api.Merchant("clinic")).Command("/v1/merchants/tea-house/vouchers/redeem", Body(voucher))).IsProblem(403, "merchant_not_granted");
        (await (await _api.Merchant("tea-house", "harbour")).Command("/v1/merchants/tea-house/vouchers/redeem", Body(voucher))).IsProblem(400, "voucher_invalid");
        (await Redeem(voucher)).IsOk();
    }

    [Fact]
    public async Task Every_changed_character_of_a_voucher_is_noticed()
    {
        var voucher = (await Issue("""{ "merchant": "tea-house", "points": 30 }""")).IsOk().Word("voucher");
        var offline = await FetchKeys();
        for (var i = 0; i < voucher.Length; i++)
        {
            var other = voucher[i] == 'A' ? 'Q' : 'A';
            var changed = voucher[..i] + other + voucher[(i + 1)..];

            // The last character of each part carries bits that mean nothing, and must be as they were written.
            Assert.Null(Ledger.Api.Vouchers.VoucherText.Verify(changed, _ => PublicKey()));
        }

        Assert.NotNull(Ledger.Api.Vouchers.VoucherText.Verify(voucher, _ => PublicKey()));
        Assert.Equal(30, offline.Take(voucher, Now));
        foreach (var wrong in new[] { "", "a.b", "a.b.c", voucher + "x", voucher + ".x", Forged(voucher) })
        {
            (await Redeem(wrong)).IsProblem(400, "voucher_invalid");
        }

        ReadOnlyMemory<byte>? PublicKey() => _keys ??= _api.Services.GetService(typeof(Ledger.Grains.Stores.ISigningKeys)) is Ledger.Grains.Stores.ISigningKeys keys
            ? keys.ListSigningKeys(new(LedgerApi.Community), TestContext.Current.CancellationToken).Result[0].Public
            : null;
    }

    private ReadOnlyMemory<byte>? _keys;

    [Fact]
    public async Task A_rotated_key_signs_nothing_more_and_what_it_signed_stays_good()
    {
        var old = (await Issue("""{ "merchant": "tea-house", "points": 10 }""")).IsOk().Word("voucher");
        var rotated = (await (await _api.Operator()).Write("/v1/voucher-keys/rotate", "")).IsOk();
        var young = (await Issue("""{ "merchant": "tea-house", "points": 10 }""")).IsOk().Word("voucher");

        Assert.Equal(2, rotated.Json["keys"]!.AsArray().Count);
        Assert.NotEqual(old.Split('.')[0], young.Split('.')[0]);
        var offline = await FetchKeys();
        Assert.Equal((10L, 10L), (offline.Take(old, Now), offline.Take(young, Now)));
        (await Redeem(old)).IsOk();
        (await Redeem(young)).IsOk();
        _api.Clock.Advance(Duration.FromHours(73));
        Assert.Single((await _api.CreateClient().Read(Keys)).IsOk().Json["keys"]!.AsArray());
        Assert.Equal(["P-256", "ES256", "sig"], new[] { "crv", "alg", "use" }.Select(name => rotated.Json["keys"]![0]![name]!.GetValue<string>()));
    }

    [Fact]
    public async Task Many_first_vouchers_at_once_are_signed_by_one_key()
    {
        var vouchers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Issue("""{ "merchant": "tea-house", "points": 1 }"""))));

        Assert.Single(vouchers.Select(voucher => voucher.IsOk().Word("voucher").Split('.')[0]).Distinct());
    }

    [Theory]
    [InlineData("""{ "merchant": "tea-house" }""", 400, "member_missing")]
    [InlineData("""{ "merchant": "tea-house", "points": 1, "hours": 49 }""", 400, "quantity_invalid")]
    [InlineData("""{ "merchant": "tea-house", "points": 1, "hours": 0 }""", 400, "quantity_invalid")]
    [InlineData("""{ "merchant": "tea-house", "points": 101 }""", 422, "insufficient_points")]
    public async Task What_cannot_be_put_on_a_voucher_is_refused(string body, int status, string code) => (await Issue(body)).IsProblem(status, code);

    [Fact]
    public async Task A_voucher_that_was_voided_is_no_more_redeemed()
    {
        var voucher = (await Issue("""{ "merchant": "tea-house", "points": 30 }""")).IsOk();
        (await _till.Write($"/v1/merchants/tea-house/refs/{voucher.Word("reference")}/void", "")).IsOk();

        (await Redeem(voucher.Word("voucher"))).IsProblem(422, "hold_ended");
        Assert.Equal(100, (await _app.Balance("r-1")).Number("available"));
    }

    // Somebody else's signature over the same words.
    private static string Forged(string voucher)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signed = voucher[..voucher.LastIndexOf('.')];
        return $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    private static string Body(string voucher, string terminal = "t-1") => $$"""{ "voucher": "{{voucher}}", "terminal": "{{terminal}}" }""";

    private async Task<OfflineTill> FetchKeys() => new((await _api.CreateClient().Read(Keys)).IsOk().Text, LedgerApi.Community, "tea-house");

    private Task<Reply> Issue(string body, string? key = null) => _phone.Command("/v1/residents/r-1/vouchers", body, key);

    private Task<Reply> Redeem(string voucher, string? key = null, string terminal = "t-1") =>
        _till.Command("/v1/merchants/tea-house/vouchers/redeem", Body(voucher, terminal), key);
}
