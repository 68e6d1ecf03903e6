using System.Globalization;
using Ledger.Accounts;
using Ledger.Benchmarks.Wallets;
using Ledger.Grains.Journal;
using Ledger.Json;
using Ledger.Transactions;

namespace Ledger.Benchmarks;

/// <summary>Journal rows of believable size: an award of a walk, with two caps, about 500 bytes of events.</summary>
internal static class SampleRows
{
    private static readonly CommunityId s_garden = CommunityId.Parse("garden");

    private static readonly Transaction s_award = Award();

    public static JournalRow From(StreamId stream, Transaction transaction) => HashChain.Seal(
        new()
        {
            Stream = stream,
            Sequence = transaction.Sequence,
            Key = transaction.Key,
            Fingerprint = transaction.Fingerprint,
            RecordedAt = transaction.RecordedAt,
            EffectiveAt = transaction.EffectiveAt,
            Outcome = transaction.Outcome,
            Events = LedgerJson.BytesOf(transaction.Events),
            ProgrammeVersion = transaction.ProgrammeVersion,
            RefersTo = transaction.RefersTo,
            After = transaction.After,
            Postings = Postings.Of(transaction.Events),
        },
        HashChain.Start.Span);

    /// <summary>One row, the first of its own wallet; no two numbers share wallet or key.</summary>
    public static JournalRow First(long number)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"r-{number}");
        var row = From(StreamId.Of(s_garden, ResidentId.Parse(name)), s_award);
        return row with { Sequence = 1, Key = CommandKey.Event("/apps/walking", string.Create(CultureInfo.InvariantCulture, $"2026-01-05/{number:x12}")) };
    }

    private static Transaction Award()
    {
        var wallet = WalletAtWork.WithPast(0);
        return wallet.Do(WalletAtWork.Walk(wallet.Now), default);
    }
}
