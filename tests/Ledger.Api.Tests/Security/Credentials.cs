using Ledger.Api.Keys;
using Ledger.Api.Security;
using Ledger.Api.Tests.Serving;
using NodaTime;

namespace Ledger.Api.Tests.Security;

public sealed class Credentials(SharedApi shared)
{
    [Theory]
    [InlineData("Bearer")]
    [InlineData("Bearer plk_")]
    [InlineData("Bearer plk_AAAAAAAA_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("Basic YTpi")]
    [InlineData("plk_AAAAAAAA_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task What_is_no_key_opens_nothing(string authorization)
    {
        var reply = await shared.Api.CreateClient().Read("/v1/keys", ("Authorization", authorization));

        reply.IsProblem(401, "unauthenticated");
        Assert.Equal("Bearer", reply.Message.Headers.WwwAuthenticate.Single().Scheme);
    }

    [Fact]
    public async Task A_secret_with_one_character_changed_opens_nothing_also_right_after_the_true_one()
    {
        var secret = KeySecret.Mint();
        var grants = new KeyGrants(LedgerApi.NewName("app"), Roles.App, new(LedgerApi.Community), [], null, null, null);
        Assert.True(await shared.Api.Catalogue.AddKey(grants.Store(secret, shared.Api.Clock.GetCurrentInstant())));
        (await shared.Api.ClientWith(secret.Text).Balance("r-1")).IsOk();

        var forged = secret.Text[..^1] + (secret.Text[^1] == 'A' ? 'B' : 'A');

        (await shared.Api.ClientWith(forged).Balance("r-1")).IsProblem(401, "unauthenticated");
    }

    [Fact]
    public async Task A_key_counts_until_it_expires()
    {
        await using var api = new LedgerApi();
        await api.Furnish();
        var app = await api.ClientOf(
            new("app", Roles.App, new(LedgerApi.Community), [], null, null, api.Clock.GetCurrentInstant() + Duration.FromHours(1)));
        (await app.Balance("r-1")).IsOk();

        api.Clock.AdvanceHours(1);

        (await app.Balance("r-1")).IsProblem(401, "unauthenticated");
    }

    [Fact]
    public void A_secret_does_not_show_in_its_text_form()
    {
        var secret = KeySecret.Mint();

        Assert.DoesNotContain(secret.Text[13..], secret.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asks_too_often_waits_and_others_do_not()
    {
        await using var api = new LedgerApi(("Ledger:RateLimit:RequestsMax", "2"), ("Ledger:RateLimit:Window", "01:00:00"));
        await api.Furnish();
        var (eager, patient) = (await api.App(), await api.App());
        var first = (await eager.Balance("r-1")).IsOk();
        Assert.Equal("\"client\";q=2;w=3600", first.Message.Headers.GetValues("RateLimit-Policy").Single());
        Assert.Equal("\"client\";r=1", first.Message.Headers.GetValues("RateLimit").Single());
        (await eager.Balance("r-1")).IsOk();

        var refused = (await eager.Balance("r-1")).IsProblem(429, "too_many_requests");

        Assert.InRange(refused.Message.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 3600);
        Assert.Equal("\"client\";r=0", refused.Message.Headers.GetValues("RateLimit").Single());
        (await patient.Balance("r-1")).IsOk();
    }

    [Fact]
    public async Task Guessing_keys_is_slow()
    {
        await using var api = new LedgerApi(("Ledger:RateLimit:AnonymousRequestsMax", "2"), ("Ledger:RateLimit:Window", "01:00:00"));
        var guesser = api.CreateClient();
        (await guesser.Read("/v1/keys")).IsProblem(401, "unauthenticated");
        (await guesser.Read("/v1/keys")).IsProblem(401, "unauthenticated");

        (await guesser.Read("/v1/keys")).IsProblem(429, "too_many_requests");
    }
}
