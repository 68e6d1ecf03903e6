using System.Threading.Channels;
using Ledger.Grains.Journal;
using Ledger.Grains.Wallets;
using Ledger.Programmes;
using Ledger.Replays;
using Ledger.Transactions;
using NodaTime;

namespace Ledger.Grains.Replays;

/// <summary>Decides a community's past again, by another programme, and tells the difference. Reads only.</summary>
/// <remarks>Wallets are independent, so they are replayed side by side while the journal is read. Memory: a few wallets at a time.</remarks>
/// <param name="journal">The journal; on a store that is open for reading only, everything is read from one moment.</param>
public sealed class JournalReplay(IJournal journal)
{
    private const int RowsPerReport = 10_000;
    private const int RowsPerParcel = 2_000;

    /// <summary>Replays a period.</summary>
    /// <param name="community">Whose past.</param>
    /// <param name="programmes">The programme to try (<see cref="PublishedProgrammes.Trying"/>), beside those that are pinned in the past.</param>
    /// <param name="from">The first instant of the period; before it, everything is as it was.</param>
    /// <param name="until">The first instant after it.</param>
    /// <param name="workers">Processors that it may use.</param>
    /// <param name="progress">Is told the number of transactions read, now and then; null for nobody.</param>
    /// <param name="each">Is told what came of each resident, by several threads at once; null for nobody.</param>
    /// <param name="knownUntil">Until when it is known what became of awards of the period; null: its end. See <see cref="WalletReplay"/>.</param>
    /// <param name="pays">Is the difference to be paid? See <see cref="WalletReplay"/>.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    /// <exception cref="InvalidOperationException">A transaction does not follow the one before it: the journal is damaged.</exception>
    public async Task<ReplayReport> Replay(
        CommunityId community,
        PublishedProgrammes programmes,
        Instant from,
        Instant until,
        int workers,
        IProgress<long>? progress = null,
        Action<ResidentId, ReplayedWallet>? each = null,
        Instant? knownUntil = null,
        bool pays = false,
        CancellationToken cancellation = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var parcels = Channel.CreateBounded<List<JournalRow>>(new BoundedChannelOptions(2 * workers) { SingleWriter = true });
        var replaying = Enumerable.Range(0, workers)
            .Select(_ => Task.Run(() => Work(parcels.Reader, stream => new(stream, programmes, from, until, knownUntil, pays), each, stop), CancellationToken.None)).ToArray();
        try
        {
            await Read(community, parcels.Writer, progress, stop.Token);
            parcels.Writer.Complete();
        }
        catch
        {
            // A worker that failed has stopped the reading, and tells why.
            parcels.Writer.TryComplete();
            await Task.WhenAll(replaying);
            throw;
        }

        var report = new ReplayReport();
        foreach (var part in await Task.WhenAll(replaying))
        {
            report.Add(part);
        }

        return report;
    }

    // Whole wallets only, many small ones in one parcel.
    private async Task Read(CommunityId community, ChannelWriter<List<JournalRow>> parcels, IProgress<long>? progress, CancellationToken cancellation)
    {
        var parcel = new List<JournalRow>();
        var rows = 0L;
        await foreach (var row in journal.ReadAll(community, cancellation))
        {
            if (parcel.Count >= RowsPerParcel && parcel[^1].Stream != row.Stream)
            {
                await parcels.WriteAsync(parcel, cancellation);
                parcel = [];
            }

            parcel.Add(row);
            if (++rows % RowsPerReport == 0)
            {
                progress?.Report(rows);
            }
        }

        await parcels.WriteAsync(parcel, cancellation);
        progress?.Report(rows);
    }

    private static async Task<ReplayReport> Work(
        ChannelReader<List<JournalRow>> parcels, Func<StreamId, WalletReplay> begin, Action<ResidentId, ReplayedWallet>? each, CancellationTokenSource stop)
    {
        try
        {
            var report = new ReplayReport();
            await foreach (var parcel in parcels.ReadAllAsync(stop.Token))
            {
                Replay(parcel, begin, each, report);
            }

            return report;
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
    }

    private static void Replay(List<JournalRow> rows, Func<StreamId, WalletReplay> begin, Action<ResidentId, ReplayedWallet>? each, ReplayReport report)
    {
        var start = 0;
        while (start < rows.Count)
        {
            var stream = rows[start].Stream;
            var end = start;
            var replay = stream.Resident is null ? null : begin(stream);
            for (; end < rows.Count && rows[end].Stream == stream; end++)
            {
                replay?.Add(rows[end].ToTransaction());
            }

            if (replay is { HasPast: true })
            {
                var result = replay.Result();
                report.Add(stream.Resident!.Value, result, end - start);
                each?.Invoke(stream.Resident!.Value, result);
            }

            start = end;
        }
    }
}
