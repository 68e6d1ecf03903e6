using System.Text.RegularExpressions;

namespace Tidy.Tests.Files;

/// <summary>How source is named, laid out and tested.</summary>
public partial class SourceTests
{
    // Folders are named by concept. What is kept by kind is found by nobody who looks for a concept.
    private static readonly string[] FoldersByKind =
        ["Models", "Services", "Helpers", "Common", "Interfaces", "Exceptions", "Utils", "Enums", "Dtos", "Core", "Shared", "Misc"];

    [Fact]
    public void Folders_are_named_by_concept() => Findings.AssertNone(
        from folder in Repository.Files.Where(IsCode).Select(file => Path.GetDirectoryName(file.Path)!).Distinct()
        from part in folder.Split('/', '\\')
        where FoldersByKind.Contains(part, StringComparer.OrdinalIgnoreCase)
        select new Finding(folder, $"is named by kind ({part}). Name it by the concept that its files share."));

    [Fact]
    public void Types_are_named_by_what_they_are() => Findings.AssertNone(
        from file in Repository.Under("src", ".cs")
        from line in file.NumberedLines()
        let match = VagueType().Match(line.Text)
        where match.Success
        select Finding.At(file, line.Number, $"declares {match.Groups["name"].Value}. Find the noun that says what it is."));

    [Fact]
    public void Tests_never_sleep() => Findings.AssertNone(
        from file in Repository.Under("tests", ".cs")
        from line in file.NumberedLines()
        where Sleep().IsMatch(line.Text)
        select Finding.At(file, line.Number, "sleeps. Move the clock, or await the condition."));

    [Fact]
    public void Tests_are_sentences() => Findings.AssertNone(
        from file in Repository.Under("tests", ".cs")
        let lines = file.Lines()
        from i in Enumerable.Range(0, Math.Max(0, lines.Length - 1))
        where TestAttribute().IsMatch(lines[i])
        let method = lines.Skip(i + 1).Select(line => Method().Match(line)).FirstOrDefault(match => match.Success)
        where method is not null && !method.Groups["name"].Value.Contains('_')
        select Finding.At(file, i + 2, $"names a test {method.Groups["name"].Value}. Say the rule as a sentence with underscores."));

    [Fact]
    public void Nothing_is_switched_off_without_a_reason() => Findings.AssertNone(
        from file in Repository.Under("src", ".cs")
        from line in file.NumberedLines()
        where line.Text.TrimStart().StartsWith("#pragma warning disable", StringComparison.Ordinal) && !line.Text.Contains("//", StringComparison.Ordinal)
        select Finding.At(file, line.Number, "switches a warning off. Cure it, or say why in a comment on that line."));

    private static bool IsCode(RepositoryFile file) => file.Extension is ".cs" or ".sql" or ".razor" or ".js";

    [GeneratedRegex(@"^\s*(?:(?:public|internal|private|protected|sealed|static|abstract|partial|readonly|file) )*(?:class|record|struct|interface|record struct) (?<name>\w+(?:Manager|Helpers?|Utils?|Utility|Info))\b")]
    private static partial Regex VagueType();

    [GeneratedRegex(@"\b(?:Thread\.Sleep|Task\.Delay|SpinWait\.SpinUntil)\s*\(")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"^\s*\[(?:Fact|Theory|FsCheck\.Xunit\.Property|Property)\b")]
    private static partial Regex TestAttribute();

    [GeneratedRegex(@"^\s*public (?:async |static |override |virtual )*[\w<>\[\]?.,() ]+ (?<name>\w+)\(")]
    private static partial Regex Method();
}
