namespace Tidy.Tests.Pages;

/// <summary>The import, close, export and verify of the README, typed by a test.</summary>
public sealed class MovingInTests : IDisposable
{
    private static readonly TimeSpan PatienceMax = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ledger-readme-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_history_of_the_README_comes_out_as_it_says()
    {
        Assert.SkipUnless(PageScript.CanRun, "The README's import was NOT tried: it needs bash.");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(PatienceMax);

        var printed = await PageScript.Run(
            PageScript.Under("README.md", "Moving a history in") + "\n" + PageScript.Under("README.md", "Proving the books"), _folder, patience.Token);

        var expected = Repository.Named("README.md").Lines().SkipWhile(line => !line.StartsWith("resident,balance", StringComparison.Ordinal)).TakeWhile(line => !line.StartsWith("```", StringComparison.Ordinal));
        Assert.Equal(expected, printed.SkipWhile(line => !line.StartsWith("resident,balance", StringComparison.Ordinal)).Take(3));
        Assert.Equal("All of it holds.", printed[^1]);
    }
}
