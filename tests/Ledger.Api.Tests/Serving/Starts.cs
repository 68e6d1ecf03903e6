using System.Diagnostics;
using Ledger.Api.Serving;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Api.Tests.Serving;

public sealed class Starts
{
    [Fact]
    public async Task Without_a_key_it_does_not_start_in_production_and_says_how_to_make_one()
    {
        var directory = Directory.CreateTempSubdirectory("ledger-start-");
        try
        {
            var (code, errors) = await Start($"--ConnectionStrings:Ledger=Data Source={Path.Combine(directory.FullName, "ledger.db")}");

            Assert.Equal(2, code);
            Assert.Contains("keys create", errors, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_store_that_cannot_be_opened_is_told_in_one_line()
    {
        var (code, errors) = await Start("--ConnectionStrings:Ledger=Data Source=/nowhere/ledger.db");

        Assert.Equal(2, code);
        Assert.Contains("/nowhere", Assert.Single(errors.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_development_an_empty_store_gets_a_demo_that_balances_and_can_be_read()
    {
        await using var api = new LedgerApi(("Ledger:Demo", "true"));
        var platform = await api.Operator(community: null);

        Assert.Equal("demo", Assert.Single((await platform.Read("/v1/communities")).IsOk().At("data").AsArray())!["id"]!.GetValue<string>());
        Assert.Equal(0, (await platform.Read("/v1/trial-balance?community=demo")).IsOk().Number("sum"));
        Assert.True((await platform.Read("/v1/residents/r-1001/balance?community=demo")).IsOk().Number("available") > 0);
        var words = (await platform.Read("/v1/residents/r-1001/transactions/1?community=demo", ("Accept-Language", "zh-CN"))).IsOk().Text;
        Assert.Contains("公益服务", words, StringComparison.Ordinal);

        // One refusal is part of the show.
        var refused = 0;
        for (var resident = 1001; resident <= 1008; resident++)
        {
            var history = (await platform.Read($"/v1/residents/r-{resident}/transactions?community=demo")).IsOk().At("data").AsArray();
            Assert.NotEmpty(history);
            refused += history.Count(line => line!["kind"]!.GetValue<string>() == "refused");
        }

        Assert.Equal(1, refused);
    }

    [Fact]
    public async Task Nobody_watches_the_folder_in_which_the_store_lies()
    {
        await using var api = new LedgerApi();
        var settings = (IConfigurationRoot)api.Services.GetRequiredService<IConfiguration>();

        var files = settings.Providers.OfType<FileConfigurationProvider>().ToList();

        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.False(file.Source.ReloadOnChange, file.Source.Path));
    }

    [Fact]
    public async Task The_first_key_of_development_is_for_everything_and_made_once()
    {
        await using var api = new LedgerApi();
        _ = api.CreateClient();

        var key = Assert.Single(await api.Catalogue.ListKeys());

        Assert.Equal(FirstKey.DevelopmentClient, key.Client);
        Assert.Null(key.Community);
        Assert.Equal(["app", "operator"], key.Scopes);
    }

    // The program itself, as somebody starts it.
    private static async Task<(int Code, string Errors)> Start(string argument)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, "--urls", "http://127.0.0.1:0", argument])
        {
            RedirectStandardError = true,
            Environment = { ["ASPNETCORE_ENVIRONMENT"] = "Production" },
        })!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            var errors = await process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
