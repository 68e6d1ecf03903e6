using System.Globalization;
using Ledger.Grains.Journal;
using Ledger.Grains.Wallets;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Grains.Exporting;

/// <summary>One resident with sums over the wallet's life. Unit: points.</summary>
/// <param name="Resident">Who.</param>
/// <param name="Balance">available + pending + held − debt.</param>
/// <param name="Debt">What the resident owes; zero or more.</param>
/// <param name="Lifetime">The sums.</param>
public readonly record struct ResidentTotals(ResidentId Resident, Points Balance, Points Debt, LifetimeTotals Lifetime);

/// <summary>Every resident's sums, from the journal alone: each wallet is replayed, one at a time.</summary>
/// <param name="journal">The journal.</param>
public sealed class ResidentsExport(IJournal journal)
{
    private const string Header = "resident,balance,earned,spent,expired,rejected,capped,clawed_back,restored,shortfall,debt";
    private const string AdjustedColumn = ",adjusted";

    /// <summary>Every resident with at least one transaction, by code point.</summary>
    /// <param name="community">The community.</param>
    /// <param name="dueUntil">What fell due by then is applied, without writing; null for the committed state.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    /// <exception cref="InvalidOperationException">A transaction does not follow the one before it: the journal is damaged.</exception>
    public async Task<IReadOnlyList<ResidentTotals>> Read(
        CommunityId community, Instant? dueUntil, CancellationToken cancellation = default)
    {
        var totals = new List<ResidentTotals>();
        var resident = null as ResidentId?;
        var wallet = WalletState.Empty;
        var stream = default(StreamId);
        await foreach (var row in journal.ReadAll(community, cancellation))
        {
            if (row.Stream != stream)
            {
                Add(totals, resident, wallet, dueUntil);
                (stream, resident, wallet) = (row.Stream, row.Stream.Resident, WalletState.Empty);
            }

            if (resident is not null)
            {
                wallet = Wallet.Evolve(wallet, row.ToTransaction());
            }
        }

        Add(totals, resident, wallet, dueUntil);
        return totals;
    }

    /// <summary>Writes residents as CSV with LF. A column <c>adjusted</c> follows the others only where somebody was adjusted.</summary>
    public static async Task WriteCsv(IReadOnlyList<ResidentTotals> residents, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(residents);
        ArgumentNullException.ThrowIfNull(writer);
        var adjusted = residents.Any(resident => !resident.Lifetime.Adjusted.IsZero);
        await writer.WriteAsync($"{Header}{(adjusted ? AdjustedColumn : "")}\n");
        foreach (var (resident, balance, debt, sums) in residents)
        {
            await writer.WriteAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{resident},{balance},{sums.Earned},{sums.Spent},{sums.Expired},{sums.Rejected},{sums.Capped},{sums.ClawedBack},{sums.Restored},{sums.Shortfall},{debt}"));
            await writer.WriteAsync(adjusted ? $",{sums.Adjusted}\n" : "\n");
        }
    }

    private static void Add(List<ResidentTotals> totals, ResidentId? resident, WalletState wallet, Instant? dueUntil)
    {
        if (resident is { } id)
        {
            var after = dueUntil is { } until ? Due.Apply(wallet, until).After : wallet;
            totals.Add(new(id, after.Balances.Net, after.Debt, after.Lifetime));
        }
    }
}
