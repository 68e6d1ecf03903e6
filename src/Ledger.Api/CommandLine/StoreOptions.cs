using System.CommandLine;
using System.Data.Common;
using Ledger.Grains.Stores;

namespace Ledger.Api.CommandLine;

/// <summary>The two options that name the store, for commands that have one.</summary>
internal sealed class StoreOptions
{
    private readonly Option<string?> _store = new("--store")
    {
        Description = "The store: a file, or the word postgres. Default: Ledger:Store and ConnectionStrings:Ledger of the configuration, "
            + "or else ledger.db in this folder.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _connection = new("--connection")
    {
        Description = "With --store postgres: Host=…;Database=…;Username=…. A password belongs into the environment "
            + "(ConnectionStrings__Ledger, PGPASSFILE), where other users of the machine do not see it.",
        HelpName = "TEXT",
    };

    /// <summary>Gives the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_store);
        command.Add(_connection);
    }

    /// <summary>What they set in the configuration; empty when they are left out.</summary>
    /// <exception cref="CommandRefusedException">They contradict each other.</exception>
    public IReadOnlyDictionary<string, string?> Settings(ParseResult parsed) => (parsed.GetValue(_store), parsed.GetValue(_connection)) switch
    {
        (null, null) => new Dictionary<string, string?>(),
        (StoreAddress.Postgres, null) => new Dictionary<string, string?> { [StoreAddress.KindKey] = StoreAddress.Postgres },
        (null or StoreAddress.Postgres, { } connection) => new Dictionary<string, string?>
        {
            [StoreAddress.KindKey] = StoreAddress.Postgres,
            [StoreAddress.ConnectionKey] = connection,
        },
        ({ } file, null) => new Dictionary<string, string?>
        {
            [StoreAddress.KindKey] = StoreAddress.Sqlite,
            [StoreAddress.ConnectionKey] = new DbConnectionStringBuilder { ["Data Source"] = file }.ToString(),
        },
        ({ } file, _) => throw new CommandRefusedException($"--connection belongs to --store postgres, and the store is the file {file}."),
    };

    /// <summary>Files, environment and the options, the last of them strongest.</summary>
    /// <exception cref="CommandRefusedException">They contradict each other.</exception>
    public IConfigurationRoot Configuration(ParseResult parsed) => CommandStore.Configuration(Settings(parsed));
}
