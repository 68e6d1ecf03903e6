using Ledger.Api.Tests.Serving;

namespace Ledger.Api.Tests.Problems;

/// <summary>Answers are read by people too: no quote and no Chinese sign hides behind an escape, and no browser takes an answer for HTML.</summary>
public sealed class ReadableAnswers(SharedApi shared)
{
    [Fact]
    public async Task A_problem_is_written_as_a_person_would_read_it()
    {
        var reply = await shared.App.Read("/v1/residents/r-1/balance?community=<b>'&'", ("Accept-Language", "zh-CN"));
        var refused = await shared.App.Event(Event.Earn(LedgerApi.NewName("r"), 1, activity: "unheard-of"));

        Assert.Contains("标识符无效", reply.IsProblem(400, "identifier_invalid").Text, StringComparison.Ordinal);
        Assert.Contains("'unheard-of'", refused.IsProblem(422, "unknown_activity").Text, StringComparison.Ordinal);
        Assert.DoesNotContain("\\u", reply.Text + refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_is_written_as_a_person_would_read_it()
    {
        var resident = LedgerApi.NewName("r");
        const string Reason = "补录 “义诊” – it's <b>here</b> & now";
        (await shared.Operator.Command($"/v1/residents/{resident}/adjustments", $$"""{ "points": 1, "reason": "{{Reason}}" }""")).IsOk();

        var reply = (await shared.Operator.Read($"/v1/residents/{resident}/transactions/1")).IsOk();

        Assert.Contains(Reason, reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("\\u", reply.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/problems")]
    [InlineData("/health/ready")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/nowhere")]
    [InlineData("/v1/keys")]
    [InlineData("/v1/residents/r-1/balance")]
    [InlineData("/v1/residents/r-1/transactions/1")]
    [InlineData("/v1/residents/r-1/lots?limit=x")]
    public async Task No_browser_may_guess_what_an_answer_is(string url)
    {
        Assert.Equal("nosniff", Assert.Single((await shared.Operator.Read(url)).Message.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("nosniff", Assert.Single((await shared.Api.CreateClient().Read(url)).Message.Headers.GetValues("X-Content-Type-Options")));
    }
}
