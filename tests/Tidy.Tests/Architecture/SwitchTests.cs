using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Tidy.Tests.Architecture;

/// <summary>
/// A switch that ends with <c>throw new UnreachableException("… has no case.")</c> promises to handle every case of its closed set,
/// enumeration or family of exceptions. Read from the source, so that every such switch is found, also the one written tomorrow.
/// </summary>
public class SwitchTests
{
    private const string Promise = "has no case";

    [Fact]
    public void A_switch_that_promises_every_case_has_every_case() => Findings.AssertNone(
        from promising in PromisingSwitches
        let set = SetOf(promising.Cases)
        let missing = set?.Members.Except(promising.Cases).ToArray()
        where missing is not { Length: 0 }
        select new Finding(
            promising.Where,
            missing is null
                ? $"promises every case, but no closed set or enumeration has {string.Join(", ", promising.Cases)}."
                : $"does not handle {string.Join(", ", missing)} of {set!.Name}. Add its line."));

    [Fact]
    public void Promising_switches_are_found() => Assert.True(PromisingSwitches.Length >= 8);

    private static readonly PromisingSwitch[] PromisingSwitches = [.. FindPromising()];

    private sealed record PromisingSwitch(string Where, string[] Cases);

    private sealed record CaseSet(string Name, string[] Members);

    private static IEnumerable<PromisingSwitch> FindPromising() =>
        from file in Repository.Under("src", ".cs")
        let root = CSharpSyntaxTree.ParseText(file.Text()).GetRoot()
        from node in root.DescendantNodes()
        let names = node switch
        {
            SwitchExpressionSyntax @switch when @switch.Arms.Any(arm => IsPromise(arm.Expression)) =>
                @switch.Arms.Where(arm => arm.WhenClause is null).SelectMany(arm => NamesIn(arm.Pattern)),
            SwitchStatementSyntax @switch when @switch.Sections.Any(section => section.Statements.OfType<ThrowStatementSyntax>().Any(IsPromise)) =>
                @switch.Sections.SelectMany(section => section.Labels).SelectMany(NamesIn),
            _ => null,
        }
        where names is not null
        select new PromisingSwitch(
            $"{file.Path}:{node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}",
            [.. names.Distinct()]);

    private static bool IsPromise(CSharpSyntaxNode node) =>
        node is ThrowExpressionSyntax or ThrowStatementSyntax && node.ToString().Contains(Promise, StringComparison.Ordinal);

    private static IEnumerable<string> NamesIn(SwitchLabelSyntax label) => label switch
    {
        CasePatternSwitchLabelSyntax { WhenClause: null } @case => NamesIn(@case.Pattern),
        CaseSwitchLabelSyntax @case => [LastNameOf(@case.Value)],
        _ => [],
    };

    // `Decision.Refused refused` and `Rounding.Up` are known by their last name; a tuple or a property is looked into.
    private static IEnumerable<string> NamesIn(PatternSyntax pattern) => pattern switch
    {
        DeclarationPatternSyntax declaration => [LastNameOf(declaration.Type)],
        TypePatternSyntax type => [LastNameOf(type.Type)],
        ConstantPatternSyntax constant => [LastNameOf(constant.Expression)],
        RecursivePatternSyntax { Type: { } type } => [LastNameOf(type)],
        BinaryPatternSyntax { RawKind: (int)SyntaxKind.OrPattern } either => [.. NamesIn(either.Left), .. NamesIn(either.Right)],
        ParenthesizedPatternSyntax inner => NamesIn(inner.Pattern),
        _ => [],
    };

    private static string LastNameOf(ExpressionSyntax name) => name switch
    {
        QualifiedNameSyntax qualified => qualified.Right.Identifier.Text,
        MemberAccessExpressionSyntax member => member.Name.Identifier.Text,
        _ => name.ToString(),
    };

    private static CaseSet? SetOf(string[] cases) =>
        Sets.Where(set => set.Members.Intersect(cases).Any()).OrderBy(set => set.Members.Except(cases).Count() + cases.Except(set.Members).Count()).FirstOrDefault();

    private static readonly CaseSet[] Sets =
    [
        .. ClosedSet.All.Select(set => new CaseSet(set.Root.Name, [.. set.Cases.Where(@case => !@case.IsAbstract).Select(@case => @case.Name)])),
        .. LedgerAssemblies.All.SelectMany(assembly => assembly.WrittenTypes()).Where(type => type.IsEnum)
            .Select(type => new CaseSet(type.Name, Enum.GetNames(type))),
        .. LedgerAssemblies.All.SelectMany(assembly => assembly.WrittenTypes()).Where(type => type.IsAssignableTo(typeof(Exception)))
            .GroupBy(type => type.BaseType!).Select(family => new CaseSet(family.Key.Name, [.. family.Select(type => type.Name)])),
    ];
}
