using System.CommandLine;
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
          --ConnectionStrings:Ledger "Data Source=/var/lib/ledger/ledger.db"
        or environment variables such as ConnectionStrings__Ledger.
        """;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var serve = new Command("serve", About) { TreatUnmatchedTokensAsErrors = false };
        serve.SetAction((parsed, cancellation) => Run([.. parsed.UnmatchedTokens], parsed.InvocationConfiguration.Error));
        return serve;
    }

    private static async Task<int> Run(string[] args, TextWriter error)
    {
        try
        {
            await LedgerService.Run(args);
            return 0;
        }
        catch (Exception refused) when (refused is StartRefusedException or StoreRefusedException or OptionsValidationException or IOException)
        {
            await error.WriteLineAsync("Not started: " + refused.Message);
            return 1;
        }
    }
}
