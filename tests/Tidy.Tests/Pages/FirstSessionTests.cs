namespace Tidy.Tests.Pages;

/// <summary>The first session of the README, typed by a test: page and service cannot drift apart.</summary>
public sealed class FirstSessionTests
{
    [Fact]
    public async Task The_first_session_of_the_README_goes_as_it_says()
    {
        Assert.SkipUnless(PageScript.CanRun, "The README's session was NOT tried: it needs bash and curl.");
        await using var demo = new DemoService();

        var answers = await demo.Type("README.md", "A first session", TestContext.Current.CancellationToken);

        Assert.Equal(7, answers.Length);
        Assert.Equal(59, answers[0].GetProperty("available").GetInt64());
        Assert.Equal(15, answers[1].GetProperty("credited").GetInt64());
        Assert.Equal(8, answers[2].GetProperty("transaction").GetInt64());
        Assert.Equal(44, answers[2].GetProperty("balance").GetProperty("available").GetInt64());
        Assert.Equal(3, answers[3].GetProperty("postings").GetArrayLength());
        Assert.Equal(54, answers[4].GetProperty("balance").GetProperty("available").GetInt64());
        Assert.Equal("insufficient_points", answers[5].GetProperty("code").GetString());
        Assert.Equal(0, answers[6].GetProperty("sum").GetInt64());
    }
}
