using System.CommandLine;
using System.CommandLine.Parsing;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Api.CommandLine;

/// <summary>Options that several commands have.</summary>
internal static class CommandOptions
{
    private const int YearMin = 1900;
    private const int YearMax = 9000;

    public static Option<CommunityId> Community() => new("--community")
    {
        Description = "The community whose books these are.",
        HelpName = "ID",
        DefaultValueFactory = _ => new CommunityId("default"),
        CustomParser = result => CommunityId.TryParse(Text(result), out var id)
            ? id
            : Refuse<CommunityId>(result, $"'{Text(result)}' is no community: it must be {Identifier.Rule}."),
    };

    public static StoreOptions Store() => new();

    public static Option<bool> Json() => new("--json") { Description = "Answer in JSON, for programs." };

    public static Option<LocalDate?> AsOf(string description, bool required = false) => Date("--as-of", description, required);

    public static Option<LocalDate?> Date(string name, string description, bool required = false) => new(name)
    {
        Description = description,
        HelpName = "DATE",
        Required = required,
        CustomParser = result => LocalDatePattern.Iso.Parse(Text(result)) is { Success: true, Value: { Year: >= YearMin and <= YearMax } date }
            ? date
            : Refuse<LocalDate?>(result, $"'{Text(result)}' is no date: write it like 2026-03-31, in the years {YearMin} to {YearMax}."),
    };

    private static string Text(ArgumentResult result) => result.Tokens is [var only] ? only.Value : "";

    private static T? Refuse<T>(ArgumentResult result, string message)
    {
        result.AddError(message);
        return default;
    }
}
