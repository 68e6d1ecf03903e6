using System.CommandLine;
using System.CommandLine.Invocation;
using System.Text.Json;
using Ledger.Grains.Journal;
using Ledger.Grains.Stores;
using Microsoft.Extensions.Options;

namespace Ledger.Api.CommandLine;

/// <summary>The command line of the executable: everything besides serving.</summary>
public static class LedgerCommandLine
{
    private const string About = """
        A double-entry points ledger and rewards engine.

        Without a command it serves the API. The other commands work on the same store: --store, or else Ledger:Store and
        ConnectionStrings:Ledger of the configuration, or else the file ledger.db in this folder. Commands that write refuse while a
        service writes to that file; verify and export read beside it. On PostgreSQL every command works beside running services.

        Exit code: 0 done, 1 bad rows or differences found, 2 not possible as asked.
        """;

    /// <summary>The root with every command.</summary>
    /// <param name="serve">The command that serves; it is what happens without a command.</param>
    public static RootCommand Create(Command serve)
    {
        var root = new RootCommand(About)
        {
            serve,
            ImportCommand.Create(),
            CloseCommand.Create(),
            ExportCommand.Create(),
            VerifyCommand.Create(),
            ProgrammeCommand.Create(),
            KeysCommand.Create(),
        };
        CommandHelp.Install(root);
        return root;
    }

    /// <summary>Does what the arguments say.</summary>
    /// <param name="serve">The command that serves.</param>
    /// <param name="args">Of the process. Options of the configuration may follow at once, without a command.</param>
    /// <returns>The exit code: 0 done, 1 bad rows or differences found, 2 not possible as asked.</returns>
    public static Task<int> Run(Command serve, string[] args) => Run(serve, args, new InvocationConfiguration());

    internal static async Task<int> Run(Command serve, string[] args, InvocationConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(args);
        var isServing = args is [] || (args[0].StartsWith("--", StringComparison.Ordinal) && args[0] is not ("--help" or "--version"));
        var parsed = Create(serve).Parse(isServing ? ["serve", .. args] : args);
        configuration.EnableDefaultExceptionHandler = false;
        if (parsed.CommandResult.Command == serve)
        {
            // The host stops serving by itself, without haste.
            configuration.ProcessTerminationTimeout = null;
            return await parsed.InvokeAsync(configuration);
        }

        if (parsed.Action is ParseErrorAction mistakes)
        {
            mistakes.ShowHelp = false;
            configuration.Output = configuration.Error;
            await parsed.InvokeAsync(configuration);
            await configuration.Error.WriteLineAsync("Use --help to see what is possible.");
            return ExitCodes.Usage;
        }

        return await Guarded(parsed, configuration);
    }

    private static async Task<int> Guarded(ParseResult parsed, InvocationConfiguration configuration)
    {
        try
        {
            return await parsed.InvokeAsync(configuration);
        }
        catch (OperationCanceledException)
        {
            await configuration.Error.WriteLineAsync("Stopped. What was done is done; run it again to go on.");
            return ExitCodes.Stopped;
        }
        catch (Exception failure) when (failure is CommandRefusedException or StoreRefusedException or JournalException
            or OptionsValidationException or IOException or UnauthorizedAccessException or InvalidDataException or TimeoutException
            or JsonException or InvalidOperationException)
        {
            await configuration.Error.WriteLineAsync(failure.Message);
            return ExitCodes.Usage;
        }
    }
}
