using System.Collections.Immutable;
using System.Diagnostics;
using Ledger.Grains.Journal;
using Ledger.Grains.Wallets;
using Ledger.Transactions;
using Ledger.Wallets;

namespace Ledger.Grains.Importing;

/// <summary>Turns the rows of one resident into the commands that are still to be sent.</summary>
internal sealed class ImportCommands(IJournal journal, CommunityId community, ImportFile file)
{
    /// <summary>The commands of rows that the journal does not know, in order.</summary>
    public async Task<ImmutableArray<CommandEnvelope>> Unsent(IReadOnlyList<ImportRow> rows, CancellationToken cancellation)
    {
        var known = await journal.FindKnown(community, [.. Keys(rows)], cancellation);
        var commands = ImmutableArray.CreateBuilder<CommandEnvelope>(rows.Count);
        foreach (var row in rows)
        {
            var key = CommandKey.Import(row.Id);
            if (known.ContainsKey(key))
            {
                continue;
            }

            commands.Add(new()
            {
                Community = community,
                Resident = row.Resident,
                Key = key,
                Command = await CommandOf(row, known, cancellation),
                At = row.At,
                Historic = true,
            });
        }

        return commands.DrainToImmutable();
    }

    private static IEnumerable<CommandKey> Keys(IReadOnlyList<ImportRow> rows)
    {
        foreach (var row in rows)
        {
            yield return CommandKey.Import(row.Id);
            if (row.Of is { } of)
            {
                yield return CommandKey.Import(of);
            }
        }
    }

    private async Task<WalletCommand> CommandOf(
        ImportRow row, IReadOnlyDictionary<CommandKey, StreamId> known, CancellationToken cancellation) => row.Type switch
        {
            ImportRowType.Earn => new EarnPoints(row.Activity, row.Points!.Value.Value, row.At),
            ImportRowType.Spend => new SpendPoints(new MerchantId(row.Activity.Value), row.Points!.Value),
            ImportRowType.Reverse => await ReverseOf(row, CommandKey.Import(row.Of!), known, cancellation),
            _ => throw new UnreachableException($"Row type {row.Type} has no case."),
        };

    // What the journal holds counts; only where it says nothing of earning or spending does the file.
    private async Task<WalletCommand> ReverseOf(
        ImportRow row, CommandKey of, IReadOnlyDictionary<CommandKey, StreamId> known, CancellationToken cancellation)
    {
        var stored = known.ContainsKey(of) ? await journal.Find(community, of, cancellation) : null;
        var type = (stored is null ? null : TypeOf(stored)) ?? file.TypeOf(row.Of!);
        return type == ImportRowType.Spend ? new RefundSpend(of, row.Points) : new ReverseEarning(of, row.Points);
    }

    private static ImportRowType? TypeOf(JournalRow row)
    {
        foreach (var happened in row.ToTransaction().Events)
        {
            if (happened is PointsEarned)
            {
                return ImportRowType.Earn;
            }

            if (happened is PointsSpent)
            {
                return ImportRowType.Spend;
            }
        }

        return null;
    }
}
