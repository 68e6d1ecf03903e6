using System.Globalization;
using Ledger.Benchmarks.Wallets;
using Ledger.Grains.Journal;
using Ledger.Grains.Wallets;
using Ledger.Transactions;

namespace Ledger.Benchmarks;

/// <summary>Journal rows of believable size: an award of a walk, with two caps, about 500 bytes of events.</summary>
internal static class SampleRows
{
    private static readonly CommunityId s_garden = CommunityId.Parse("garden");

    private static readonly Transaction s_award = Award();

    /// <summary>One row, the first of its own wallet; no two numbers share wallet or key.</summary>
    public static JournalRow First(long number)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"r-{number}");
        var row = s_award.ToRow(StreamId.Of(s_garden, ResidentId.Parse(name)), HashChain.Start.Span);
        return row with { Sequence = 1, Key = CommandKey.Event("/apps/walking", string.Create(CultureInfo.InvariantCulture, $"2026-01-05/{number:x12}")) };
    }

    private static Transaction Award()
    {
        var wallet = WalletAtWork.WithPast(0);
        return wallet.Do(WalletAtWork.Walk(wallet.Now), default);
    }
}
