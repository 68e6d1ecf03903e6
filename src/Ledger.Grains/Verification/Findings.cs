using System.Collections.Immutable;
using System.Text.Json;

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

    public void Add(VerificationCheck check, string? stream, long? sequence, string words)
    {
        if (_counts[check]++ < KeptPerCheck)
        {
            _kept.Add(new(check, stream, sequence, words));
        }
    }
}
