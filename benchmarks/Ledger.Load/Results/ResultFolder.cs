namespace Ledger.Load.Results;

/// <summary>Where committed results lie.</summary>
internal static class ResultFolder
{
    /// <summary><c>benchmarks/results</c> of the project.</summary>
    /// <exception cref="DirectoryNotFoundException">The program does not run inside the project.</exception>
    public static string Default
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "Ledger.slnx")))
                {
                    return Path.Combine(folder.FullName, "benchmarks", "results");
                }
            }

            throw new DirectoryNotFoundException("No folder above this program holds Ledger.slnx; say --out.");
        }
    }
}
