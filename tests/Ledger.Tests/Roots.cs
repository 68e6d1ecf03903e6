namespace Ledger.Tests;

/// <summary>Folders that tests read from.</summary>
internal static class Roots
{
    /// <summary>The folder of the whole project.</summary>
    public static string Project { get; } = Find();

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Ledger.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("Ledger.slnx is in no folder above the tests.");
        }

        return folder;
    }
}
