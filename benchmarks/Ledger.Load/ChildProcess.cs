using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Ledger.Load;

/// <summary>
/// A .NET program of this folder as a process of its own. It ends with this process, however this one ends; the last lines it wrote are kept.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int LinesKept = 200;

    // A shell starts it, says its number, and waits until its own standard input ends: when we close it, or die.
    private const string Script =
        """
        "$@" </dev/null &
        child=$!
        echo "$child"
        exec >/dev/null 2>&1
        cat
        kill -TERM "$child"
        wait "$child"
        """;

    private static readonly TimeSpan s_endPatience = TimeSpan.FromSeconds(15);

    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Action<string>? _lineWritten;
    private readonly Process _shell;
    private volatile int _process;
    private volatile bool _hasEnded;

    /// <param name="assembly">For example <c>Ledger.Api.dll</c>.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Environment variables beside those of this process.</param>
    /// <param name="lineWritten">Called for each line of its standard output; null for nobody.</param>
    public ChildProcess(
        string assembly, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string?>> environment, Action<string>? lineWritten = null)
    {
        _lineWritten = lineWritten;
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script, "sh", "dotnet", Path.Combine(AppContext.BaseDirectory, assembly), .. arguments])
        {
            // No file of whoever starts us counts there.
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _shell = Process.Start(start)!;
        _shell.OutputDataReceived += (_, line) => Keep(line.Data, isOutput: true);
        _shell.ErrorDataReceived += (_, line) => Keep(line.Data, isOutput: false);
        _shell.BeginOutputReadLine();
        _shell.BeginErrorReadLine();
    }

    /// <summary>Whether it ended by itself.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>What it wrote last, output and errors as they came.</summary>
    public IReadOnlyList<string> LastWords => [.. _lines];

    public long ResidentMegabytes()
    {
        using var process = Process.GetProcessById(_process);
        return process.WorkingSet64 / (1024 * 1024);
    }

    /// <summary>Asks it to end, as an operator does, and kills it when it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        try
        {
            await _shell.WaitForExitAsync().WaitAsync(s_endPatience);
        }
        catch (TimeoutException)
        {
            _shell.Kill(entireProcessTree: true);
        }

        _shell.Dispose();
    }

    private void Keep(string? line, bool isOutput)
    {
        if (line is null)
        {
            _hasEnded |= isOutput;
            return;
        }

        if (isOutput && _process == 0)
        {
            _process = int.Parse(line, CultureInfo.InvariantCulture);
            return;
        }

        _lines.Enqueue(line);
        while (_lines.Count > LinesKept)
        {
            _lines.TryDequeue(out _);
        }

        if (isOutput)
        {
            _lineWritten?.Invoke(line);
        }
    }
}
