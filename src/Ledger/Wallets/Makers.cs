using Ledger.Programmes;
using Ledger.Rules;

namespace Ledger.Wallets;

/// <summary>Who entered an activity, where a check counts what one person enters for all residents.</summary>
public static class Makers
{
    /// <summary>Whose entries are counted for a command; null where nothing counts them.</summary>
    /// <param name="programmes">All versions of the community.</param>
    /// <param name="envelope">The command.</param>
    public static string? Of(PublishedProgrammes programmes, CommandEnvelope envelope) =>
        envelope is { Historic: false, Command: EarnPoints command } && programmes.InForceAt(command.OccurredAt)?.Programme.RuleFor(command.Activity) is { } rule
            ? Of(rule, envelope, command)
            : null;

    // Whom the app names; else the app itself, or the key of whoever typed it in.
    internal static string? Of(ActivityRule rule, CommandEnvelope envelope, EarnPoints command)
    {
        foreach (var check in rule.Checks)
        {
            if (check is IntegrityCheck.MakerRate)
            {
                return command.Entry?.EnteredBy ?? envelope.Sender;
            }
        }

        return null;
    }
}
