using Ledger.Grains.Journal;
using Ledger.Grains.Wallets;
using Ledger.Programmes;
using NodaTime;

namespace Ledger.Grains.Closing;

/// <summary>Records everything that was due by the end of a local date, in every wallet of a community.</summary>
/// <param name="journal">Says which wallets have something due.</param>
/// <param name="applyDue">Applies what is due in one wallet by an instant; see <see cref="IWalletGrain.ApplyDue"/>.</param>
public sealed class DateClosing(IJournal journal, Func<ResidentId, Instant, Task<CommandResult>> applyDue)
{
    private const int WalletsAtOnce = 64;
    private const int AttemptsMax = 10;

    /// <summary>The first instant after a local date: what is last usable on the date is no longer usable then.</summary>
    /// <param name="programmes">The programme in force at <paramref name="now"/> has the zone.</param>
    /// <param name="date">The date.</param>
    /// <param name="now">The clock.</param>
    public static Instant EndOf(PublishedProgrammes programmes, LocalDate date, Instant now)
    {
        ArgumentNullException.ThrowIfNull(programmes);
        return programmes.ZoneAt(now).AtStartOfDay(date.PlusDays(1)).ToInstant();
    }

    /// <summary>Applies what is due by an instant that has passed. Doing it again changes nothing.</summary>
    /// <param name="community">Whose wallets.</param>
    /// <param name="until">What is due at this instant is applied too.</param>
    /// <param name="done">Is told the number of wallets done so far and of all; null for nobody.</param>
    /// <param name="cancellation">Stops; the wallets that are done stay done.</param>
    /// <returns>How many wallets had something due.</returns>
    /// <exception cref="JournalException">The store did not answer, however often it was asked.</exception>
    public async Task<int> Close(
        CommunityId community, Instant until, Action<int, int>? done = null, CancellationToken cancellation = default)
    {
        var streams = (await journal.ReadDue(until, int.MaxValue, cancellation: cancellation)).Select(due => due.Stream);
        var residents = streams.Where(stream => stream.Community == community).Select(stream => stream.Resident).OfType<ResidentId>().ToList();
        var closed = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = WalletsAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(residents, parallel, async (resident, _) =>
        {
            await Apply(resident, until);
            done?.Invoke(Interlocked.Increment(ref closed), residents.Count);
        });
        return residents.Count;
    }

    private async Task Apply(ResidentId resident, Instant until)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await applyDue(resident, until);
                return;
            }
            catch (Exception failure) when (
                failure is JournalUnavailableException or JournalOutcomeUnknownException or JournalFencedException && attempt < AttemptsMax)
            {
                // The next activation reads the journal anew and applies what is still due.
            }
        }
    }
}
