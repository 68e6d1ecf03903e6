using System.Diagnostics;
using System.Globalization;

namespace Ledger.PrivatePostgres;

/// <summary>The programs of PostgreSQL on this machine, and the account they run under: never root, which they refuse.</summary>
internal sealed class Installation
{
    private const string Account = "postgres";

    private readonly string _programs;
    private readonly string[] _asAccount;

    private Installation(string programs)
    {
        _programs = programs;
        _asAccount = Environment.UserName == "root" ? AsAccount() : [];
    }

    /// <summary>The newest version installed, else what the PATH has.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static Installation Find()
    {
        const string Debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(Debian) ? Directory.GetDirectories(Debian) : [];
        var folders = versions
            .OrderByDescending(folder => double.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) ? version : 0)
            .Select(folder => Path.Combine(folder, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));
        var programs = folders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")))
            ?? throw new InvalidOperationException("PostgreSQL is not installed here: install its server package, for example `apt-get install postgresql`.");
        return new(programs);
    }

    /// <summary>A new folder that only the server's account can read.</summary>
    public string MakeFolder()
    {
        // The name is short because the path of a socket in it may have 107 bytes at most.
        var template = Path.Combine(Path.GetTempPath(), "ledger-pg-XXXXXX");
        return Run("/bin/sh", "-c", "umask 077; exec mktemp -d \"$0\"", template).Trim();
    }

    /// <summary>Writes a file that belongs to the server's account.</summary>
    public void Write(string path, string text)
    {
        using var writing = Start("/bin/sh", ["-c", "umask 077; exec cat >\"$0\"", path]);
        writing.StandardInput.Write(text);
        writing.StandardInput.Close();
        _ = Ended(writing, path);
    }

    /// <summary>Runs a program of PostgreSQL, or another one by its whole path, to its end; what it printed.</summary>
    /// <exception cref="InvalidOperationException">It ended with an error.</exception>
    public string Run(string program, params string[] arguments)
    {
        using var running = Start(program, arguments);
        running.StandardInput.Close();
        return Ended(running, program);
    }

    /// <summary>Starts a program under the server's account, with its standard streams in our hands.</summary>
    public Process Start(string program, string[] arguments)
    {
        string[] command = [.. _asAccount, Path.Combine(_programs, program), .. arguments];
        return Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        })!;
    }

    private static string Ended(Process process, string what)
    {
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        var error = errors.GetAwaiter().GetResult();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"{what} ended with code {process.ExitCode}: {output}{error}"));
    }

    private static string[] AsAccount()
    {
        string[][] ways =
        [
            ["/usr/bin/setpriv", $"--reuid={Account}", $"--regid={Account}", "--init-groups"],
            ["/usr/sbin/runuser", "-u", Account, "--"],
            ["/sbin/runuser", "-u", Account, "--"],
            ["/usr/bin/su", Account, "-s", "/bin/sh", "-c", "exec \"$0\" \"$@\"", "--"],
        ];
        return ways.FirstOrDefault(way => File.Exists(way[0]))
            ?? throw new InvalidOperationException($"PostgreSQL does not run as root, and there is no setpriv, runuser or su to become {Account}.");
    }
}
