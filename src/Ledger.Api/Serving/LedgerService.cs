using System.Reflection;
using Ledger.Api.Communities;
using Ledger.Api.Dashboard;
using Ledger.Api.Demo;
using Ledger.Api.Events;
using Ledger.Api.Households;
using Ledger.Api.Json;
using Ledger.Api.Keys;
using Ledger.Api.Mall;
using Ledger.Api.Members;
using Ledger.Api.Merchants;
using Ledger.Api.OpenApi;
using Ledger.Api.Paycodes;
using Ledger.Api.Problems;
using Ledger.Api.Reratings;
using Ledger.Api.Residents;
using Ledger.Api.Security;
using Ledger.Api.Settlement;
using Ledger.Api.Sharing;
using Ledger.Api.Telemetry;
using Ledger.Api.Vouchers;
using Ledger.Api.Wallets;
using Ledger.Grains.Hosting;
using Microsoft.AspNetCore.Authentication;

namespace Ledger.Api.Serving;

/// <summary>Puts the service together and runs it.</summary>
internal static class LedgerService
{
    private static readonly TimeSpan ShutdownPatience = TimeSpan.FromSeconds(30);

    /// <summary>True while the build writes the OpenAPI document: then nothing is opened and nothing runs.</summary>
    private static bool IsOnlyDescribed => Assembly.GetEntryAssembly()?.GetName().Name == "GetDocument.Insider";

    /// <summary>Serves until it is told to stop.</summary>
    /// <exception cref="StartRefusedException">Nobody could call, for there is no key.</exception>
    /// <exception cref="Grains.Stores.StoreRefusedException">The store cannot be opened.</exception>
    public static async Task Run(string[] args)
    {
        await using var app = Build(args);
        if (!IsOnlyDescribed)
        {
            // Looking into the store and putting the silo together both take their time; neither lets anybody in.
            await Task.WhenAll(
                Task.Run(app.Services.GetRequiredService<FirstKey>().Ensure),
                Task.Run(() => app.Services.GetServices<IHostedService>().Count()));
        }

        await app.RunAsync();
    }

    private static WebApplication Build(string[] args)
    {
        // Settings count from the start on. To watch their files is to watch their folder, in which the store lies by default: each commit would wake the watcher.
        var builder = WebApplication.CreateBuilder(["--hostBuilder:reloadConfigOnChange=false", .. args]);
        Defaults.AddTo(builder.Configuration);
        Logs.AddTo(builder);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RequestBody.BytesMax;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownPatience);
        builder.Services.AddLedgerStore(builder.Configuration, "serve");
        builder.Services.AddSingleton<FirstKey>();

        if (!IsOnlyDescribed)
        {
            // In this order: no demo without a silo. They stop the other way round, after the last request.
            builder.UseLedgerSilo(sweep: true);
            builder.Services.AddHostedService<DemoCommunity>();
            builder.Services.AddHostedService(provider => provider.GetRequiredService<ReratingService>());
        }

        Exporting.AddTo(builder);
        AddSecurity(builder);
        if (ClusterDashboard.IsWanted(builder.Configuration))
        {
            ClusterDashboard.AddTo(builder);
        }

        AddEndpoints(builder.Services);

        var app = builder.Build();
        app.Use(NoGuessing.Step);
        app.UseMiddleware<ProblemAnswering>();
        app.UseRouting();
        app.Use(AnswerUnrouted);
        app.UseAuthentication();
        app.UseMiddleware<ClientQuota>();
        app.UseAuthorization();
        Routes.Map(app);
        if (ClusterDashboard.IsWanted(app.Configuration))
        {
            ClusterDashboard.Map(app);
        }

        return app;
    }

    // The addresses are no secret, so nobody needs a key to learn that there is nothing: 404 and 405 come before 401.
    private static Task AnswerUnrouted(HttpContext context, RequestDelegate next)
    {
        switch (context.GetEndpoint())
        {
            case RouteEndpoint:
                return next(context);
            case { RequestDelegate: { } answer }:
                return answer(context);
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
        }
    }

    private static void AddSecurity(WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<RateLimitOptions>()
            .Bind(builder.Configuration.GetSection(RateLimitOptions.Section))
            .Validate(options => options is { RequestsMax: >= 0, AnonymousRequestsMax: >= 0, Window.Ticks: > 0 }, "Ledger:RateLimit has a negative number.")
            .Validate(options => options is { WrongPaycodesMax: > 0, WrongPaycodesPerAddressMax: > 0 }, "Ledger:RateLimit must let some paycodes be wrong.")
            .ValidateOnStart();
        builder.Services.AddOptions<MemberOptions>()
            .Bind(builder.Configuration.GetSection(MemberOptions.Section))
            .Validate(options => options.PinAbove >= 0 && options.PinAbove <= Points.Max.Value, "Ledger:Members:PinAbove is no number of points.")
            .ValidateOnStart();
        builder.Services.AddSingleton<KeyRing>();
        builder.Services.AddSingleton<KeyBook>();
        builder.Services.AddAuthentication(ApiKeyAuthentication.Scheme)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.Scheme, null);
        builder.Services.AddAuthorization(Policies.AddTo);
    }

    private static void AddEndpoints(IServiceCollection services)
    {
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddSingleton<CommunityScope>();
        services.AddSingleton<WalletCalls>();
        services.AddSingleton<EventBatch>();
        services.AddSingleton<DirectCommand>();
        services.AddSingleton<PromptErrands>();
        services.AddSingleton<HouseholdBook>();
        services.AddSingleton<Sales>();
        services.AddSingleton<HoldCommand>();
        services.AddSingleton<Shopper>();
        services.AddSingleton<LimitedRewards>();
        services.AddSingleton<Redemptions>();
        services.AddSingleton<RedemptionCommand>();
        services.AddSingleton<MerchantDay>();
        services.AddSingleton<Statements>();
        services.AddSingleton<VoucherKeys>();
        services.AddSingleton<VoucherEnds>();
        services.AddSingleton<PinDesk>();
        services.AddSingleton<PaycodeDesk>();
        services.AddSingleton<PaycodeHold>();
        services.AddSingleton<WrongPaycodes>();
        services.AddSingleton<StandingCommand>();
        services.AddSingleton<ReratingWork>();
        services.AddSingleton<ReratingService>();
        DocumentWriting.AddTo(services);
    }
}
