using System.Collections.Immutable;
using Ledger.Grains.Journal;
using Ledger.Json;
using Ledger.Settlements;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Grains.Settlements;

/// <summary>What happened to a merchant's statements as rows of the journal, and back.</summary>
internal static class SettlementRows
{
    /// <summary>The scope in which a merchant's day stands for the closing of its statement.</summary>
    public static string ScopeOf(MerchantId merchant) => $"statement/{merchant}";

    /// <summary>The name that a day has there.</summary>
    public static string NameOf(LocalDate day) => LocalDatePattern.Iso.Format(day);

    /// <summary>The day of a name.</summary>
    public static LocalDate DayOf(string name) => LocalDatePattern.Iso.Parse(name).Value;

    /// <summary>What a row tells.</summary>
    /// <exception cref="System.Text.Json.JsonException">The event is not one that this version knows.</exception>
    public static StatementStep ToStep(this JournalRow row) =>
        new(row.Sequence, LedgerJson.SettlementEventOf(row.Events.Span), row.Key.ClientName ?? row.Key.Source, row.RecordedAt);

    /// <summary>What a row says of an event in one word.</summary>
    public static string OutcomeOf(SettlementEvent happened) => happened is StatementRefused refused ? refused.Code : Transaction.Accepted;

    /// <summary>The row of an event, sealed to the one before it.</summary>
    /// <param name="stream">The settlement's stream.</param>
    /// <param name="before">The last row; null for none.</param>
    /// <param name="key">The command.</param>
    /// <param name="command">What it wants.</param>
    /// <param name="happened">What it did.</param>
    /// <param name="of">The closing of the statement; null for a closing, and for what was refused.</param>
    /// <param name="now">The silo's clock.</param>
    public static JournalRow After(
        StreamId stream, JournalRow? before, CommandKey key, SettlementCommand command, SettlementEvent happened, long? of, Instant now)
    {
        var merchant = stream.Settlement!.Value;
        var row = new JournalRow
        {
            Stream = stream,
            Sequence = (before?.Sequence ?? 0) + 1,
            Key = key,
            Fingerprint = LedgerJson.FingerprintOf(merchant, command),
            RecordedAt = now,
            EffectiveAt = before is null ? now : Instant.Max(now, before.EffectiveAt),
            Outcome = OutcomeOf(happened),
            Events = LedgerJson.BytesOfSettlement(happened),
            ProgrammeVersion = 0,
            RefersTo = of,
            After = default,
            Postings = SettlementPostings.Of(merchant, happened),
        };
        return HashChain.Seal(row, before is null ? HashChain.Start.Span : before.Hash.Span);
    }

    /// <summary>Rows as a set, with what stands for closings, and what was written beside the last, unless that was refused.</summary>
    public static AppendSet ToSet(ImmutableArray<JournalRow> rows, Note? note) => new()
    {
        Stream = rows[0].Stream,
        Rows = rows,
        References =
        [
            .. from row in rows
               let happened = row.ToStep().Happened
               where happened is StatementClosed
               select new StoredReference(ScopeOf(row.Stream.Settlement!.Value), NameOf(happened.Day), row.Stream, row.Sequence),
        ],
        Notes = note is null || rows[^1].Outcome != Transaction.Accepted ? [] : [new(rows[^1].Sequence, note.Salt, note.Text)],
    };
}
