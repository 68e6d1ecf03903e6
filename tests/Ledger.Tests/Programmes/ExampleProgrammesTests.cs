using Ledger.Programmes;

namespace Ledger.Tests.Programmes;

public sealed class ExampleProgrammesTests
{
    public static TheoryData<string> Examples =>
        [.. Directory.GetFiles(Path.Combine(Roots.Project, "docs", "examples"), "*.json").Select(Path.GetFileName).OfType<string>()];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_of_the_documentation_is_a_programme(string file) =>
        Assert.Empty(ProgrammeReader.Read(File.ReadAllText(Path.Combine(Roots.Project, "docs", "examples", file))).Problems);
}
