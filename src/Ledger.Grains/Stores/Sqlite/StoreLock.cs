using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Ledger.Grains.Stores.Sqlite;

/// <summary>The lock file beside the store: one process writes at a time.</summary>
/// <remarks>
/// The operating system holds the lock and drops it with the process, however it ends, so a file left behind blocks nobody. The file is
/// never deleted: two processes could then each lock their own. Its text, process id and command, is for the one who is refused.
/// </remarks>
internal sealed class StoreLock : IDisposable
{
    private readonly FileStream _file;

    private StoreLock(FileStream file) => _file = file;

    /// <summary>Takes the lock of a store.</summary>
    /// <exception cref="StoreRefusedException">Another process has it, or the lock file cannot be written.</exception>
    public static StoreLock Take(string storePath, string command)
    {
        var path = storePath + ".lock";
        // Windows keeps readers out of a file that is not shared; Unix has no sharing for readers and locks by None only.
        var share = OperatingSystem.IsWindows() ? FileShare.Read : FileShare.None;
        try
        {
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, share);
            file.SetLength(0);
            file.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId} {command}\n")));
            file.Flush();
            return new(file);
        }
        catch (UnauthorizedAccessException)
        {
            throw new StoreRefusedException(StoreRefusals.NotWritable, $"The lock file {path} cannot be written.");
        }
        catch (IOException)
        {
            throw Refusal(storePath, path);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.SetLength(0);
        _file.Dispose();
    }

    private static StoreRefusedException Refusal(string storePath, string lockPath)
    {
        var text = ReadHolder(lockPath);
        var parts = text.Split(' ', 2);
        var process = int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : (int?)null;
        var holder = process is null ? "another process" : $"process {text}";
        return new(StoreRefusals.Locked, $"The store {storePath} is being written by {holder}. Stop it first, or ask it over HTTP.")
        {
            HolderProcessId = process,
        };
    }

    /// <summary>What the holder wrote; empty when it cannot be read.</summary>
    private static string ReadHolder(string path)
    {
        try
        {
            return (OperatingSystem.IsWindows() ? ReadShared(path) : Unix.Read(path)).Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static string ReadShared(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    /// <summary>Reads a file that is locked: .NET itself asks for a lock whenever it opens a file, also to read it.</summary>
    private static class Unix
    {
        public static string Read(string path)
        {
            var descriptor = open(Encoding.UTF8.GetBytes(path + '\0'), 0);
            if (descriptor < 0)
            {
                return "";
            }

            var bytes = new byte[512];
            var length = (int)read(descriptor, bytes, bytes.Length);
            _ = close(descriptor);
            return Encoding.UTF8.GetString(bytes, 0, Math.Max(length, 0));
        }

#pragma warning disable IDE1006, SYSLIB1054 // The names are libc's; generated marshalling would need unsafe code for three calls.
        [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        private static extern int open(byte[] path, int flags);

        [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        private static extern nint read(int descriptor, byte[] buffer, nint bytes);

        [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        private static extern int close(int descriptor);
#pragma warning restore IDE1006, SYSLIB1054
    }
}
