using System.Collections.Immutable;
using Ledger.Api.Keys;
using Ledger.Api.Security;
using Ledger.Grains.Clocks;
using Ledger.Grains.Journal;
using Ledger.Grains.Stores;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;
using NodaTime.Testing;

namespace Ledger.Api.Tests.Serving;

/// <summary>The whole service in this process: real routes, real silo, a real file of its own, and a clock that is moved by hand.</summary>
internal sealed class LedgerApi : WebApplicationFactory<Program>
{
    public const string Community = "lakeside";

    public const string Programme =
        """
        { "zone": "Asia/Shanghai",
          "expiry": { "kind": "rolling", "months": 12 },
          "funds": [ { "id": "charity" }, { "id": "leavers" } ],
          "activities": [
            { "type": "service", "names": { "zh-CN": "公益服务" }, "award": { "kind": "per_unit", "points": 1 },
              "caps": [ { "per": "local_day", "points": 1000000 } ] },
            { "type": "class", "award": { "kind": "per_unit", "points": 11 }, "caps": [ { "per": "local_day", "points": 40 } ] } ] }
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("ledger-api-").FullName;
    private readonly Dictionary<string, string> _settings;

    public LedgerApi(params (string Name, string Value)[] settings)
    {
        _settings = new()
        {
            ["environment"] = "Development",
            ["Ledger:Demo"] = "false",
            ["Ledger:RateLimit:AnonymousRequestsMax"] = "0",
            ["ConnectionStrings:Ledger"] = $"Data Source={StoreFile}",
        };
        foreach (var (name, value) in settings)
        {
            _settings[name] = value;
        }
    }

    public FakeClock Clock { get; } = new(Instant.FromUtc(2026, 3, 1, 4, 0));

    /// <summary>Puts something around the journal; null for nothing.</summary>
    public Func<IJournal, IJournal>? Journal { get; init; }

    /// <summary>Sees every call that a grain gets; null for nobody.</summary>
    public IIncomingGrainCallFilter? GrainCalls { get; init; }

    /// <summary>Where log lines go; null for the screen.</summary>
    public LogRecords? Logs { get; init; }

    /// <summary>The file of the store.</summary>
    public string StoreFile => Path.Combine(_directory, "ledger.db");

    public AgreeingClock ClockWatch { get; } = new();

    public ICatalogue Catalogue => Services.GetRequiredService<ICatalogue>();

    /// <summary>A client with a key of these grants.</summary>
    public async Task<HttpClient> ClientOf(KeyGrants grants)
    {
        var secret = KeySecret.Mint();
        Assert.True(await Catalogue.AddKey(grants.Store(secret, Clock.GetCurrentInstant())));
        return ClientWith(secret.Text);
    }

    public HttpClient ClientWith(string key)
    {
        var client = CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        return client;
    }

    public Task<HttpClient> App(string community = Community, params ImmutableArray<string> sources) => ClientOf(
        new(NewName("app"), Roles.App, new(community), sources.IsEmpty ? [Sources.Own] : sources, null, null, null));

    public Task<HttpClient> Operator(string? community = Community) => ClientOf(
        new(NewName("operator"), Roles.Operator, community is null ? null : new CommunityId(community), [], null, null, null));

    public Task<HttpClient> Merchant(string merchant, string community = Community) => ClientOf(
        new(NewName("till"), Roles.Merchant, new(community), [], new MerchantId(merchant), null, null));

    public Task<HttpClient> Resident(string resident, string community = Community) => ClientOf(
        new(NewName("resident"), Roles.Resident, new(community), [], null, new ResidentId(resident), null));

    /// <summary>The same behind a real socket, where the path arrives as it was sent.</summary>
    public static LedgerApi OverTheWire()
    {
        var api = new LedgerApi();
        api.UseKestrel(0);
        return api;
    }

    /// <summary>Adds the community of most tests with its programme.</summary>
    public async Task Furnish(string programme = Programme)
    {
        var now = Clock.GetCurrentInstant();
        Assert.True(await Catalogue.AddCommunity(new(new(Community), "湖畔社区", now)));
        Assert.True(await Catalogue.AddProgramme(new(new(Community), 1, Instant.MinValue, programme, "test", now)));
    }

    /// <summary>A name that no other test has.</summary>
    public static string NewName(string prefix) => $"{prefix}-{Guid.NewGuid():n}";

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        foreach (var (name, value) in _settings)
        {
            builder.UseSetting(name, value);
        }

        builder.ConfigureTestServices(services =>
        {
            services.AddSingleton<IClock>(Clock);
            services.AddSingleton<IClockWatch>(ClockWatch);
            if (Logs is { } logs)
            {
                services.AddLogging(logging => logging.ClearProviders().AddProvider(logs));
            }

            if (GrainCalls is { } calls)
            {
                services.AddSingleton(calls);
            }

            if (Journal is { } around)
            {
                var inner = services.Last(service => service.ServiceType == typeof(IJournal)).ImplementationFactory!;
                services.AddSingleton(provider => around((IJournal)inner(provider)));
            }
        });
    }

    /// <summary>Stops the service; its files stay until this is disposed.</summary>
    public ValueTask Stop() => base.DisposeAsync();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }
}

internal static class Sources
{
    public const string Own = "/apps/volunteers";
    public const string Other = "/apps/clinic";
}

/// <summary>For a clock that is moved by hand, with which no database agrees; agrees until a test says otherwise.</summary>
internal sealed class AgreeingClock : IClockWatch
{
    public string? Objection { get; set; }
}
