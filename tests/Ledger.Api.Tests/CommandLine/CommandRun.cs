using System.CommandLine;
using Ledger.Api.CommandLine;

namespace Ledger.Api.Tests.CommandLine;

/// <summary>What a command answered.</summary>
internal sealed record CommandAnswer(int Code, string Output, string Error)
{
    public override string ToString() => $"exit code {Code}\n--- output\n{Output}--- error\n{Error}";
}

/// <summary>A folder with a store, and commands on it, in this process.</summary>
internal sealed class CommandRun : IDisposable
{
    public const string Header = "event_id,resident,type,amount_points,occurred_at,ref,activity\n";

    public const string Programme =
        """
        { "zone": "Asia/Shanghai", "expiry": { "kind": "rolling", "months": 12 },
          "activities": [ { "type": "*", "award": { "kind": "per_unit", "points": 1 } } ] }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ledger-cli-");

    public string Store => Path("ledger.db");

    public string ProgrammePath => Write("programme.json", Programme);

    public string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(Path(name), text);
        return Path(name);
    }

    /// <summary>Runs a command as the executable would; on this folder's store unless it names one.</summary>
    public static async Task<CommandAnswer> Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var serve = new Command("serve", "Serves.") { TreatUnmatchedTokensAsErrors = false };
        serve.SetAction(parsed => output.WriteLine("served with " + string.Join(' ', parsed.UnmatchedTokens)));
        var code = await LedgerCommandLine.Run(serve, args, new InvocationConfiguration { Output = output, Error = error });
        return new(code, output.ToString(), error.ToString());
    }

    public Task<CommandAnswer> OnStore(params string[] args) => Run([.. args, "--store", Store]);

    public void Dispose() => _folder.Delete(recursive: true);
}
