using System.Collections.Immutable;
using System.Text.Json;
using Ledger.Grains.Journal;
using Ledger.Json;
using Ledger.Transactions;
using Ledger.Wallets;

namespace Ledger.Grains.Wallets;

/// <summary>What a wallet has waiting for a decision as the list of approvals keeps it, and back.</summary>
public static class StoredApprovals
{
    /// <summary>The entry.</summary>
    public static UndecidedEntry ToEntry(this StoredApproval stored) => JsonSerializer.Deserialize(stored.Entry.Span, LedgerJson.Default.UndecidedEntry)!;

    /// <summary>The entry as it is stored.</summary>
    public static StoredApproval ToStored(this UndecidedEntry entry, StreamId stream) => new(
        new(entry.Since, stream.Name, entry.Of),
        entry.Award?.Activity.Value,
        JsonSerializer.SerializeToUtf8Bytes(entry, LedgerJson.Default.UndecidedEntry));

    /// <summary>What waits after a change and did not wait before, or not so.</summary>
    internal static ImmutableArray<StoredApproval> New(StreamId stream, WalletState before, WalletState after) =>
        after.Undecided == before.Undecided ? [] : [.. after.Undecided.Except(before.Undecided).Select(entry => entry.ToStored(stream))];

    /// <summary>The transactions of what waited before a change and waits no longer.</summary>
    internal static ImmutableArray<long> Gone(WalletState before, WalletState after) => after.Undecided == before.Undecided
        ? []
        : [.. before.Undecided.Select(entry => entry.Of).Except(after.Undecided.Select(entry => entry.Of))];
}
