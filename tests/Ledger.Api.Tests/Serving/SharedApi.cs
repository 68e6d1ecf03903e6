namespace Ledger.Api.Tests.Serving;

/// <summary>One service for all tests that do not move its clock: each uses residents and clients of its own.</summary>
public sealed class SharedApi : IAsyncLifetime
{
    internal LedgerApi Api { get; } = new();

    internal HttpClient App { get; private set; } = null!;

    internal HttpClient Operator { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Api.Furnish();
        App = await Api.App();
        Operator = await Api.Operator();
    }

    public ValueTask DisposeAsync() => Api.DisposeAsync();
}
