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

    public static TheoryData<string, string> Table => [.. Rows.Select(row => (row[0].Trim('`'), row[1]))];

    [Fact]
    public void Every_command_has_a_row_and_every_row_a_command() =>
        Assert.Equal(Names.Keys.Order(StringComparer.Ordinal), Rows.Select(row => row[0].Trim('`')).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Table))]
    public void A_frozen_wallet_takes_what_the_table_says(string command, string frozen)
    {
        var story = new Story();
        Story.Accepted(story.Do("freeze", new FreezeWallet()));

        var decision = story.Do("the command", Sample(command));

        Assert.Equal(frozen == "refused", decision is Decision.Refused { Refusal: Refusal.Frozen });
        Assert.Contains(frozen, new[] { "refused", "goes on" });
    }

    private static Dictionary<string, Type> Names => typeof(WalletCommand).GetCustomAttributes<JsonDerivedTypeAttribute>()
        .ToDictionary(attribute => ((string)attribute.TypeDiscriminator!).Split('.')[0], attribute => attribute.DerivedType);

    private static WalletCommand Sample(string name) => Samples.All.Values.OfType<WalletCommand>().First(command => command.GetType() == Names[name]);
}
