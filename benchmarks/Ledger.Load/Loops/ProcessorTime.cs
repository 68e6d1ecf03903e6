using System.Globalization;

namespace Ledger.Load.Loops;

/// <summary>Processor time of this process, the processes it started, and the database server: what a command costs whoever else is busy beside it.</summary>
/// <remarks>Read from <c>/proc</c>, in hundredths of a second; zero where there is none.</remarks>
internal static class ProcessorTime
{
    private const int TicksPerSecond = 100;

    private static int? s_server;

    /// <summary>Counts a server and its processes too.</summary>
    public static void AddServer(int processId) => s_server = processId;

    /// <summary>Everything until now.</summary>
    public static TimeSpan Total()
    {
        if (!Directory.Exists("/proc/self"))
        {
            return TimeSpan.Zero;
        }

        var all = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? Read(id) : null)
            .OfType<Usage>()
            .ToDictionary(usage => usage.Id);
        var ticks = all.Values.Where(usage => IsOurs(usage, all)).Sum(usage => usage.Ticks);
        return TimeSpan.FromSeconds((double)ticks / TicksPerSecond);
    }

    private static bool IsOurs(Usage usage, Dictionary<int, Usage> all)
    {
        for (var now = usage; ; now = all[now.Parent])
        {
            if (now.Id == Environment.ProcessId || now.Id == s_server)
            {
                return true;
            }

            if (!all.ContainsKey(now.Parent))
            {
                return false;
            }
        }
    }

    // 4242 (name of (it)) S 1 … : the fields after the name are the state, the parent, and from the 12th on the times, those of ended children among them.
    private static Usage? Read(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new(id, Number(fields[1]), fields[11..15].Sum(field => (long)Number(field)));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It has just ended.
            return null;
        }
    }

    private static int Number(string field) => int.Parse(field, CultureInfo.InvariantCulture);

    private sealed record Usage(int Id, int Parent, long Ticks);
}
