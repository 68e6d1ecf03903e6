using System.Diagnostics;

namespace Ledger.Fault.Tests.Processes;

/// <summary>A file system of a few megabytes in memory, which can be filled, and in which every account may write.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const int Megabytes = 32;

    private SmallDisk(string folder) => Folder = folder;

    public string Folder { get; }

    private string Ballast => Path.Combine(Folder, "ballast");

    /// <summary>Mounts one below a folder; null where that is not allowed.</summary>
    public static SmallDisk? TryMount(string below)
    {
        var folder = Directory.CreateDirectory(Path.Combine(below, "small")).FullName;
        return Run("mount", "-t", "tmpfs", "-o", $"size={Megabytes}m,mode=1777", "tmpfs", folder) ? new(folder) : null;
    }

    /// <summary>Leaves no room for a single further page.</summary>
    public void Fill()
    {
        // Others write meanwhile, so what is left is taken in ever smaller parts.
        using var ballast = File.OpenHandle(Ballast, FileMode.Create, FileAccess.Write);
        var part = new byte[1024 * 1024];
        var length = 0L;
        for (var size = part.Length; size >= 512;)
        {
            try
            {
                RandomAccess.Write(ballast, part.AsSpan(0, size), length);
                length += size;
            }
            catch (IOException)
            {
                size /= 2;
            }
        }
    }

    /// <summary>Gives the room back.</summary>
    public void MakeRoom() => File.Delete(Ballast);

    public void Dispose() => Run("umount", "--lazy", Folder);

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var running = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            running.StandardError.ReadToEnd();
            running.WaitForExit();
            return running.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
