using Ledger.Api.Serving;
using Ledger.Api.Wallets;
using Ledger.Grains.Stores;
using Ledger.Transactions;
using NodaTime;

namespace Ledger.Api.Demo;

/// <summary>
/// In Development an empty store gets a small community to look at, through the same commands that apps send.
/// <c>Ledger:Demo=false</c> leaves the store empty.
/// </summary>
/// <remarks>
/// Residents are opaque ids, as everywhere: who they are is known to the apps. The service listens while the demo is made, and has started
/// when it is there.
/// </remarks>
internal sealed partial class DemoCommunity(
    ICatalogue catalogue,
    IRewards rewards,
    IMerchantRegister register,
    WalletCalls wallets,
    IClock clock,
    IHostEnvironment environment,
    IConfiguration configuration,
    ILogger<DemoCommunity> logger) : IHostedLifecycleService
{
    public const string Id = "demo";
    public const string FirstResident = "r-1001";

    private const string Name = "湖畔社区（演示）";
    private const string Source = "/demo";
    private const string ProgrammeResource = "Ledger.Api.Demo.demo-programme.json";
    private const string Merchants = "tea-house 湖畔茶馆, clinic 社区卫生站, canteen 长者食堂, laundry 便民洗衣店";

    private static readonly CommunityId Community = new(Id);

    private Task _making = Task.CompletedTask;

    /// <summary>Whether an empty store gets the demo.</summary>
    public static bool IsWanted(IHostEnvironment environment, IConfiguration configuration) =>
        environment.IsDevelopment() && configuration.GetValue("Ledger:Demo", true);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (IsWanted(environment, configuration))
        {
            _making = Task.Run(() => Make(cancellationToken), cancellationToken);
        }

        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => _making;

    public async Task StopAsync(CancellationToken cancellationToken) => await _making.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task Make(CancellationToken cancellation)
    {
        if ((await catalogue.ListCommunities(cancellation)).Count > 0)
        {
            return;
        }

        var now = clock.GetCurrentInstant();
        await catalogue.AddProgramme(
            new StoredProgramme(Community, 1, Instant.MinValue, await ReadProgramme(cancellation), FirstKey.DevelopmentClient, now),
            cancellation);
        foreach (var reward in await DemoMall.Of(Community, FirstKey.DevelopmentClient, now, cancellation))
        {
            await rewards.AddReward(reward, cancellation);
        }

        var commands = DemoEvents.Of(now).ToArray();
        await register.AddMerchantRevision(new(Community, 1, DemoEvents.TeaHouse(now), FirstKey.DevelopmentClient, now), cancellation);
        foreach (var (resident, id, command, at) in commands)
        {
            await wallets.Send(new()
            {
                Community = Community,
                Resident = new ResidentId(resident),
                Key = CommandKey.Event(Source, id),
                Command = command,
                At = at ?? default,
                Historic = at is not null,
            });
        }

        // Last, so that a start that was cut short begins again; what was sent before is then a repeat.
        await catalogue.AddCommunity(new Community(Community, Name, now), cancellation);
        Seeded(logger, Id, Name, commands.Length, DemoEvents.ResidentsCount, Merchants);
    }

    private static async Task<string> ReadProgramme(CancellationToken cancellation)
    {
        await using var stream = typeof(DemoCommunity).Assembly.GetManifestResourceStream(ProgrammeResource)
            ?? throw new InvalidOperationException($"The resource {ProgrammeResource} is missing.");
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(cancellation);
    }

    [LoggerMessage(1, LogLevel.Information, "The empty store got a demo: community {Community} ({Name}), {Events} events of {Residents} residents; merchants {Merchants}.")]
    private static partial void Seeded(ILogger logger, string community, string name, int events, int residents, string merchants);
}
