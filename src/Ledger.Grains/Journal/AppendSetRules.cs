using Ledger.Transactions;

namespace Ledger.Grains.Journal;

/// <summary>What every <see cref="AppendSet"/> must fulfil, whatever is in the journal. A breach is a bug of the caller.</summary>
internal static class AppendSetRules
{
    private const int HashBytes = 32;

    /// <exception cref="ArgumentException">A rule is broken.</exception>
    public static void Check(AppendSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        Require(!set.Rows.IsDefaultOrEmpty, "A set has at least one row.");
        var first = set.Rows[0].Sequence;
        Require(first >= 1, "Sequences begin with 1.");
        for (var i = 0; i < set.Rows.Length; i++)
        {
            var row = set.Rows[i];
            Require(row.Stream == set.Stream, "Every row of a set is of its stream.");
            Require(row.Sequence == first + i, "Sequences of a set follow one another.");
            Check(row);
        }

        Require(set.Rows.Length == 1 || AreDistinct(set), "No two rows of a set share a command.");
        CheckReferences(set);
        Require(!set.Draws.IsDefault, "Draws may be empty, not absent.");
        Require(set.Draws.All(draw => draw is { Lease: > 0, Amount: { Points: > 0, Awards: > 0 } }), "A draw names a lease, and takes points for awards from it.");
        Require(set.Draws.Length < 2 || set.Draws.DistinctBy(draw => draw.Lease).Count() == set.Draws.Length, "A set draws once from a lease.");
        Require(!set.Notes.IsDefault, "Notes may be empty, not absent.");
        foreach (var note in set.Notes)
        {
            Require(HasRow(set, note.Sequence), "A note belongs to a row of its set.");
        }

        Require(!set.Movements.IsDefault, "Movements may be empty, not absent.");
        foreach (var movement in set.Movements)
        {
            Require(movement.Stream == set.Stream && HasRow(set, movement.Sequence), "A movement belongs to a row of its set.");
            Require(!movement.Movement.Points.IsZero, "A movement moves points.");
        }

        Require(!set.Redemptions.IsDefault, "Redemptions may be empty, not absent.");
        Require(
            set.Redemptions.All(redemption => redemption.Stream == set.Stream && redemption.Sequence < first + set.Rows.Length),
            "A redemption was made by a row of the stream.");
        Require(set.Redemptions.Length < 2 || set.Redemptions.DistinctBy(redemption => redemption.Sequence).Count() == set.Redemptions.Length, "A set tells once of a redemption.");

        Require(!set.Undecided.IsDefault && !set.Decided.IsDefault, "What waits and what is decided may be empty, not absent.");
        foreach (var approval in set.Undecided)
        {
            var (stream, sequence) = (approval.Place.Stream, approval.Place.Sequence);
            Require(stream == set.Stream.Name && sequence < first + set.Rows.Length, "What waits was recorded by a row of the stream.");
        }
    }

    private static void CheckReferences(AppendSet set)
    {
        Require(!set.References.IsDefault, "References may be empty, not absent.");
        foreach (var reference in set.References)
        {
            Require(reference is { Scope.Length: > 0, Reference.Length: > 0 }, "A reference has a scope and a name.");
            Require(reference.Stream == set.Stream && HasRow(set, reference.Sequence), "A reference stands for a row of its set.");
        }

        Require(
            set.References.Length < 2 || set.References.DistinctBy(r => (r.Scope, r.Reference)).Count() == set.References.Length,
            "No two rows of a set share a reference.");
    }

    // Sequences of a set follow one another.
    private static bool HasRow(AppendSet set, long sequence) =>
        sequence >= set.Rows[0].Sequence && sequence < set.Rows[0].Sequence + set.Rows.Length;

    private static void Check(JournalRow row)
    {
        Require(row.Key.Source is { Length: > 0 } && row.Key.Id is { Length: > 0 }, "A row has a command key.");
        Require(row.Fingerprint.Length == HashBytes && row.Hash.Length == HashBytes, "Fingerprint and hash have 32 bytes.");
        Require(row.Outcome is { Length: > 0 }, "A row has an outcome.");
        Require(!row.Postings.IsDefault, "Postings may be empty, not absent.");
        foreach (var posting in row.Postings)
        {
            Require(posting.Points.IsPositive, "A posting moves more than zero points.");
            Require(posting.From.Name is { Length: > 0 } && posting.To.Name is { Length: > 0 }, "A posting names two accounts.");
        }
    }

    private static bool AreDistinct(AppendSet set)
    {
        var keys = new HashSet<CommandKey>(set.Rows.Length);
        foreach (var row in set.Rows)
        {
            if (!keys.Add(row.Key))
            {
                return false;
            }
        }

        return true;
    }

    private static void Require(bool fulfilled, string rule)
    {
        if (!fulfilled)
        {
            throw new ArgumentException(rule);
        }
    }
}
