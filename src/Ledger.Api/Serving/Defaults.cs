namespace Ledger.Api.Serving;

/// <summary>What counts where no file, variable or argument says otherwise: the service runs without any set-up.</summary>
internal static class Defaults
{
    /// <summary>Only this machine reaches it, until somebody decides otherwise.</summary>
    public const string Url = "http://127.0.0.1:5080";

    public static void AddTo(IConfigurationBuilder configuration) => configuration.Sources.Insert(
        0,
        new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource
        {
            InitialData = new Dictionary<string, string?>
            {
                ["urls"] = Url,
                ["Logging:LogLevel:Default"] = "Information",
                ["Logging:LogLevel:Microsoft"] = "Warning",
                ["Logging:LogLevel:Orleans"] = "Warning",

                // It warns at every start that the server garbage collector is off; that is a choice.
                ["Logging:LogLevel:Orleans.Runtime.Silo"] = "Error",

                // It names grains, and so residents, where a turn takes long.
                ["Logging:LogLevel:Orleans.Runtime.Scheduler"] = "None",

                // It names the grain whose snapshot failed, and so the resident; our own line says that one failed, and why.
                ["Logging:LogLevel:Orleans.Storage"] = "None",

                // It puts the path of the request, and so the resident, into lines and into the scope around every line of the request.
                ["Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics"] = "None",
                ["Logging:LogLevel:Polly"] = "Warning",
                ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "Information",
            },
        });
}
