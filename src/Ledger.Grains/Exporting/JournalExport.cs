using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ledger.Grains.Journal;
using Ledger.Grains.Stores;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Grains.Exporting;

/// <summary>A community's journal as JSON lines: enough to build every row, posting, hash and programme again, byte for byte.</summary>
/// <remarks>
/// The first line names the format and the community, then comes a line for each programme, then one for each transaction by wallet and sequence.
/// Events are a text, not a value: they are the bytes that were hashed, and a reader that writes JSON again may not keep them. Hashes and
/// fingerprints are in hexadecimal. Erasable notes are not exported: they are not part of the truth, and an erased one must not survive here.
/// </remarks>
/// <param name="journal">The rows.</param>
/// <param name="catalogue">The programmes.</param>
public sealed class JournalExport(IJournal journal, ICatalogue catalogue)
{
    private const int FormatVersion = 1;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the lines; how many transactions that were.</summary>
    /// <param name="community">The community.</param>
    /// <param name="before">Only transactions that count from before this instant; null for all.</param>
    /// <param name="output">Where to.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    public async Task<long> Write(CommunityId community, Instant? before, Stream output, CancellationToken cancellation = default)
    {
        using var line = new MemoryStream();
        await using var json = new Utf8JsonWriter(line, Options);
        await Write(output, line, json, () => WriteHeader(json, community));
        foreach (var programme in await catalogue.ListProgrammes(community, cancellation))
        {
            await Write(output, line, json, () => WriteProgramme(json, programme));
        }

        var transactions = 0L;
        await foreach (var row in journal.ReadAll(community, cancellation))
        {
            if (before is null || row.EffectiveAt < before)
            {
                await Write(output, line, json, () => WriteTransaction(json, row));
                transactions++;
            }
        }

        return transactions;
    }

    private static async Task Write(Stream output, MemoryStream line, Utf8JsonWriter json, Action write)
    {
        line.SetLength(0);
        json.Reset();
        json.WriteStartObject();
        write();
        json.WriteEndObject();
        await json.FlushAsync();
        line.WriteByte((byte)'\n');
        await output.WriteAsync(line.GetBuffer().AsMemory(0, (int)line.Length));
    }

    private static void WriteHeader(Utf8JsonWriter json, CommunityId community)
    {
        json.WriteString("kind", "journal");
        json.WriteNumber("format", FormatVersion);
        json.WriteString("community", community.Value);
    }

    private static void WriteProgramme(Utf8JsonWriter json, StoredProgramme programme)
    {
        json.WriteString("kind", "programme");
        json.WriteNumber("version", programme.Version);
        Time(json, "effectiveFrom", programme.EffectiveFrom);
        json.WriteString("json", programme.Json);
        json.WriteString("publishedBy", programme.PublishedBy);
        Time(json, "publishedAt", programme.PublishedAt);
    }

    private static void WriteTransaction(Utf8JsonWriter json, JournalRow row)
    {
        json.WriteString("kind", "transaction");
        json.WriteString("stream", row.Stream.Name);
        json.WriteNumber("sequence", row.Sequence);
        json.WriteString("source", row.Key.Source);
        json.WriteString("id", row.Key.Id);
        json.WriteString("fingerprint", Convert.ToHexStringLower(row.Fingerprint.Span));
        Time(json, "recordedAt", row.RecordedAt);
        Time(json, "effectiveAt", row.EffectiveAt);
        json.WriteString("outcome", row.Outcome);
        json.WriteNumber("programme", row.ProgrammeVersion);
        if (row.RefersTo is { } refersTo)
        {
            json.WriteNumber("refersTo", refersTo);
        }

        json.WriteNumber("available", row.After.Available.Value);
        json.WriteNumber("pending", row.After.Pending.Value);
        json.WriteNumber("held", row.After.Held.Value);
        json.WriteNumber("debt", row.After.Debt.Value);
        json.WriteString("events", Encoding.UTF8.GetString(row.Events.Span));
        WritePostings(json, row);
        json.WriteString("hash", Convert.ToHexStringLower(row.Hash.Span));
    }

    private static void WritePostings(Utf8JsonWriter json, JournalRow row)
    {
        json.WriteStartArray("postings");
        foreach (var posting in row.Postings)
        {
            json.WriteStartObject();
            json.WriteString("from", posting.From.Name);
            json.WriteString("to", posting.To.Name);
            json.WriteNumber("points", posting.Points.Value);
            if (posting.Lot is { } lot)
            {
                json.WriteString("lot", lot.ToString());
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Time(Utf8JsonWriter json, string name, Instant instant) =>
        json.WriteString(name, InstantPattern.ExtendedIso.Format(instant));
}
