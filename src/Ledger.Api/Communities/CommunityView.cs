using Ledger.Grains.Stores;
using NodaTime;

namespace Ledger.Api.Communities;

/// <summary>A community as it is answered.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="CreatedAt">When it was added.</param>
public sealed record CommunityView(string Id, string Name, Instant CreatedAt)
{
    internal static CommunityView Of(Community community) => new(community.Id.Value, community.Name, community.CreatedAt);
}

/// <summary>Communities that the caller may see, by identifier.</summary>
/// <param name="Data">All of them.</param>
public sealed record CommunityList(IReadOnlyList<CommunityView> Data);

/// <summary>What is sent to add a community.</summary>
/// <param name="Id">Its identifier, for ever.</param>
/// <param name="Name">Its name for people, 1 to 100 characters.</param>
public sealed record NewCommunity(string Id, string Name);
