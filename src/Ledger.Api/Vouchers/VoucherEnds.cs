using System.Text.Json.Nodes;
using Ledger.Api.Merchants;
using Ledger.Api.Problems;
using Ledger.Api.Wallets;
using Ledger.Grains.Journal;
using Ledger.Grains.Wallets;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Api.Vouchers;

/// <summary>Tells in the words of vouchers why one cannot be redeemed: the wallet knows holds only.</summary>
internal sealed class VoucherEnds(IJournal journal, Sales sales)
{
    /// <summary>The answer in those words; the same answer where there are none.</summary>
    public async Task<IResult> Told(HttpContext context, CommunityId community, MerchantReference reference, CommandAnswer ended)
    {
        var stored = (await sales.Find(community, reference, context.RequestAborted))!;
        var later = (await journal.ReadRelated(stored.Stream, stored.Sequence, context.RequestAborted)).Select(WalletRows.ToTransaction).ToList();
        var language = context.Request.Language();
        if (later.LastOrDefault(transaction => transaction.Events.Any(e => e is HoldCaptured)) is { } redemption)
        {
            return new ProblemResult(Redeemed(language, redemption.EffectiveAt, redemption.Events.OfType<HoldCaptured>().Last().Settlement?.Terminal));
        }

        return ((PointsHeld)later[0].Deed!).Until is var until && ended.Problem!.Members!["how"]!.GetValue<string>() == "timed_out"
            ? new ProblemResult(Expired(language, until))
            : ended;
    }

    private static Problem Redeemed(Language language, Instant at, string? terminal) => new(
        KnownProblems.VoucherRedeemed, language, $"It was redeemed at {at}{(terminal is null ? "" : $", at terminal '{terminal}'")}.")
    {
        Members = new JsonObject { ["at"] = at.ToString(), ["terminal"] = terminal },
    };

    private static Problem Expired(Language language, Instant at) => new(KnownProblems.VoucherExpired, language, $"Its points came back to the resident at {at}.")
    {
        Members = new JsonObject { ["at"] = at.ToString() },
    };
}
