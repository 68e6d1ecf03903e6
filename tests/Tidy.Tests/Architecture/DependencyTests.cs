using ArchUnitNET.Domain;
using ArchUnitNET.Fluent;
using ArchUnitNET.Loader;
using static ArchUnitNET.Fluent.ArchRuleDefinition;
using Assembly = System.Reflection.Assembly;

namespace Tidy.Tests.Architecture;

/// <summary><c>Ledger.Api → Ledger.Grains → Ledger → NodaTime</c>; nothing points the other way.</summary>
public class DependencyTests
{
    private static readonly ArchUnitNET.Domain.Architecture Architecture =
        new ArchLoader().LoadAssemblies([.. LedgerAssemblies.All]).Build();

    [Fact]
    public void The_domain_uses_the_runtime_and_NodaTime_only() => Findings.AssertNone(
        from name in References(LedgerAssemblies.Domain)
        where name != "NodaTime" && !IsRuntime(name)
        select new Finding("src/Ledger", $"references {name}. The domain may use NodaTime only: move what needs it to src/Ledger.Grains."));

    [Fact]
    public void The_grains_do_not_know_the_API() => Findings.AssertNone(
        from name in References(LedgerAssemblies.Grains)
        where name == "Ledger.Api"
        select new Finding("src/Ledger.Grains", "references Ledger.Api. Turn the dependency round: the API calls grains."));

    [Fact]
    public void Only_the_stores_know_a_database_provider() => Check(
        Types().That().DoNotResideInNamespaceMatching(@"^Ledger\.Grains\.(Stores|Hosting|.*Sqlite|.*Postgres)")
            .Should().NotDependOnAnyTypesThat().ResideInNamespaceMatching(@"^(Microsoft\.Data\.Sqlite|Npgsql|DbUp)")
            .Because("no provider type or exception may cross a grain boundary; put the code into a Sqlite or Postgres folder of src/Ledger.Grains"));

    [Fact]
    public void The_grains_do_not_know_HTTP() => Check(
        Types().That().ResideInAssembly(LedgerAssemblies.Grains)
            .Should().NotDependOnAnyTypesThat().ResideInNamespaceMatching(@"^Microsoft\.AspNetCore")
            .Because("HTTP belongs to src/Ledger.Api"));

    // Two grains that are not reentrant and call each other wait for ever: steps across wallets are driven from outside.
    [Fact]
    public void A_wallet_grain_calls_no_other_grain() => Check(
        Classes().That().ResideInNamespaceMatching(@"^Ledger\.Grains\.Wallets").And().HaveNameEndingWith("Grain")
            .Should().NotDependOnAnyTypesThat().HaveFullName("Orleans.IGrainFactory")
            .Because("no grain that handles a command calls another one; drive the step from outside with a derived command id")
            .WithoutRequiringPositiveResults());

    private static void Check(IArchRule rule) => Findings.AssertNone(
        from result in rule.Evaluate(Architecture)
        where !result.Passed
        select new Finding(result.EvaluatedObject is ICanBeAnalyzed type ? type.FullName : "src", result.Description));

    private static IEnumerable<string> References(Assembly assembly) => assembly.GetReferencedAssemblies().Select(name => name.Name!);

    private static bool IsRuntime(string name) => name is "netstandard" or "mscorlib" || name.StartsWith("System.", StringComparison.Ordinal);
}
