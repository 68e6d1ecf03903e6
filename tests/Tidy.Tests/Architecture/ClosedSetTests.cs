using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Ledger;
using Ledger.Accounts;
using Ledger.Programmes;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Tidy.Tests.Architecture;

/// <summary>The compiler cannot yet prove that a switch handles every case of a closed set, so this does.</summary>
public class ClosedSetTests
{
    [Fact]
    public void Every_abstract_record_is_closed() => Findings.AssertNone(
        from set in ClosedSet.All
        where !set.IsClosed
        select new Finding(set.Root.FullName!, "can be derived from outside. Give it a private protected constructor."));

    [Fact]
    public void Every_case_is_sealed() => Findings.AssertNone(
        from set in ClosedSet.All
        from @case in set.Cases
        where !@case.IsSealed && !@case.IsAbstract
        select new Finding(@case.FullName!, $"is a case of {set.Root.Name}. Make it sealed."));

    [Fact]
    public void Every_case_has_a_stored_name_where_the_set_is_stored() => Findings.AssertNone(
        from set in ClosedSet.All
        let named = set.Root.GetCustomAttributes<JsonDerivedTypeAttribute>().Select(attribute => attribute.DerivedType).ToHashSet()
        where named.Count > 0
        from @case in set.Cases
        where !@case.IsAbstract && !named.Contains(@case)
        select new Finding(@case.FullName!, $"has no [JsonDerivedType] on {set.Root.Name}. Give it a name that never changes."));

    [Fact]
    public void Stored_names_are_unique() => Findings.AssertNone(
        from set in ClosedSet.All
        from names in set.Root.GetCustomAttributes<JsonDerivedTypeAttribute>().GroupBy(attribute => attribute.TypeDiscriminator)
        where names.Count() > 1
        select new Finding(set.Root.FullName!, $"gives the name {names.Key} to more than one case."));

    [Fact]
    public void The_sets_that_matter_are_seen()
    {
        Type[] expected = [typeof(WalletCommand), typeof(WalletEvent), typeof(Decision), typeof(Refusal), typeof(Thawed)];
        Assert.Empty(expected.Except(ClosedSet.All.Where(set => set.Cases.Count > 1).Select(set => set.Root)));
    }

    [Fact]
    public void Every_event_evolves_a_wallet() => Findings.AssertNone(
        from happened in Cases<WalletEvent>()
        where IsUnreachable(() => Wallet.Evolve(WalletState.Empty, happened))
        select new Finding("src/Ledger/Wallets/Wallet.cs", $"Evolve has no case for {happened.GetType().Name}. Add its line."));

    [Fact]
    public void Every_event_has_postings_or_says_that_it_has_none() => Findings.AssertNone(
        from happened in Cases<WalletEvent>()
        where IsUnreachable(() => Postings.Of(happened))
        select new Finding("src/Ledger/Accounts/Postings.cs", $"Of has no case for {happened.GetType().Name}. Add its line."));

    [Fact]
    public void Every_command_is_decided() => Findings.AssertNone(
        from command in Cases<WalletCommand>()
        where IsUnreachable(() => Wallet.Decide(PublishedProgrammes.None, WalletState.Empty, Envelope(command), Thawed.Nothing.Instance))
        select new Finding("src/Ledger/Wallets/Wallet.cs", $"Decide has no case for {command.GetType().Name}. Add its line."));

    // An instance without values: which line of a switch it takes depends on its type alone.
    private static IEnumerable<T> Cases<T>() => ClosedSet.All.Single(set => set.Root == typeof(T)).Cases
        .Where(@case => !@case.IsAbstract)
        .Select(@case => (T)RuntimeHelpers.GetUninitializedObject(@case));

    private static CommandEnvelope Envelope(WalletCommand command) => new()
    {
        Community = CommunityId.Parse("tidy"),
        Resident = ResidentId.Parse("r-1"),
        Key = CommandKey.Client("tidy", "1"),
        Command = command,
        At = Instant.FromUtc(2026, 1, 1, 0, 0),
    };

    private static bool IsUnreachable(Action act)
    {
        var thrown = Record.Exception(act);
        return thrown is UnreachableException;
    }

    private static bool IsUnreachable(Func<object> act) => IsUnreachable(() => { act(); });
}
