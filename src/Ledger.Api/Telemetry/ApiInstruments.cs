using System.Diagnostics.Metrics;
using Ledger.Grains.Wallets;
using Ledger.Wallets;

namespace Ledger.Api.Telemetry;

/// <summary>What this service counts about commands; ASP.NET Core counts and times the requests.</summary>
public sealed class ApiInstruments
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Ledger.Api";

    private readonly Counter<long> _commands;

    /// <summary>Makes the instruments.</summary>
    public ApiInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _commands = meter.CreateCounter<long>(
            "ledger.commands", unit: "{command}", description: "Commands answered, by kind, outcome and whether it was a repeat.");
    }

    internal void Count(WalletCommand command, CommandResult result)
    {
        if (!_commands.Enabled)
        {
            return;
        }

        var (outcome, replayed) = result switch
        {
            CommandResult.Recorded recorded => (recorded.Transaction.Outcome, recorded.Replayed),
            CommandResult.KeyReused => ("command_id_reused", false),
            _ => ("nothing", false),
        };
        _commands.Add(1, new("kind", command.GetType().Name), new("outcome", outcome), new("replayed", replayed));
    }
}
