using System.Text;

namespace Tidy.Tests;

/// <summary>Something untidy: where, and what to do about it.</summary>
internal sealed record Finding(string Where, string Remedy)
{
    public static Finding At(RepositoryFile file, string remedy) => new(file.Path, remedy);

    public static Finding At(RepositoryFile file, int line, string remedy) => new($"{file.Path}:{line}", remedy);
}

internal static class Findings
{
    /// <summary>Fails with every finding, one a line.</summary>
    public static void AssertNone(IEnumerable<Finding> findings)
    {
        var all = findings.ToList();
        if (all.Count == 0)
        {
            return;
        }

        var text = new StringBuilder();
        foreach (var finding in all)
        {
            text.Append(finding.Where).Append(": ").AppendLine(finding.Remedy);
        }

        Assert.Fail(text.ToString());
    }
}
