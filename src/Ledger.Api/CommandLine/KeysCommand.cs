using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using Ledger.Api.Json;
using Ledger.Api.Keys;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Grains.Stores;
using Ledger.Transactions;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Api.CommandLine;

/// <summary><c>keys create</c>: makes an API key while no service runs. A running service does it over HTTP.</summary>
public static class KeysCommand
{
    private const string AllCommunities = "*";

    private const string AboutCreate = """
        Makes the first API key of a client and prints it, this once: only its hash is stored. While a service runs, ask it instead
        (POST /v1/keys).

        Roles  operator  reads everything, adjusts, manages keys and programmes
               app       sends events of its sources, spends and refunds, reads residents
               merchant  sells by paycode and refunds at its own merchant (--merchant)
               resident  reads one resident (--resident)

        Examples: keys create --client ops --role operator --community '*'
                  keys create --client volunteer-app --role app --source /apps/volunteers --community garden
        """;

    /// <summary>The command.</summary>
    public static Command Create() => new("keys", "Works with API keys.") { CreateKey() };

    private static DescribedCommand CreateKey()
    {
        var client = new Option<string>("--client")
        {
            Description = "The stable id of the client, for ever: it names the client's commands.",
            HelpName = "ID",
            Required = true,
            CustomParser = Identified,
        };
        var role = new Option<string[]>("--role") { Description = "What it may do; may be given several times.", HelpName = "ROLE", Required = true };
        role.AcceptOnlyFromAmong([.. KeyGrants.RoleNames]);
        var source = new Option<string[]>("--source")
        {
            Description = "A CloudEvents source that an app may speak for; * for every one; may be given several times.",
            HelpName = "SOURCE",
        };
        var merchant = new Option<string?>("--merchant") { Description = "The merchant that it acts as.", HelpName = "ID", CustomParser = Identified };
        var terminal = new Option<string?>("--terminal") { Description = "The one till of the merchant that it is.", HelpName = "ID", CustomParser = Identified };
        var resident = new Option<string?>("--resident") { Description = "The resident that it may read.", HelpName = "ID", CustomParser = Identified };
        var expires = new Option<Instant?>("--expires")
        {
            Description = "From when on it no longer counts, for example 2027-01-01T00:00:00+08:00. Default: never.",
            HelpName = "TIME",
            CustomParser = Time,
        };
        var community = new Option<string>("--community")
        {
            Description = "The community that it is for; * for all, which only an operator may have.",
            HelpName = "ID",
            DefaultValueFactory = _ => "default",
            CustomParser = result => Text(result) == AllCommunities ? AllCommunities : Identified(result)!,
        };
        var (store, json) = (CommandOptions.Store(), CommandOptions.Json());
        var command = new DescribedCommand("create", "Makes an API key and prints it once.", AboutCreate)
        {
            client, role, source, merchant, terminal, resident, expires, community, store, json,
        };
        command.SetAction((parsed, cancellation) => Run(
            Read(
                parsed.GetRequiredValue(client),
                parsed.GetValue(community)!,
                parsed.GetRequiredValue(role),
                parsed.GetValue(source) ?? [],
                (parsed.GetValue(merchant), parsed.GetValue(terminal), parsed.GetValue(resident), parsed.GetValue(expires))),
            store.Configuration(parsed),
            parsed.GetValue(json),
            parsed.InvocationConfiguration,
            cancellation));
        return command;
    }

    private static KeyGrants Read(
        string client, string community, string[] roles, string[] sources, (string? Merchant, string? Terminal, string? Resident, Instant? ExpiresAt) limits)
    {
        var grants = new KeyGrants(
            client,
            roles.Aggregate(Roles.None, (all, role) => all | KeyGrants.RoleOf(role)!.Value),
            community == AllCommunities ? null : new CommunityId(community),
            [.. sources.Distinct()],
            limits.Merchant is { } merchant ? new MerchantId(merchant) : null,
            limits.Resident is { } resident ? new ResidentId(resident) : null,
            limits.ExpiresAt,
            limits.Terminal);
        var problem = grants.Contradiction()
            ?? sources.Where(text => !CommandKey.IsValidPart(text)).Select(text => $"'{text}' is no source: it must be 1 to 255 characters.").FirstOrDefault()
            ?? (grants.ExpiresAt <= SystemClock.Instance.GetCurrentInstant() ? "--expires is in the past." : null);
        return problem is null ? grants : throw new CommandRefusedException(problem);
    }

    private static async Task<int> Run(
        KeyGrants grants, IConfiguration configuration, bool asJson, InvocationConfiguration screen, CancellationToken cancellation)
    {
        await using var ledger = OpenLedger.ForWriting(CommandStore.AddressOf(configuration), "keys create");
        var catalogue = ledger.Catalogue;
        if (grants.Community is { } community)
        {
            await AddFirst(catalogue, community, screen.Error, cancellation);
            await CommandStore.RequireCommunity(catalogue, community, cancellation);
        }

        try
        {
            var book = new KeyBook(catalogue, new KeyRing(catalogue, SystemClock.Instance, TimeProvider.System), SystemClock.Instance);
            var (key, secret) = await book.Create(grants, cancellation);
            await (asJson
                ? screen.Output.WriteLineAsync(JsonSerializer.Serialize(KeyView.Of(key, secret), ApiJson.Web.KeyView))
                : screen.Output.WriteLineAsync(secret.Text));
            await screen.Error.WriteLineAsync("Keep the key now: it is not shown again.");
            return ExitCodes.Done;
        }
        catch (RequestRefusedException refused)
        {
            throw new CommandRefusedException(refused.Message);
        }
    }

    // A new store has no community yet; later a name that is not there is a mistyped one.
    private static async Task AddFirst(ICatalogue catalogue, CommunityId community, TextWriter error, CancellationToken cancellation)
    {
        if ((await catalogue.ListCommunities(cancellation)).Count == 0)
        {
            await catalogue.AddCommunity(new(community, community.Value, SystemClock.Instance.GetCurrentInstant()), cancellation);
            await error.WriteLineAsync($"Community {community} is added: the store had none.");
        }
    }

    private static string? Identified(ArgumentResult result)
    {
        if (Identifier.IsValid(Text(result)))
        {
            return Text(result);
        }

        result.AddError($"'{Text(result)}' is no identifier: it must be {Identifier.Rule}.");
        return null;
    }

    private static Instant? Time(ArgumentResult result)
    {
        if (OffsetDateTimePattern.Rfc3339.Parse(Text(result)) is { Success: true, Value: var time })
        {
            return time.ToInstant();
        }

        result.AddError($"'{Text(result)}' is no time with an offset, such as 2027-01-01T00:00:00+08:00.");
        return null;
    }

    private static string Text(ArgumentResult result) => result.Tokens is [var only] ? only.Value : "";
}
