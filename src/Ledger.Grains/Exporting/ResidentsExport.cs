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

    // Columns that follow the others where somebody has anything in them, so that older files stay as they are.
    private static readonly (string Name, Func<LifetimeTotals, Points> Of)[] s_further = [("adjusted", sums => sums.Adjusted), ("given", sums => sums.Given), ("sent", sums => sums.Sent), ("received", sums => sums.Received)];

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

    /// <summary>Writes residents as CSV with LF. Columns <c>adjusted</c>, <c>given</c> (to funds), <c>sent</c> and <c>received</c> (gifts) follow the others only where somebody has something there.</summary>
    public static async Task WriteCsv(IReadOnlyList<ResidentTotals> residents, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(residents);
        ArgumentNullException.ThrowIfNull(writer);
        var further = s_further.Where(column => residents.Any(resident => !column.Of(resident.Lifetime).IsZero)).ToList();
        await writer.WriteAsync($"{string.Join(',', further.Select(column => column.Name).Prepend(Header))}\n");
        foreach (var (resident, balance, debt, sums) in residents)
        {
            await writer.WriteAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{resident},{balance},{sums.Earned},{sums.Spent},{sums.Expired},{sums.Rejected},{sums.Capped},{sums.ClawedBack},{sums.Restored},{sums.Shortfall},{debt}"));
            await writer.WriteAsync($"{string.Concat(further.Select(column => $",{column.Of(sums)}"))}\n");
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
