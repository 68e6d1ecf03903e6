using System.CommandLine;
using Ledger.Api.CommandLine;
using Ledger.Grains.Stores;
using Microsoft.Extensions.Options;

namespace Ledger.Api.Serving;

/// <summary><c>serve</c>: answers HTTP until it is told to stop.</summary>
public static class ServeCommand
{
    private const string About = """
        Serves the API until it is told to stop (Ctrl+C or SIGTERM). This is what happens without a command.

        Options are those of the configuration, for example
          --urls http://0.0.0.0:5080          where to listen (default http://127.0.0.1:5080)
          --environment Development           demo community and a key; default Production
          --store /var/lib/ledger/ledger.db   the file (default ledger.db in this folder)
          --store postgres                    a PostgreSQL database, which --connection names
        or environment variables such as Ledger__Store and ConnectionStrings__Ledger.
        """;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var serve = new Command("serve", About) { TreatUnmatchedTokensAsErrors = false };
        var store = CommandOptions.Store();
        store.AddTo(serve);
        serve.SetAction(parsed => Run(() => [.. parsed.UnmatchedTokens, .. Arguments(store.Settings(parsed))], parsed.InvocationConfiguration.Error));
        return serve;
    }

    private static IEnumerable<string> Arguments(IReadOnlyDictionary<string, string?> settings) =>
        settings.SelectMany(setting => new[] { "--" + setting.Key, setting.Value! });

    // A word that belongs to no option is a command that was meant, or a typing error: never something to serve with.
    private static string? Stray(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                return args[i];
            }

            if (!args[i].Contains('=', StringComparison.Ordinal) && i + 1 < args.Length && !args[i + 1].StartsWith("--", StringComparison.Ordinal))
            {
                i++;
            }
        }

        return null;
    }

    private static async Task<int> Run(Func<string[]> read, TextWriter error)
    {
        try
        {
            var args = read();
            if (Stray(args) is { } stray)
            {
                await error.WriteLineAsync($"Not started: '{stray}' is no option of the configuration. Write --name value, or see --help.");
                return ExitCodes.Usage;
            }

            await LedgerService.Run(args);
            return ExitCodes.Done;
        }
        catch (Exception refused) when (refused is StartRefusedException or CommandRefusedException or StoreRefusedException or OptionsValidationException or IOException)
        {
            await error.WriteLineAsync("Not started: " + refused.Message);
            return ExitCodes.Usage;
        }
    }
}
