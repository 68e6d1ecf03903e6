using Ledger.Api.Security;
using Ledger.Api.Tests.Merchants;
using Ledger.Api.Tests.Serving;
using NodaTime;

namespace Ledger.Api.Tests.Paycodes;

/// <summary>Paycodes from the phone to the till.</summary>
public sealed class PaycodeLife : IAsyncLifetime
{
    private readonly LedgerApi _api = new();
    private HttpClient _till = null!;
    private HttpClient _app = null!;
    private HttpClient _phone = null!;

    public async ValueTask InitializeAsync()
    {
        await _api.Furnish();
        (_till, _app, _phone) = (await _api.Merchant("tea-house"), await _api.App(), await _api.Resident("r-1"));
        (await _app.Event(Event.Earn("r-1", 100))).IsOk();
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_code_is_shown_once_for_a_minute_in_a_form_that_can_be_read()
    {
        var shown = (await _phone.Write("/v1/residents/r-1/paycodes", "")).IsOk();

        Assert.Equal(("r-1", "2026-03-01T04:01:00Z"), (shown.Word("resident"), shown.Word("expiresAt")));
        Assert.Equal(18, shown.Word("paycode").Length);
        Assert.Equal(shown.Word("paycode"), shown.Word("grouped").Replace(" ", "", StringComparison.Ordinal));
        Assert.True(shown.Message.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task A_code_pays_once_and_the_second_scan_hears_when()
    {
        var code = await _phone.Paycode();

        var hold = (await _till.HoldBy(code, "sale-1", 30)).IsOk();
        _api.Clock.Advance(Duration.FromSeconds(59));
        var second = (await (await _api.Merchant("clinic")).HoldBy(code, "sale-1", 30, merchant: "clinic")).IsProblem(422, "paycode_used");

        Assert.Equal(("tea-house,sale-1", "r-1", 30L), (hold.Word("hold"), hold.Word("resident"), hold.Number("held")));
        Assert.Equal("2026-03-01T04:00:00Z", second.Word("at"));
        Assert.Equal(30, (await _app.Balance("r-1")).Number("held"));
    }

    [Fact]
    public async Task The_same_hold_is_answered_again_also_when_its_code_is_long_forgotten()
    {
        var code = await _phone.Paycode();
        var hold = (await _till.HoldBy(code, "sale-1", 30, "key-1")).IsOk();
        var refused = (await _till.HoldBy(await _phone.Paycode(), "sale-2", 999, "key-2")).IsProblem(422, "insufficient_points");
        await Forget();

        var replayed = (await _till.HoldBy(code, "sale-1", 30, "key-1")).IsOk();
        var again = (await _till.HoldBy(code, "sale-1", 30, "key-3")).IsOk();

        Assert.Equal((true, hold.Text), (replayed.IsReplayed, replayed.Text));
        Assert.Equal((hold.Word("hold"), hold.Word("heldUntil")), (again.Word("hold"), again.Word("heldUntil")));
        (await _till.HoldBy(code, "sale-1", 31)).IsProblem(422, "reference_reused");
        (await _till.HoldBy(code, "sale-9", 30, "key-1")).IsProblem(422, "command_id_reused");
        (await _till.HoldBy(code, "sale-9", 30)).IsProblem(404, "paycode_unknown");
        Assert.NotEmpty(refused.Text);
        Assert.Equal("refused", (await _till.Read("/v1/merchants/tea-house/refs/sale-2")).Word("status"));
    }

    [Fact]
    public async Task A_code_that_comes_too_late_is_expired_for_an_hour_and_then_unknown()
    {
        var code = await _phone.Paycode();
        _api.Clock.Advance(Duration.FromSeconds(60));

        var late = (await _till.HoldBy(code, "sale-1", 30)).IsProblem(422, "paycode_expired");

        Assert.Equal("2026-03-01T04:01:00Z", late.Word("expiredAt"));
        await Forget();
        (await _till.HoldBy(code, "sale-2", 30)).IsProblem(404, "paycode_unknown");
        Assert.Equal("unknown", (await _till.Read("/v1/merchants/tea-house/refs/sale-2")).Word("status"));
    }

    [Fact]
    public async Task A_refused_hold_does_not_use_its_code_up()
    {
        var code = await _phone.Paycode();

        (await _till.HoldBy(code, "sale-1", 101)).IsProblem(422, "insufficient_points");
        (await _till.HoldBy(code, "sale-2", 100)).IsOk();
    }

    [Fact]
    public async Task A_mistyped_code_is_told_before_anything_is_looked_up()
    {
        var code = await _phone.Paycode();
        var wrong = code[..^1] + (char)('0' + ((code[^1] - '0' + 1) % 10));

        for (var i = 0; i < 12; i++)
        {
            var reply = (await _till.HoldBy(wrong, "sale-1", 30)).IsProblem(400, "paycode_mistyped");
            Assert.Equal("$.paycode", reply.Word("path"));
            Assert.DoesNotContain(wrong, reply.Text, StringComparison.Ordinal);
        }

        (await _till.HoldBy(code[..17], "sale-1", 30)).IsProblem(400, "paycode_mistyped");
        (await _till.HoldBy($"{code[..6]} {code[6..12]}-{code[12..]}", "sale-1", 30)).IsOk();
    }

    [Fact]
    public async Task A_hold_names_a_resident_or_a_code()
    {
        (await _till.Command("/v1/holds", """{ "merchant": "tea-house", "reference": "s", "points": 1 }""")).IsProblem(400, "member_missing");
        (await _till.Command("/v1/holds", $$"""{ "merchant": "tea-house", "reference": "s", "points": 1, "resident": "r-1", "paycode": "{{await _phone.Paycode()}}" }"""))
            .IsProblem(400, "payer_ambiguous");
    }

    [Fact]
    public async Task A_till_names_no_resident_and_a_refused_one_uses_nothing_up()
    {
        var refused = (await _till.Hold("sale-1", 30, "k")).IsProblem(403, "paycode_required");
        Assert.DoesNotContain("r-1", refused.Text, StringComparison.Ordinal);
        (await _till.Hold("sale-1", 30, resident: "r-nobody")).IsProblem(403, "paycode_required");
        (await _till.Spend("r-1", 30, "k")).IsProblem(403, "paycode_required");
        (await _till.Hold("sale-1", 30, merchant: "clinic")).IsProblem(403, "merchant_not_granted");
        Assert.Equal("unknown", (await _till.Read("/v1/merchants/tea-house/refs/sale-1")).Word("status"));

        (await _till.HoldBy(await _phone.Paycode(), "sale-1", 30, "k")).IsOk();
    }

    [Fact]
    public async Task A_merchants_key_that_is_trusted_besides_names_residents()
    {
        (await (await Key("both", Roles.Merchant | Roles.App)).Hold("sale-1", 10)).IsOk();
        (await (await Key("chief", Roles.Merchant | Roles.Operator)).Hold("sale-2", 10)).IsOk();
        (await (await Key("chief-2", Roles.Merchant | Roles.Operator)).Spend("r-1", 10)).IsOk();
    }

    [Fact]
    public async Task What_was_done_for_a_client_is_answered_again_when_it_is_trusted_no_longer()
    {
        var trusted = await Key("till-9", Roles.Merchant | Roles.App);
        (await trusted.Hold("sale-1", 10, "hold")).IsOk();
        (await trusted.Spend("r-1", 10, "spend")).IsOk();

        var till = await Key("till-9", Roles.Merchant);
        Assert.True((await till.Hold("sale-1", 10, "hold")).IsOk().IsReplayed);
        Assert.True((await till.Spend("r-1", 10, "spend")).IsOk().IsReplayed);
        (await till.Spend("r-1", 10, "another")).IsProblem(403, "paycode_required");
    }

    [Fact]
    public async Task A_resident_has_five_codes_and_a_new_one_ends_none()
    {
        var codes = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            codes.Add(await _phone.Paycode());
            _api.Clock.Advance(Duration.FromSeconds(10));
        }

        var sixth = (await _app.Write("/v1/residents/r-1/paycodes", "")).IsProblem(429, "too_many_paycodes");

        Assert.Equal(TimeSpan.FromSeconds(10), sixth.Message.Headers.RetryAfter?.Delta);
        (await _app.Write("/v1/residents/r-2/paycodes", "")).IsOk();
        _api.Clock.Advance(Duration.FromSeconds(10));
        Assert.Equal(18, (await _phone.Paycode()).Length);
        (await _till.HoldBy(codes[0], "sale-0", 1)).IsProblem(422, "paycode_expired");
        foreach (var code in codes.Skip(1))
        {
            (await _till.HoldBy(code, $"sale-{code}", 1)).IsOk();
        }
    }

    [Fact]
    public async Task Who_guesses_is_turned_away_and_nobody_else()
    {
        var (code, paid) = (await _phone.Paycode(), await _phone.Paycode());
        var hold = (await _till.HoldBy(paid, "paid", 30, "key")).IsOk();
        foreach (var guess in Guesses(10))
        {
            (await _till.HoldBy(guess, "sale-1", 30)).IsProblem(404, "paycode_unknown");
        }

        Assert.Equal(hold.Text, (await _till.HoldBy(paid, "paid", 30, "key")).IsOk().Text);
        (await _till.HoldBy(paid, "paid", 30)).IsOk();
        var away = (await _till.HoldBy(code, "sale-1", 30)).IsProblem(429, "too_many_wrong_paycodes");

        Assert.InRange(away.Message.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        (await (await _api.Merchant("tea-house")).HoldBy(code, "sale-1", 30)).IsOk();
    }

    [Theory]
    [InlineData("voided", "reference_voided")]
    [InlineData("held", "reference_reused")]
    [InlineData("new", "command_id_reused")]
    public async Task Who_guesses_under_a_known_reference_or_key_is_turned_away_too(string reference, string answer)
    {
        var code = await _phone.Paycode();
        (await _till.Write("/v1/merchants/tea-house/refs/voided/void", "")).IsOk();
        (await _till.HoldBy(await _phone.Paycode(), "held", 30, "key")).IsOk();
        foreach (var guess in Guesses(10))
        {
            (await _till.HoldBy(guess, reference, 30, reference == "new" ? "key" : null)).IsProblem(422, answer);
        }

        (await _till.HoldBy(code, "sale-1", 30)).IsProblem(429, "too_many_wrong_paycodes");
    }

    [Fact]
    public async Task A_reference_that_was_voided_refuses_also_a_code_that_nobody_knows()
    {
        var code = await _phone.Paycode();
        (await _till.Write("/v1/merchants/tea-house/refs/sale-1/void", "")).IsOk();
        (await _till.HoldBy(code, "sale-1", 30)).IsProblem(422, "reference_voided");
        await Forget();

        (await _till.HoldBy(code, "sale-1", 30)).IsProblem(422, "reference_voided");
    }

    [Fact]
    public async Task A_till_of_another_merchant_uses_no_code_up()
    {
        var code = await _phone.Paycode();

        (await (await _api.Merchant("clinic")).HoldBy(code, "sale-1", 30)).IsProblem(403, "merchant_not_granted");
        (await _till.HoldBy(code, "sale-1", 30)).IsOk();
    }

    [Fact]
    public async Task Of_two_tills_that_scan_one_code_at_once_one_is_paid()
    {
        for (var i = 0; i < 20; i++)
        {
            _api.Clock.Advance(Duration.FromSeconds(60));
            var code = await _phone.Paycode();

            var replies = await Task.WhenAll(Enumerable.Range(0, 2).Select(till => Task.Run(() => _till.HoldBy(code, $"sale-{i}-{till}", 1))));

            Assert.Equal(["OK", "UnprocessableEntity"], replies.Select(reply => $"{reply.Status}").Order());
            replies.Single(reply => (int)reply.Status == 422).IsProblem(422, "paycode_used");
        }
    }

    private static IEnumerable<string> Guesses(int count) => Enumerable.Range(0, 1000)
        .Select(i => Ledger.Paycodes.Paycode.Of($"{i:00000000000000000}")?.Digits)
        .OfType<string>()
        .Take(count);

    private Task<HttpClient> Key(string client, Roles roles) =>
        _api.ClientOf(new(client, roles, new(LedgerApi.Community), [], new MerchantId("tea-house"), null, null));

    // Codes that ended more than an hour ago are forgotten when somebody gets one.
    private async Task Forget()
    {
        _api.Clock.Advance(Duration.FromHours(2));
        await _app.Paycode("r-2");
    }
}
