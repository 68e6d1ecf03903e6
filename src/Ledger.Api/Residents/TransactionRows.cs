using Ledger.Grains.Journal;
using Ledger.Transactions;

namespace Ledger.Api.Residents;

internal static class TransactionRows
{
    /// <summary>One transaction of a resident.</summary>
    /// <exception cref="Problems.RequestRefusedException">There is none of this number.</exception>
    public static async Task<JournalRow> ReadOne(
        this IJournal journal, CommunityId community, ResidentId resident, long sequence, CancellationToken cancellation)
    {
        var rows = await journal.ReadBackwards(StreamId.Of(community, resident), sequence + 1, 1, cancellation);
        return rows is [var row] && row.Sequence == sequence ? row : throw ResidentPath.NoTransaction();
    }
}
