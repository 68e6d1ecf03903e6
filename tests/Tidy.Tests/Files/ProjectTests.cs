using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Tidy.Tests.Files;

/// <summary>Packages are pinned once, each with its reason, and each is used; every project is in the solution.</summary>
public partial class ProjectTests
{
    private static readonly RepositoryFile Versions = Repository.Named("Directory.Packages.props");

    [Fact]
    public void Every_package_has_a_reason() => Findings.AssertNone(
        from package in Packages()
        where !package.NodesBeforeSelf().OfType<XComment>().Any()
        select Finding.At(Versions, $"gives no reason for {NameOf(package)}. Write a comment above it, or above its group."));

    [Fact]
    public void Every_package_is_pinned_exactly() => Findings.AssertNone(
        from package in Packages()
        where !ExactVersion().IsMatch((string?)package.Attribute("Version") ?? string.Empty)
        select Finding.At(Versions, $"does not pin {NameOf(package)}. Write one exact version."));

    [Fact]
    public void Every_package_is_used()
    {
        var used = Projects().SelectMany(project => XDocument.Load(project.FullPath).Descendants("PackageReference")).Select(NameOf).ToHashSet();
        Findings.AssertNone(
            from package in Packages()
            where !used.Contains(NameOf(package))
            select Finding.At(Versions, $"pins {NameOf(package)}, which no project uses. Remove it."));
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var listed = XDocument.Load(Repository.Named("Ledger.slnx").FullPath).Descendants("Project").Select(project => (string)project.Attribute("Path")!).ToHashSet();
        Findings.AssertNone(
            from project in Projects()
            where project.Extension == ".csproj" && !listed.Contains(project.Path)
            select Finding.At(project, "is not in Ledger.slnx, so nobody builds or tests it. Add it."));
    }

    [Fact]
    public void Overflow_is_checked_everywhere()
    {
        Assert.Contains("<CheckForOverflowUnderflow>true<", Repository.Named("Directory.Build.props").Text(), StringComparison.Ordinal);
        Findings.AssertNone(
            from project in Projects()
            where project.Extension == ".csproj" && project.Text().Contains("CheckForOverflowUnderflow", StringComparison.Ordinal)
            select Finding.At(project, "sets CheckForOverflowUnderflow. Remove it: the whole repository is checked."));
    }

    [Fact]
    public void The_domain_project_references_NodaTime_and_nothing_else()
    {
        var domain = Repository.Named("src/Ledger/Ledger.csproj");
        Findings.AssertNone(
            from reference in XDocument.Load(domain.FullPath).Descendants()
            where reference.Name.LocalName is "PackageReference" or "ProjectReference" or "FrameworkReference"
            where (string?)reference.Attribute("PrivateAssets") != "all" && NameOf(reference) != "NodaTime"
            select Finding.At(domain, $"references {NameOf(reference)}. The domain may use NodaTime only."));
    }

    [Theory]
    [InlineData("src/Ledger/Ledger.csproj", "")]
    [InlineData("src/Ledger.Grains/Ledger.Grains.csproj", "Ledger")]
    [InlineData("src/Ledger.Api/Ledger.Api.csproj", "Ledger.Grains")]
    public void Each_project_references_the_one_below_it(string project, string below)
    {
        var references = XDocument.Load(Repository.Named(project).FullPath).Descendants("ProjectReference").Select(NameOf);
        Assert.Equal(below, string.Join(" ", references.Select(Path.GetFileNameWithoutExtension)));
    }

    private static IEnumerable<XElement> Packages() => XDocument.Load(Versions.FullPath).Descendants("PackageVersion");

    private static IEnumerable<RepositoryFile> Projects() => Repository.Files.Where(file => file.Extension is ".csproj" or ".props" or ".targets");

    private static string NameOf(XElement element) => (string)element.Attribute("Include")!;

    [GeneratedRegex(@"^\d+\.\d+\.\d+(?:-[\w.]+)?$")]
    private static partial Regex ExactVersion();
}
