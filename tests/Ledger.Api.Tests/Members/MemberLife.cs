using System.Net;
using Ledger.Api.Tests.Merchants;
using Ledger.Api.Tests.Serving;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Ledger.Api.Tests.Members;

/// <summary>Members without a phone at hand: found by card or number, known by a masked name, asked for a PIN.</summary>
public sealed class MemberLife : IAsyncLifetime
{
    private const string Name = "王小明";
    private const string Phone = "+86 138-0000-0417";
    private const string Pin = "80517";

    private readonly LedgerApi _api = new();
    private HttpClient _till = null!;
    private HttpClient _app = null!;

    public async ValueTask InitializeAsync()
    {
        await _api.Furnish();
        (_till, _app) = (await _api.Merchant("tea-house"), await _api.App());
        (await _app.Event(Event.Earn("r-1", 1000))).IsOk();
        (await Put("r-1", $$"""{ "name": "{{Name}}", "phone": "{{Phone}}", "memberCode": "card-1", "pin": "{{Pin}}" }""")).IsOk();
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Theory]
    [InlineData("""{ "memberCode": "card-1" }""")]
    [InlineData("""{ "phone": "+8613800000417" }""")]
    [InlineData("""{ "phone": "+86 (138) 0000-0417" }""")]
    public async Task A_member_is_found_by_card_or_number_and_shown_masked(string search)
    {
        var found = (await _till.Write("/v1/members/find", search)).IsOk();

        Assert.Equal(("王*明", 200L, "2026-03-01T04:05:00Z"), (found.Word("name"), found.Number("pinAbove"), found.Word("expiresAt")));
        Assert.DoesNotContain("r-1", found.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("0417", found.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Name, found.Text, StringComparison.Ordinal);
        Assert.True(found.Message.Headers.CacheControl?.NoStore);
        (await _till.HoldBy(found.Word("paycode"), "sale-1", 200)).IsOk();
        (await _till.HoldBy(found.Word("paycode"), "sale-2", 1)).IsProblem(422, "paycode_used");
    }

    [Fact]
    public async Task Above_the_limit_the_PIN_is_asked_for_and_a_wrong_one_uses_nothing_up()
    {
        var code = await Find();

        var required = (await Hold(code, "sale-1", 201, null)).IsProblem(403, "pin_required");
        var wrong = (await Hold(code, "sale-1", 201, "00000")).IsProblem(403, "pin_wrong");
        var hold = (await Hold(code, "sale-1", 201, Pin, "key-1")).IsOk();

        Assert.Equal((200L, true), (required.Number("above"), required.At("pinSet").GetValue<bool>()));
        Assert.Equal(4, wrong.Number("attemptsLeft"));
        Assert.DoesNotContain("00000", wrong.Text, StringComparison.Ordinal);
        Assert.Equal(201, hold.Number("held"));
        Assert.Equal(hold.Text, (await Hold(code, "sale-1", 201, null, "key-1")).IsOk().Text);
        (await Hold(code, "sale-1", 201, "99999")).IsOk();
    }

    [Fact]
    public async Task Five_wrong_PINs_lock_it_for_a_quarter_of_an_hour_also_for_the_right_one()
    {
        var code = await Find();
        for (var left = 4; left >= 0; left--)
        {
            Assert.Equal(left, (await Hold(code, "sale-1", 300, "00000")).IsProblem(403, "pin_wrong").Number("attemptsLeft"));
        }

        var locked = (await Hold(code, "sale-1", 300, Pin)).IsProblem(403, "pin_locked");
        Assert.Equal("2026-03-01T04:15:00Z", locked.Word("lockedUntil"));
        Assert.Equal(TimeSpan.FromMinutes(15), locked.Message.Headers.RetryAfter?.Delta);
        (await _till.HoldBy(code, "below", 200)).IsOk();
        (await _till.HoldBy(await _app.Paycode(), "by-phone", 300)).IsOk();

        _api.Clock.Advance(Duration.FromMinutes(15));
        code = await Find();
        Assert.Equal(4, (await Hold(code, "sale-2", 300, "00000")).IsProblem(403, "pin_wrong").Number("attemptsLeft"));
        (await Hold(code, "sale-2", 300, Pin)).IsOk();
        Assert.Equal(4, (await Hold(await Find(), "sale-3", 300, "00000")).IsProblem(403, "pin_wrong").Number("attemptsLeft"));
    }

    [Fact]
    public async Task Each_further_lock_lasts_longer_until_a_PIN_is_right()
    {
        foreach (var minutes in new[] { 15, 60, 240, 1440, 1440 })
        {
            await LockFor(minutes);
            _api.Clock.Advance(Duration.FromMinutes(minutes));
        }

        (await Hold(await Find(), "right", 300, Pin)).IsOk();
        await LockFor(15);

        async Task LockFor(int minutes)
        {
            var code = await Find();
            for (var left = 4; left >= 0; left--)
            {
                Assert.Equal(left, (await Hold(code, "wrong", 300, "00000")).IsProblem(403, "pin_wrong").Number("attemptsLeft"));
            }

            var locked = (await Hold(code, "wrong", 300, Pin)).IsProblem(403, "pin_locked");
            Assert.Equal(TimeSpan.FromMinutes(minutes), locked.Message.Headers.RetryAfter?.Delta);
        }
    }

    [Fact]
    public async Task However_many_PINs_come_at_once_five_are_looked_at()
    {
        var code = await Find();

        var replies = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => Hold(code, $"sale-{i}", 300, $"0000{i % 10}"))));

        Assert.Equal(5, replies.Count(reply => reply.Word("code") == "pin_wrong"));
        Assert.Equal(7, replies.Count(reply => reply.Word("code") == "pin_locked"));
    }

    [Fact]
    public async Task A_new_PIN_unlocks_and_a_profile_that_is_set_without_one_keeps_it()
    {
        var code = await Find();
        for (var i = 0; i < 5; i++)
        {
            await Hold(code, "sale-1", 300, "00000");
        }

        Assert.True((await Put("r-1", """{ "memberCode": "card-1" }""")).IsOk().At("pinSet").GetValue<bool>());
        (await Hold(code, "sale-1", 300, Pin)).IsProblem(403, "pin_locked");
        (await Put("r-1", """{ "memberCode": "card-1", "pin": "4711" }""")).IsOk();
        (await Hold(code, "sale-1", 300, Pin)).IsProblem(403, "pin_wrong");
        (await Hold(code, "sale-1", 300, "4711")).IsOk();
    }

    [Fact]
    public async Task A_member_without_a_PIN_pays_up_to_the_limit()
    {
        (await _app.Event(Event.Earn("r-2", 1000))).IsOk();
        (await Put("r-2", """{ "phone": "95588" }""")).IsOk();
        var found = (await _till.Write("/v1/members/find", """{ "phone": "95588" }""")).IsOk();

        Assert.Null(found.Json["name"]);
        Assert.False((await Hold(found.Word("paycode"), "sale-1", 201, Pin)).IsProblem(403, "pin_required").At("pinSet").GetValue<bool>());
        (await _till.HoldBy(found.Word("paycode"), "sale-1", 200)).IsOk();
    }

    [Fact]
    public async Task Phone_and_card_are_one_residents()
    {
        (await Put("r-2", """{ "phone": "+8613800000417" }""")).IsProblem(409, "profile_taken");
        (await Put("r-2", """{ "memberCode": "card-1" }""")).IsProblem(409, "profile_taken");
        (await Put("r-2", """{ "memberCode": "card-2" }""")).IsOk();
    }

    [Theory]
    [InlineData("""{ "phone": "12ab" }""", "text_invalid")]
    [InlineData("""{ "pin": "123" }""", "text_invalid")]
    [InlineData("""{ "pin": "12345a" }""", "text_invalid")]
    [InlineData("""{ "name": "" }""", "text_invalid")]
    [InlineData("""{ "memberCode": "a b" }""", "identifier_invalid")]
    [InlineData("""{ "email": "x" }""", "member_unknown")]
    public async Task What_is_no_profile_is_refused_without_being_repeated(string body, string code)
    {
        var reply = (await Put("r-1", body)).IsProblem(400, code);

        foreach (var text in new[] { "12ab", "12345a" })
        {
            Assert.DoesNotContain(text, reply.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_search_names_one_thing_and_who_guesses_is_turned_away()
    {
        (await _till.Write("/v1/members/find", "{ }")).IsProblem(400, "member_missing");
        (await _till.Write("/v1/members/find", """{ "memberCode": "card-1", "phone": "95588" }""")).IsProblem(400, "member_unknown");
        for (var i = 0; i < 10; i++)
        {
            (await _till.Write("/v1/members/find", $$"""{ "phone": "9558{{i}}" }""")).IsProblem(404, "member_not_found");
        }

        (await _till.Write("/v1/members/find", """{ "memberCode": "card-1" }""")).IsProblem(429, "too_many_wrong_paycodes");
        (await _till.HoldBy(await _app.Paycode(), "sale-1", 1)).IsProblem(429, "too_many_wrong_paycodes");
    }

    [Fact]
    public async Task Counters_get_five_codes_for_a_member_beside_the_members_own()
    {
        for (var i = 0; i < 5; i++)
        {
            await Find();
        }

        (await _till.Write("/v1/members/find", """{ "memberCode": "card-1" }""")).IsProblem(429, "too_many_paycodes");
        Assert.Equal(18, (await _app.Paycode()).Length);
    }

    [Fact]
    public async Task What_was_erased_is_found_nowhere_not_even_in_the_file()
    {
        Assert.Contains(await Bytes(), bytes => Holds(bytes, "+8613800000417"));

        (await _app.Ask(new(HttpMethod.Delete, "/v1/residents/r-1/profile"))).IsOk(HttpStatusCode.NoContent);
        (await _app.Ask(new(HttpMethod.Delete, "/v1/residents/r-1/profile"))).IsOk(HttpStatusCode.NoContent);

        (await _till.Write("/v1/members/find", """{ "memberCode": "card-1" }""")).IsProblem(404, "member_not_found");
        Assert.Equal(1000, (await _app.Balance("r-1")).Number("available"));
        Assert.DoesNotContain(await Bytes(), bytes => Holds(bytes, "+8613800000417") || Holds(bytes, Name));
    }

    // The file after its log was written back into it.
    private async Task<byte[][]> Bytes()
    {
        await using (var beside = new SqliteConnection($"Data Source={_api.StoreFile};Pooling=False"))
        {
            await beside.OpenAsync(TestContext.Current.CancellationToken);
            await using var checkpoint = beside.CreateCommand();
            checkpoint.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            await checkpoint.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var files = new List<byte[]>();
        foreach (var name in new[] { _api.StoreFile, _api.StoreFile + "-wal" })
        {
            await using var file = new FileStream(name, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[file.Length];
            await file.ReadExactlyAsync(bytes, TestContext.Current.CancellationToken);
            files.Add(bytes);
        }

        return [.. files];
    }

    private static bool Holds(byte[] bytes, string text) => bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text)) >= 0;

    private async Task<string> Find() => (await _till.Write("/v1/members/find", """{ "memberCode": "card-1" }""")).IsOk().Word("paycode");

    private Task<Reply> Hold(string code, string reference, long points, string? pin, string? key = null) => _till.Command(
        "/v1/holds",
        $$"""{ "merchant": "tea-house", "reference": "{{reference}}", "paycode": "{{code}}", "points": {{points}}{{(pin is null ? "" : $", \"pin\": \"{pin}\"")}} }""",
        key);

    private Task<Reply> Put(string resident, string body) => _app.Ask(HttpMethod.Put, $"/v1/residents/{resident}/profile", body);
}
