using Ledger.Api.Keys;
using Ledger.Grains.Stores;
using Ledger.Programmes;
using NodaTime;

namespace Ledger.Fault.Tests.Clients;

/// <summary>A community of one scenario, with the key of its clients and its programme.</summary>
internal sealed record Tenant(CommunityId Id, string Secret, StoreAddress Store)
{
    /// <summary>The CloudEvents source of every event.</summary>
    public const string Source = "/apps/fault-test";

    /// <summary>The client that the key belongs to.</summary>
    public const string Client = "fault-test";

    // Caps, a debt and dates, so that what a wallet decides depends on all that came before.
    private const string Programme =
        """
        { "zone": "Asia/Shanghai", "expiry": { "kind": "rolling", "months": 3 }, "clawback": "debt",
          "activities": [
            { "type": "service", "award": { "kind": "per_unit", "points": 3, "units": 2, "rounding": "half_up" },
              "caps": [ { "per": "local_day", "points": 300, "onReversal": "restore" }, { "per": "month", "points": 2000 } ] },
            { "type": "class", "award": { "kind": "fixed", "points": 7 } } ] }
        """;

    /// <summary>What decides.</summary>
    public static IReadOnlyList<PublishedProgramme> Versions { get; } =
        [new(1, Instant.MinValue, ProgrammeReader.Read(Programme).Programme!)];

    /// <summary>Adds one to a store, which is brought to its schema where it is not yet.</summary>
    /// <param name="store">The store.</param>
    /// <param name="id">The community.</param>
    /// <param name="programme">Another programme than <see cref="Versions"/>; null for that.</param>
    public static async Task<Tenant> Add(StoreAddress store, string id, string? programme = null)
    {
        var community = CommunityId.Parse(id);
        var secret = KeySecret.Mint();
        var now = SystemClock.Instance.GetCurrentInstant();
        await using var ledger = OpenLedger.ForWriting(store, "test");
        await ledger.Catalogue.AddCommunity(new(community, "Fault test", now));
        await ledger.Catalogue.AddKey(new()
        {
            Id = secret.Id,
            Client = Client,
            Community = community,
            Scopes = ["app", "operator"],
            Sources = [Source],
            Hash = secret.Hash(),
            CreatedAt = now,
        });
        await ledger.Catalogue.AddProgramme(new(community, 1, Instant.MinValue, programme ?? Programme, "test", now));
        return new(community, secret.Text, store);
    }
}
