using System.Collections.Immutable;
using Ledger.Grains.Journal;
using Ledger.Grains.Wallets;
using Ledger.Wallets;

namespace Ledger.Grains.Importing;

/// <summary>Sends commands of one wallet in order; see <see cref="IWalletGrain.SendMany"/>.</summary>
public delegate Task<ImmutableArray<CommandResult>> SendCommands(ResidentId resident, ImmutableArray<CommandEnvelope> commands);

/// <summary>How much an import does at once.</summary>
public sealed record ImportOptions
{
    /// <summary>Residents that are imported at the same time. Default: 32.</summary>
    public int ResidentsAtOnce { get; init; } = 32;

    /// <summary>Commands of one resident in one append. Default: 250, so that all residents together never fill the journal's queue.</summary>
    public int CommandsPerSend { get; init; } = 250;

    /// <summary>How often the same commands are sent while the store is busy or does not answer. Default: 40, some half a minute.</summary>
    public int AttemptsMax { get; init; } = 40;
}

/// <summary>Moves a community's history in: residents side by side, each in the order of time.</summary>
/// <remarks>
/// It may be stopped at any moment, also by force, and run again: what the journal holds is not sent a second time, and each resident's rows
/// are committed in order, so the rest follows as if nothing had happened.
/// </remarks>
/// <param name="journal">Is asked what it knows already.</param>
/// <param name="send">Sends commands to a wallet.</param>
/// <param name="time">Waits between attempts.</param>
/// <param name="options">How much at once; null for the defaults.</param>
public sealed class Importer(IJournal journal, SendCommands send, TimeProvider time, ImportOptions? options = null)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly ImportOptions _options = options ?? new();

    /// <summary>Imports a file.</summary>
    /// <param name="community">Whose history it is. It has its programme already.</param>
    /// <param name="file">The rows.</param>
    /// <param name="tally">Counts while the import runs.</param>
    /// <param name="cancellation">Stops between two sends; nothing is half done.</param>
    /// <exception cref="JournalException">The store did not take commands in however often they were sent.</exception>
    public async Task<ImportReport> Import(
        CommunityId community, ImportFile file, ImportTally tally, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(tally);
        var commands = new ImportCommands(journal, community, file);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _options.ResidentsAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(file.Residents, parallel, async (rows, stopped) => await Import(commands, rows, tally, stopped));
        return tally.ToReport(file);
    }

    private async Task Import(ImportCommands commands, IReadOnlyList<ImportRow> rows, ImportTally tally, CancellationToken cancellation)
    {
        var unsent = await commands.Unsent(rows, cancellation);
        tally.AddKnown(rows.Count - unsent.Length);
        for (var sent = 0; sent < unsent.Length; sent += _options.CommandsPerSend)
        {
            cancellation.ThrowIfCancellationRequested();
            await Send(unsent.Slice(sent, Math.Min(_options.CommandsPerSend, unsent.Length - sent)), tally, cancellation);
        }
    }

    private async Task Send(ImmutableArray<CommandEnvelope> commands, ImportTally tally, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var results = await send(commands[0].Resident, commands);
                for (var i = 0; i < commands.Length; i++)
                {
                    tally.Add(commands[i], results[i], sentBefore: attempt > 1);
                }

                return;
            }
            catch (Exception failure) when (IsPassing(failure) && attempt < _options.AttemptsMax)
            {
                // Sending the same commands again is always safe; the journal knows what it has.
                await Task.Delay(WaitAfter(attempt), time, cancellation);
            }
        }
    }

    private static bool IsPassing(Exception failure) => failure is
        JournalBusyException or JournalUnavailableException or JournalOutcomeUnknownException or JournalFencedException or TimeoutException
            or OrleansMessageRejectionException or SiloUnavailableException or LimitExceededException;

    private static TimeSpan WaitAfter(int attempt) =>
        TimeSpan.FromMilliseconds(Math.Min(10 * Math.Pow(2, Math.Min(attempt, 10)), LongestWait.TotalMilliseconds));
}
