using NodaTime;

namespace Ledger.Grains.Journal;

/// <summary>A place in a list of what transactions left beside the journal: by time, then by stream in code point order, and sequence.</summary>
/// <param name="At">The time of the transaction.</param>
/// <param name="Stream">The stream's name.</param>
/// <param name="Sequence">The transaction.</param>
public readonly record struct RowPlace(Instant At, string Stream, long Sequence);
