using System.Text.RegularExpressions;

namespace Tidy.Tests.Files;

/// <summary>Every page has one title, and every link between pages leads somewhere.</summary>
public partial class MarkdownTests
{
    [Fact]
    public void Each_page_has_exactly_one_title() => Findings.AssertNone(
        from page in Pages
        let titles = Prose(page).Count(line => line.Text.StartsWith("# ", StringComparison.Ordinal))
        where titles != 1
        select Finding.At(page, $"has {titles} titles. Begin the page with one '# ' line and use '## ' below it."));

    [Fact]
    public void Relative_links_lead_somewhere() => Findings.AssertNone(
        from page in Pages
        from line in Prose(page)
        from match in Link().Matches(line.Text)
        let target = match.Groups["target"].Value
        where !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)
        let problem = ProblemOf(page, target)
        where problem is not null
        select Finding.At(page, line.Number, problem));

    [Fact]
    public void There_are_pages_and_links_to_check()
    {
        Assert.Contains(Pages, page => page.Path == "README.md");
        Assert.True(Pages.Sum(page => Prose(page).Sum(line => Link().Count(line.Text))) > 10);
    }

    private static IEnumerable<RepositoryFile> Pages => Repository.Files.Where(file => file.Extension == ".md");

    private static string? ProblemOf(RepositoryFile page, string target)
    {
        var parts = target.Split('#', 2);
        var path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page.FullPath)!, Uri.UnescapeDataString(parts[0])));
        if (parts[0].Length > 0 && !File.Exists(path) && !Directory.Exists(path))
        {
            return $"links to {target}, which does not exist. Correct the path or remove the link.";
        }

        var linked = parts[0].Length == 0 ? page : Pages.FirstOrDefault(other => other.FullPath == path);
        return parts.Length == 2 && linked is not null && !AnchorsOf(linked).Contains(parts[1])
            ? $"links to {target}, but {linked.Path} has no such heading. Correct the part after '#'."
            : null;
    }

    private static IEnumerable<string> AnchorsOf(RepositoryFile page) => Prose(page)
        .Where(line => line.Text.StartsWith('#'))
        .Select(line => NotInAnchor().Replace(line.Text.TrimStart('#').Trim().ToLowerInvariant(), string.Empty).Replace(' ', '-'));

    // What stands in a fence is code.
    private static IEnumerable<(int Number, string Text)> Prose(RepositoryFile page)
    {
        var fenced = false;
        foreach (var line in page.NumberedLines())
        {
            if (line.Text.TrimStart().StartsWith("```", StringComparison.Ordinal))
            {
                fenced = !fenced;
            }
            else if (!fenced)
            {
                yield return line;
            }
        }
    }

    [GeneratedRegex(@"(?<!`)\[[^\]]*\]\((?<target>[^)\s]+)[^)]*\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchor();
}
