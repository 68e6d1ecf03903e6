using Ledger.Api.Problems;
using Ledger.Api.Wallets;
using Ledger.Grains.Journal;
using Ledger.Grains.Settlements;
using Ledger.Settlements;
using Ledger.Transactions;
using NodaTime;

namespace Ledger.Api.Settlement;

/// <summary>Statements as they are answered: closed ones, and the days that are still open.</summary>
internal sealed class Statements(SettlementBook book, IMovements movements, IJournal journal)
{
    /// <summary>A closed statement with what was written beside it.</summary>
    public async Task<StatementView> View(CommunityId community, MerchantId merchant, Statement statement, CancellationToken cancellation)
    {
        var notes = new Dictionary<long, string>();
        foreach (var step in statement.Steps.Where(step => step.Happened is StatementDisputed or StatementConfirmed or StatementCleared))
        {
            if (await journal.ReadNote(StreamId.OfSettlement(community, merchant), step.Sequence, cancellation) is { } note)
            {
                notes.Add(step.Sequence, note.Text);
            }
        }

        return StatementView.Of(merchant, statement, notes);
    }

    /// <summary>The statement of a day; where it is not closed yet, as it would be closed now.</summary>
    /// <exception cref="RequestRefusedException">It was closed with other days, and nothing had moved in it.</exception>
    public async Task<StatementView> Read(CommunityId community, MerchantId merchant, LocalDate day, CancellationToken cancellation)
    {
        // In this order: a day that is closed in between has a statement by then.
        var standing = await book.StandingOf(community, merchant, cancellation);
        if (await book.Find(community, merchant, day, cancellation) is { } statement)
        {
            return await View(community, merchant, statement, cancellation);
        }

        return standing?.Through >= day
            ? throw NotFound(merchant, day)
            : StatementView.Open(merchant, await SoFar(community, merchant, standing, day, cancellation), await book.EndOf(community, merchant, day));
    }

    public static RequestRefusedException NotFound(MerchantId merchant, LocalDate day) =>
        new(KnownProblems.StatementNotFound, $"Nothing moved at '{merchant}' on {LocalDates.Text(day)}, and later days are closed.");

    private async Task<StatementClosed> SoFar(
        CommunityId community, MerchantId merchant, Standing? standing, LocalDate day, CancellationToken cancellation)
    {
        var sums = (await movements.Sum(community, [new(merchant, standing?.Through)], day, cancellation)).ToLookup(sum => sum.Day == day);
        var earlier = new Standing(day, (standing?.Owed ?? Owed.Nothing) + sums[false].Captured() - sums[false].Refunded());
        return sums[true].ToList().Close(earlier, day, signals: null);
    }
}
