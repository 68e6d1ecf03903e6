using System.Diagnostics;

namespace Ledger.PrivatePostgres;

/// <summary>
/// A process that waits until its standard input ends, which happens when this process closes it or dies, and then ends the server and
/// removes the folder.
/// </summary>
internal sealed class Guard
{
    // The server removes its own file last; its process may stay a moment longer where nobody collects orphans.
    // Whoever interrupts or kills the tests and all that they started must not reach the one that tidies up after them: it has a session of
    // its own. The loop ends after a minute at the latest.
    private const string Script =
        """
        trap '' INT TERM HUP QUIT
        exec >/dev/null 2>&1
        cat
        running="$0/data/postmaster.pid"
        if pid=$(head -n 1 "$running"); then
          kill -QUIT "$pid"
          tries=0
          while [ -f "$running" ] && kill -0 "$pid" && [ "$tries" -lt 600 ]; do sleep 0.1; tries=$((tries + 1)); done
        fi
        rm -rf "$0"
        """;

    private readonly Process _process;

    public Guard(Installation installation, string folder) => _process = installation.Start("/usr/bin/setsid", ["--wait", "/bin/sh", "-c", Script, folder]);

    /// <summary>Has it done now; returns when the folder is gone.</summary>
    public async Task End()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
