using System.CommandLine;

namespace Ledger.Load.Limits;

/// <summary>The process that <see cref="EmptyGrainEndpoint"/> starts; nobody else needs it.</summary>
internal static class EmptyGrainCommand
{
    public static Command Create()
    {
        var url = new Argument<string>("url");
        var command = new Command(EmptyGrainEndpoint.Command, "Serves an endpoint that calls an empty grain.") { url };
        command.Hidden = true;
        command.SetAction((parsed, cancellation) => EmptyGrainServer.Run(parsed.GetRequiredValue(url), cancellation));
        return command;
    }
}
