using System.Text.Json;
using Ledger.Grains.Stores;
using NodaTime;

namespace Ledger.Api.Demo;

/// <summary>What the mall of the demo offers: <c>demo-rewards.json</c>, an object of rewards by id.</summary>
internal static class DemoMall
{
    private const string Resource = "Ledger.Api.Demo.demo-rewards.json";

    public static async Task<IReadOnlyList<StoredReward>> Of(CommunityId community, string client, Instant now, CancellationToken cancellation)
    {
        await using var stream = typeof(DemoMall).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The resource {Resource} is missing.");
        using var rewards = await JsonDocument.ParseAsync(stream, cancellationToken: cancellation);
        return [.. rewards.RootElement.EnumerateObject().Select(reward =>
            new StoredReward(community, new(reward.Name), 1, reward.Value.GetRawText(), false, client, now))];
    }
}
