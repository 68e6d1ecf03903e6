using System.Diagnostics;
using System.Globalization;
using System.Net;
using Ledger.Fault.Tests.Waiting;
using Ledger.PrivatePostgres;
using Ledger.ShiftedClock;

namespace Ledger.Fault.Tests.Processes;

/// <summary>What a silo is started with.</summary>
internal sealed record SiloSettings
{
    public required string Name { get; init; }

    /// <summary><c>sqlite</c> or <c>postgres</c>.</summary>
    public required string Store { get; init; }

    public required string Connection { get; init; }

    public int HttpPort { get; init; } = LoopbackPorts.Free();

    public int SiloPort { get; init; } = LoopbackPorts.Free();

    /// <summary>Further environment variables.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Shell commands that run in the process before the service takes it over, for example a limit.</summary>
    public string Before { get; init; } = "";
}

/// <summary>The service as a process of its own, which can be killed, frozen, told to stop, and started again with the same addresses.</summary>
internal sealed class Silo : IAsyncDisposable
{
    private const int LinesKept = 1000;

    // A companion waits for the end of our input, which comes when this process closes it or dies in whatever way, and then kills the silo.
    // A line says that there is nothing left to kill.
    private const string Script =
        """
        exec 3<&0
        { read -r line || kill -KILL "$$"; } <&3 >/dev/null 2>&1 &
        exec 3<&- </dev/null
        {before}
        exec "$@"
        """;

    private readonly Queue<string> _said = new();
    private Process? _process;
    private TaskCompletionSource _started = new();

    public Silo(SiloSettings settings)
    {
        Settings = settings;
        Address = new($"http://127.0.0.1:{settings.HttpPort}");
        _clockFile = Path.Combine(Path.GetTempPath(), $"ledger-clock-{Guid.NewGuid():N}");
    }

    private readonly string _clockFile;

    public SiloSettings Settings { get; set; }

    public Uri Address { get; }

    public string Name => Settings.Name;

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>The last lines that it wrote.</summary>
    public string Said
    {
        get
        {
            lock (_said)
            {
                return $"{Name} said:\n{string.Join('\n', _said)}";
            }
        }
    }

    /// <summary>Starts it and returns when it says that it listens.</summary>
    public async Task Start()
    {
        _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = new Process { StartInfo = StartInfo(), EnableRaisingEvents = true };
        var process = _process;
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.Exited += (_, _) => _started.TrySetException(new InvalidOperationException($"{Name} ended while it started. {Said}"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await _started.Task.WaitAsync(Patience.Bound);
    }

    /// <summary>Starts it and returns when it serves.</summary>
    public async Task StartReady()
    {
        await Start();
        await Ready();
    }

    /// <summary>Returns when it serves.</summary>
    public Task<TimeSpan> Ready() =>
        Patience.Until($"{Name} is ready", async () => await Readiness() == HttpStatusCode.OK, () => Said);

    /// <summary>Returns when it says that it does not serve.</summary>
    public Task<TimeSpan> NotReady() =>
        Patience.Until($"{Name} is not ready", async () => await Readiness() == HttpStatusCode.ServiceUnavailable, () => Said);

    /// <summary>SIGKILL: nothing is flushed, nothing is said.</summary>
    public async Task Kill()
    {
        _process!.Kill();
        await Ended();
    }

    /// <summary>SIGSTOP: it stands still, and its connections stay open.</summary>
    public void Freeze() => Signal("STOP");

    /// <summary>SIGCONT: it goes on, knowing nothing of the time in between.</summary>
    public void Thaw() => Signal("CONT");

    /// <summary>SIGTERM, and the end; its exit code.</summary>
    public async Task<int> Terminate()
    {
        Signal("TERM");
        return await Ended();
    }

    /// <summary>Returns when the process has ended; its exit code.</summary>
    public async Task<int> Ended()
    {
        await _process!.WaitForExitAsync().WaitAsync(Patience.Bound);
        await Release();
        return _process.ExitCode;
    }

    /// <summary>Sets its clock wrong, from now on.</summary>
    public void ShiftClock(TimeSpan shift)
    {
        // In one step, so that nobody reads half a number.
        var fresh = _clockFile + ".new";
        File.WriteAllText(fresh, ((long)shift.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
        File.Move(fresh, _clockFile, overwrite: true);
    }

    /// <summary>Lifts or sets the largest size that a file of it may have.</summary>
    public void LimitFiles(string bytes) => Shell($"prlimit --pid {_process!.Id} --fsize={bytes}:");

    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
        {
            await Kill();
        }

        _process?.Dispose();
        File.Delete(_clockFile);
    }

    private static void Shell(string command)
    {
        using var shell = Process.Start("/bin/sh", ["-c", command]);
        shell.WaitForExit();
        Assert.True(shell.ExitCode == 0, $"'{command}' ended with code {shell.ExitCode}.");
    }

    private void Signal(string name) => Shell($"kill -{name} {_process!.Id}");

    private async Task Release()
    {
        try
        {
            await _process!.StandardInput.WriteLineAsync("ended");
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The companion is gone as well.
        }
    }

    private async Task<HttpStatusCode?> Readiness()
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            using var answer = await http.GetAsync(new Uri(Address, "/health/ready"));
            return answer.StatusCode;
        }
        catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    private void Hear(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_said)
        {
            _said.Enqueue(line);
            if (_said.Count > LinesKept)
            {
                _said.Dequeue();
            }
        }

        if (line.Contains("Application started", StringComparison.Ordinal))
        {
            _started.TrySetResult();
        }
    }

    private ProcessStartInfo StartInfo()
    {
        var start = new ProcessStartInfo("/bin/sh")
        {
            ArgumentList =
            {
                "-c", Script.Replace("{before}", Settings.Before, StringComparison.Ordinal), "silo",
                "dotnet", Path.Combine(AppContext.BaseDirectory, "Ledger.Api.dll"), "serve", "--urls", Address.ToString(),
            },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var variables = start.Environment;
        variables["ASPNETCORE_ENVIRONMENT"] = "Production";
        variables["Ledger__Store"] = Settings.Store;
        variables["ConnectionStrings__Ledger"] = Settings.Connection;
        variables["Ledger__SiloPort"] = Settings.SiloPort.ToString(CultureInfo.InvariantCulture);
        variables["Ledger__RateLimit__RequestsMax"] = "0";
        variables["Ledger__RateLimit__AnonymousRequestsMax"] = "0";
        variables["Logging__Console__FormatterName"] = "simple";
        variables["DOTNET_STARTUP_HOOKS"] = typeof(ShiftedClockStartup).Assembly.Location;
        variables["ASPNETCORE_HOSTINGSTARTUPASSEMBLIES"] = "Ledger.ShiftedClock";
        variables[ShiftedClockStartup.FileVariable] = _clockFile;
        foreach (var (name, value) in Settings.Variables)
        {
            variables[name] = value;
        }

        return start;
    }
}
