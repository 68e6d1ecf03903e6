using System.Collections.Immutable;
using System.Text.Json;
using Ledger.Grains.Journal;

namespace Ledger.Grains.Verification;

/// <summary>Counts all differences and keeps the first of each check: a damaged journal may have millions.</summary>
internal sealed class Findings
{
    private const int KeptPerCheck = 20;

    private readonly Dictionary<VerificationCheck, long> _counts = VerificationCheck.All.ToDictionary(check => check, _ => 0L);
    private readonly List<VerificationFinding> _kept = [];

    public ImmutableDictionary<VerificationCheck, long> Counts => _counts.ToImmutableDictionary();

    public ImmutableArray<VerificationFinding> Kept => [.. _kept.OrderBy(finding => VerificationCheck.All.IndexOf(finding.Check))];

    /// <summary>Does a failure mean that stored bytes cannot be read?</summary>
    public static bool IsUnreadable(Exception failure) =>
        failure is JsonException or FormatException or NotSupportedException or InvalidOperationException;

    /// <summary>What the one event of a row tells; null, and added, when it cannot be read.</summary>
    public T? Read<T>(JournalRow row, Func<JournalRow, T> read)
        where T : class
    {
        try
        {
            return read(row);
        }
        catch (Exception failure) when (IsUnreadable(failure))
        {
            Add(VerificationCheck.Events, row.Stream.Name, row.Sequence, $"the event cannot be read: {failure.Message}");
            return null;
        }
    }

    public void Add(VerificationCheck check, string? stream, long? sequence, string words)
    {
        if (_counts[check]++ < KeptPerCheck)
        {
            _kept.Add(new(check, stream, sequence, words));
        }
    }
}
