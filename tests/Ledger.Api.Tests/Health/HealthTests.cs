using Ledger.Api.Tests.Serving;

namespace Ledger.Api.Tests.Health;

public sealed class HealthTests(SharedApi shared)
{
    [Fact]
    public async Task Anybody_may_ask_how_it_is()
    {
        var anyone = shared.Api.CreateClient();

        Assert.Equal("live", (await anyone.Read("/health/live")).IsOk().Word("status"));
        Assert.Equal("ready", (await anyone.Read("/health/ready")).IsOk().Word("status"));
        (await anyone.Read("/")).IsOk();
        (await anyone.Read("/scalar/")).IsOk();
    }
}
