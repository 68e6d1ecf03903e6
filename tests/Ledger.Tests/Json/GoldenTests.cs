using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Ledger.Households;
using Ledger.Json;
using Ledger.Settlements;
using Ledger.Stocks;
using Ledger.Wallets;

namespace Ledger.Tests.Json;

/// <summary>
/// The stored JSON, frozen. What these files say was written by some earlier version and must be read for ever: a difference is a mistake
/// in the code, not in the file. A new case gets a new file, by running the tests with LEDGER_GOLDEN=write; existing files stay.
/// </summary>
public sealed class GoldenTests
{
    private static readonly string Folder = Path.Combine(Roots.Project, "tests", "Ledger.Tests", "Golden");

    public static TheoryData<string> Names() => [.. Samples.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_stored_JSON_is_what_it_always_was(string name)
    {
        var written = Write(Samples.All[name]);

        Assert.Equal(Golden($"{name}.json", written), written);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_stored_JSON_is_read_without_loss(string name)
    {
        var sample = Samples.All[name];
        var read = JsonSerializer.Deserialize(Golden($"{name}.json", Write(sample)), TypeOf(sample));

        Assert.Equal(Write(sample), Write(read!));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_command_has_the_fingerprint_it_always_had(string name)
    {
        if (Samples.All[name] is WalletCommand command)
        {
            var envelope = Samples.Envelope with { Command = command };
            var fingerprint = Convert.ToHexStringLower(envelope.Fingerprint().Span);

            Assert.Equal(Golden($"{name}.sha256", fingerprint), fingerprint);
        }
    }

    [Fact]
    public void A_key_has_the_hash_it_always_had()
    {
        var hashes = string.Join('\n', Samples.Keys.Select(key => $"{key.HashIn(Samples.Envelope.Community)} {key}"));

        Assert.Equal(Golden("command-keys.txt", hashes), hashes);
    }

    [Fact]
    public void The_digest_of_a_note_is_what_it_always_was()
    {
        var digest = new Note("为邻居修灯", Samples.Salt).Digest();

        Assert.Equal(Golden("note.sha256", digest), digest);
    }

    [Theory]
    [InlineData(typeof(WalletEvent))]
    [InlineData(typeof(WalletCommand))]
    [InlineData(typeof(Refusal))]
    [InlineData(typeof(SettlementEvent))]
    [InlineData(typeof(SettlementCommand))]
    [InlineData(typeof(StockEvent))]
    [InlineData(typeof(StockCommand))]
    [InlineData(typeof(HouseholdEvent))]
    [InlineData(typeof(HouseholdCommand))]
    [InlineData(typeof(HouseholdRefusal))]
    public void Every_case_has_a_golden_file(Type closedSet)
    {
        var cases = closedSet.GetCustomAttributes<JsonDerivedTypeAttribute>().ToList();

        Assert.All(cases, c => Assert.Contains(Samples.All.Values, sample => sample.GetType() == c.DerivedType));
        Assert.All(cases, c => Assert.Contains(
            Samples.All, sample => sample.Value.GetType() == c.DerivedType && sample.Key.Contains((string)c.TypeDiscriminator!, StringComparison.Ordinal)));
        Assert.Equal(
            closedSet.Assembly.GetTypes().Where(type => type.IsSubclassOf(closedSet)).Count(), cases.Select(c => c.DerivedType).Distinct().Count());
        Assert.Equal(cases.Count, cases.Select(c => c.TypeDiscriminator).Distinct().Count());
    }

    [Fact]
    public void No_golden_file_is_left_without_its_case()
    {
        var files = Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)!);

        Assert.Empty(files.Except(Samples.All.Keys));
    }

    [Theory]
    [InlineData("""[{"event":"points_earned.v2"}]""")]
    [InlineData("""[{"event":"points_doubled.v1"}]""")]
    [InlineData("""[{"points":5}]""")]
    [InlineData("""[{"event":"points_spent.v1","merchant":5}]""")]
    [InlineData("""{"event":"points_spent.v1"}""")]
    [InlineData("not JSON")]
    public void Events_that_this_version_does_not_know_are_refused_and_not_skipped(string json) =>
        Assert.ThrowsAny<Exception>(() => LedgerJson.EventsOf(Encoding.UTF8.GetBytes(json)));

    private static string Golden(string file, string written)
    {
        var path = Path.Combine(Folder, file);
        if (!File.Exists(path) && Environment.GetEnvironmentVariable("LEDGER_GOLDEN") == "write")
        {
            File.WriteAllText(path, written + "\n");
        }

        Assert.True(File.Exists(path), $"{file} is missing: run the tests once with LEDGER_GOLDEN=write and read what it wrote.");
        return File.ReadAllText(path).TrimEnd('\n');
    }

    private static string Write(object sample) => sample is ImmutableArray<WalletEvent> events
        ? Encoding.UTF8.GetString(LedgerJson.BytesOf(events))
        : JsonSerializer.Serialize(sample, TypeOf(sample));

    // Cases are stored under their base type, with their discriminator.
    private static JsonTypeInfo TypeOf(object sample) => sample switch
    {
        WalletEvent => LedgerJson.Default.WalletEvent,
        WalletCommand => LedgerJson.Default.WalletCommand,
        Refusal => LedgerJson.Default.Refusal,
        SettlementEvent => LedgerJson.Default.SettlementEvent,
        SettlementCommand => LedgerJson.Default.SettlementCommand,
        StockEvent => LedgerJson.Default.StockEvent,
        StockCommand => LedgerJson.Default.StockCommand,
        HouseholdEvent => LedgerJson.Default.HouseholdEvent,
        HouseholdCommand => LedgerJson.Default.HouseholdCommand,
        HouseholdRefusal => LedgerJson.Default.HouseholdRefusal,
        _ => LedgerJson.Default.GetTypeInfo(sample.GetType())!,
    };
}
