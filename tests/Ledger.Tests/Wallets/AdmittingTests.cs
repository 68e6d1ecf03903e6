using System.Reflection;
using System.Text.Json.Serialization;
using Ledger.Tests.Json;
using Ledger.Wallets;

namespace Ledger.Tests.Wallets;

/// <summary>What a wallet takes as it stands: the table of docs/residents.md, row by row, and that it covers every command.</summary>
public sealed class AdmittingTests
{
    private static readonly string[][] Rows =
    [
        .. File.ReadLines(Path.Combine(Roots.Project, "docs", "residents.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1]),
    ];

    public static TheoryData<string, string, string> Table => [.. Rows.Select(row => (row[0].Trim('`'), row[1], row[2]))];

    [Fact]
    public void Every_command_has_a_row_and_every_row_a_command() =>
        Assert.Equal(Names.Keys.Order(StringComparer.Ordinal), Rows.Select(row => row[0].Trim('`')).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Table))]
    public void A_wallet_takes_what_the_table_says(string command, string frozen, string closed)
    {
        Assert.Equal(frozen == "refused", After(new FreezeWallet(), command) is Decision.Refused { Refusal: Refusal.Frozen });
        Assert.Equal(closed == "refused", After(new CloseWallet(null, false), command) is Decision.Refused { Refusal: Refusal.Closed });
        Assert.Equal(closed == "refused", After(new EraseResident(null, false), command) is Decision.Refused { Refusal: Refusal.Erased });
        Assert.All([frozen, closed], cell => Assert.Contains(cell, new[] { "refused", "goes on" }));
    }

    // What the command refers to is there, so that nothing but how the wallet stands is in its way.
    private static Decision After(WalletCommand first, string command)
    {
        var story = new Story();
        story.Earn("e", 10);
        Story.Accepted(story.Do("first", first));
        return story.Do("the command", Sample(command) is ReverseEarning ? new ReverseEarning(Story.Key("e"), null) : Sample(command));
    }

    private static Dictionary<string, Type> Names => typeof(WalletCommand).GetCustomAttributes<JsonDerivedTypeAttribute>()
        .ToDictionary(attribute => ((string)attribute.TypeDiscriminator!).Split('.')[0], attribute => attribute.DerivedType);

    private static WalletCommand Sample(string name) => Samples.All.Values.OfType<WalletCommand>().First(command => command.GetType() == Names[name]);
}
