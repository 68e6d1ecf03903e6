using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Ledger.Api.CommandLine;

/// <summary>A command with a line for the list of commands and a page for its own help.</summary>
/// <param name="name">Its name.</param>
/// <param name="summary">One line.</param>
/// <param name="page">What a person must know to use it, with an example.</param>
internal sealed class DescribedCommand(string name, string summary, string page) : Command(name, summary)
{
    public string Page => page;

    /// <summary>Adds the options that name the store.</summary>
    public void Add(StoreOptions store) => store.AddTo(this);
}

/// <summary>Help that shows the page of the command that was asked for.</summary>
internal sealed class CommandHelp(HelpAction help) : SynchronousCommandLineAction
{
    /// <summary>Puts it in the place of the usual help.</summary>
    public static void Install(RootCommand root)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
        {
            option.Action = new CommandHelp((HelpAction)option.Action!);
        }
    }

    public override int Invoke(ParseResult parseResult)
    {
        if (parseResult.CommandResult.Command is DescribedCommand command)
        {
            command.Description = command.Page;
        }

        return help.Invoke(parseResult);
    }
}
