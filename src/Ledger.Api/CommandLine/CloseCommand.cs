using System.CommandLine;
using Ledger.Grains.Closing;
using NodaTime;

namespace Ledger.Api.CommandLine;

/// <summary><c>close</c>: records what was due by the end of a date.</summary>
public static class CloseCommand
{
    private const string About = """
        Records everything that was due by the end of a date: what was last usable on that date has expired afterwards. The date is a local
        one in the zone of the community's programme, and must have ended. Doing it again changes nothing.

        Example: close --as-of 2026-03-31 --community garden
        """;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var asOf = CommandOptions.AsOf("The local date that ends.", required: true);
        var (community, store, json) = (CommandOptions.Community(), CommandOptions.Store(), CommandOptions.Json());
        var command = new DescribedCommand("close", "Records what was due by the end of a date.", About) { asOf, community, store, json };
        command.SetAction((parsed, cancellation) => Run(
            parsed.GetRequiredValue(asOf)!.Value,
            parsed.GetValue(community),
            parsed.GetValue(json),
            store.Configuration(parsed),
            parsed.InvocationConfiguration,
            cancellation));
        return command;
    }

    private static async Task<int> Run(
        LocalDate date,
        CommunityId community,
        bool asJson,
        IConfiguration configuration,
        InvocationConfiguration screen,
        CancellationToken cancellation)
    {
        await CommandStore.RequireStore(configuration);
        await using var host = await CommandHost.Start(configuration, "close", cancellation);
        await CommandStore.RequireCommunity(host.Catalogue, community, cancellation);
        var now = SystemClock.Instance.GetCurrentInstant();
        var until = DateClosing.EndOf(await host.Programmes.Of(community), date, now);
        if (until > now)
        {
            throw new CommandRefusedException($"{date:uuuu-MM-dd} has not ended yet: it ends at {until}. Nothing was closed.");
        }

        var counts = (Done: 0, All: null as long?);
        var closing = new DateClosing(host.Journal, (resident, instant) => host.Wallet(community, resident).ApplyDue(instant));
        var wallets = await CommandProgress.Show(
            "Closing",
            "wallets",
            screen.Error,
            () => (counts.Done, counts.All),
            () => closing.Close(community, until, (done, all) => counts = (done, all), cancellation));
        await Tell(screen.Output, asJson, community, date, until, wallets);
        return ExitCodes.Done;
    }

    private static Task Tell(TextWriter output, bool asJson, CommunityId community, LocalDate date, Instant until, int wallets) => asJson
        ? CommandJson.Write(output, new { community = community.Value, asOf = $"{date:uuuu-MM-dd}", until = until.ToString(), wallets })
        : output.WriteAsync($"Closed {date:uuuu-MM-dd} (until {until}) in community {community}: {wallets:N0} wallets had something due.\n");
}
