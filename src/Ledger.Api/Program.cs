using System.CommandLine;
using Ledger.Api.Serving;

var serve = ServeCommand.Create();
var root = new RootCommand("A double-entry points ledger and rewards engine.")
{
    serve,
};

// Without a command it serves: options of the configuration may follow at once.
string[] line = args is [] || (args[0].StartsWith("--", StringComparison.Ordinal) && args[0] is not ("--help" or "--version"))
    ? ["serve", .. args]
    : args;
var parsed = root.Parse(line);
return await parsed.InvokeAsync(new()
{
    EnableDefaultExceptionHandler = false,

    // The host stops serving by itself, without haste.
    ProcessTerminationTimeout = parsed.CommandResult.Command == serve ? null : TimeSpan.FromSeconds(2),
});
