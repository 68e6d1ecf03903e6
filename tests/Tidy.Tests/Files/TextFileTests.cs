using System.Text;
using System.Text.RegularExpressions;

namespace Tidy.Tests.Files;

/// <summary>What every tracked text file keeps to. The words sought are put together here, so that this file does not find itself.</summary>
public partial class TextFileTests
{
    private static readonly string[] Leftovers = ["TO" + "DO", "FIX" + "ME", "XX" + "X:", "HA" + "CK:"];

    private static readonly string[] MachineRoots = ["home", "root", "work", "Users"];

    // Where packages come from is the business of whoever builds: a mirror behind a firewall works as well.
    private static readonly string[] RegistryHosts =
        ["nuget" + ".org", "npmjs" + ".org", "npmjs" + ".com", "pypi" + ".org", "crates" + ".io", "ghcr" + ".io", "docker" + ".io", "mcr.micro" + "soft.com"];

    [Fact]
    public void Files_are_UTF_8_without_a_mark() => Findings.AssertNone(
        from file in Repository.TextFiles
        let bytes = file.Bytes()
        where bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) || !IsUtf8(bytes)
        select Finding.At(file, "is not plain UTF-8. Save it as UTF-8 without a byte order mark."));

    [Fact]
    public void Files_end_with_one_newline() => Findings.AssertNone(
        from file in Repository.TextFiles
        where !file.Path.StartsWith("openapi/", StringComparison.Ordinal) // written by the build, as it likes
        let text = file.Text()
        where text.Length > 0 && (!text.EndsWith('\n') || text.EndsWith("\n\n", StringComparison.Ordinal))
        select Finding.At(file, "must end with one newline and no empty line."));

    [Fact]
    public void Lines_end_with_a_line_feed() => Findings.AssertNone(
        from file in Repository.TextFiles
        where file.Text().Contains('\r')
        select Finding.At(file, "has carriage returns. Save it with LF line ends; a test that needs CRLF writes it as \\r\\n."));

    [Fact]
    public void Nothing_is_left_to_do() => Findings.AssertNone(
        from line in AllLines()
        from word in Leftovers
        where line.Text.Contains(word, StringComparison.Ordinal)
        select Finding.At(line.File, line.Number, $"holds {word}. Do it, or file an issue and delete the note."));

    [Fact]
    public void No_file_knows_a_machine() => Findings.AssertNone(
        from line in AllLines()
        from match in AbsolutePath().Matches(line.Text)
        where MachineRoots.Contains(match.Groups["root"].Value)
        select Finding.At(line.File, line.Number, $"names the machine path {match.Value.Trim()}. Use a path relative to the project root."));

    [Fact]
    public void No_file_knows_a_package_registry() => Findings.AssertNone(
        from line in AllLines()
        from host in RegistryHosts
        where line.Text.Contains(host, StringComparison.OrdinalIgnoreCase)
        select Finding.At(line.File, line.Number, $"names {host}. Say the package; where it comes from is configured outside."));

    [Fact]
    public void The_changelog_has_a_place_for_what_is_new() =>
        Assert.True(
            Repository.Named("CHANGELOG.md").Lines().Contains("## [Unreleased]"),
            "CHANGELOG.md: add a line '## [Unreleased]' above the last release.");

    [Fact]
    public void Scripts_can_be_run() => Findings.AssertNone(
        from path in new[] { "test.sh", ".ci/run" }
        where !OperatingSystem.IsWindows() && !File.GetUnixFileMode(Repository.Named(path).FullPath).HasFlag(UnixFileMode.UserExecute)
        select new Finding(path, "is not executable. Run chmod +x and commit the mode."));

    private static IEnumerable<(RepositoryFile File, int Number, string Text)> AllLines() =>
        from file in Repository.TextFiles
        from line in file.NumberedLines()
        select (file, line.Number, line.Text);

    private static bool IsUtf8(byte[] bytes)
    {
        try
        {
            new UTF8Encoding(false, throwOnInvalidBytes: true).GetCharCount(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"(?:^|[\s""'`(=:])/(?<root>[A-Za-z]+)/[\w.-]+")]
    private static partial Regex AbsolutePath();
}
