using System.Security.Cryptography;
using System.Text;
using Ledger.Accounts;
using Ledger.Grains.Journal;
using Ledger.Json;
using Ledger.Transactions;
using NodaTime;

namespace Ledger.Grains.Merchants;

/// <summary>Voids references that no hold came with.</summary>
public static class VoidedReferences
{
    /// <summary>
    /// Lets a reference stand for nothing, for ever. Whoever is first at it has it, this or a hold that is on its way: the unique reference in
    /// the store decides, and afterwards it stands for something.
    /// </summary>
    /// <param name="journal">The journal.</param>
    /// <param name="community">The community.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="client">Who voids it.</param>
    /// <param name="now">The silo's clock.</param>
    /// <exception cref="JournalException">The store did not answer, or nobody knows: ask again.</exception>
    public static Task VoidReference(this IJournal journal, CommunityId community, MerchantReference reference, string client, Instant now)
    {
        ArgumentNullException.ThrowIfNull(journal);
        var stream = StreamId.OfReference(community, reference);
        var row = new JournalRow
        {
            Stream = stream,
            Sequence = 1,
            Key = CommandKey.Void(client, reference),
            Fingerprint = SHA256.HashData(Encoding.ASCII.GetBytes(reference.ToString())),
            RecordedAt = now,
            EffectiveAt = now,
            Outcome = Transaction.Voided,

            // The stream names the reference and the outcome says the rest.
            Events = LedgerJson.BytesOf([]),
            ProgrammeVersion = 0,
            After = default(Balances),
            Postings = [],
        };
        return journal.Append(new()
        {
            Stream = stream,
            Rows = [HashChain.Seal(row, HashChain.Start.Span)],
            References = [StoredReference.Of(reference, stream, 1)],
        });
    }
}
