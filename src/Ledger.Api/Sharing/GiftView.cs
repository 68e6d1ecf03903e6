using Ledger.Api.Json;
using Ledger.Api.Problems;
using Ledger.Grains.Journal;
using Ledger.Grains.Wallets;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Api.Sharing;

/// <summary>A gift and what became of it, as its giver's wallet knows it.</summary>
public sealed record GiftView
{
    /// <summary>Its number: the giver's transaction.</summary>
    public required long Gift { get; init; }

    /// <summary>Who gave it.</summary>
    public required string From { get; init; }

    /// <summary>Who is to get it.</summary>
    public required string To { get; init; }

    /// <summary>How many points.</summary>
    public required long Points { get; init; }

    /// <summary><c>under_way</c>, <c>delivered</c>, or why it came back: <c>refused</c> by the receiver's wallet, <c>taken_back</c> by the giver, <c>undeliverable</c>.</summary>
    public required string State { get; init; }

    /// <summary>When it was to be delivered.</summary>
    public required Instant DeliverAt { get; init; }

    /// <summary>When it arrived or came back; absent while it is under way.</summary>
    public Instant? EndedAt { get; init; }

    /// <summary>The code of the receiver's refusal; absent where nobody refused it.</summary>
    public string? Refusal { get; init; }

    /// <summary>The giver's words; absent for none, and once erased.</summary>
    public string? Message { get; init; }

    /// <summary>What the journal tells of a gift; null where the transaction gave none.</summary>
    internal static async Task<GiftView?> Find(IJournal journal, CommunityId community, ResidentId giver, long number, CancellationToken cancellation)
    {
        var stream = StreamId.Of(community, giver);
        var told = (await journal.ReadRelated(stream, number, cancellation)).Select(row => row.ToTransaction()).ToList();
        if (told is not [var first, ..] || first.Deed is not GiftSent sent)
        {
            return null;
        }

        var view = new GiftView
        {
            Gift = number,
            From = giver.Value,
            To = sent.To.Value,
            Points = sent.Points.Value,
            State = "under_way",
            DeliverAt = sent.DeliverAt,
            Message = (await journal.ReadNote(stream, number, cancellation))?.Text,
        };
        return told.Aggregate(view, (gift, transaction) => transaction.Deed switch
        {
            GiftDelivered => gift with { State = "delivered", EndedAt = transaction.EffectiveAt },
            GiftReturned returned => gift with { State = EnumWords.Of(returned.How), EndedAt = transaction.EffectiveAt, Refusal = returned.Why },
            _ => gift,
        });
    }

    /// <summary>That a transaction gave nothing.</summary>
    /// <param name="context">The request.</param>
    /// <param name="number">The transaction, as it was asked for.</param>
    /// <param name="giver">Whose.</param>
    internal static ProblemResult NotFound(HttpContext context, string number, ResidentId giver) => new(new(
        KnownProblems.GiftNotFound, context.Request.Language(), $"Transaction {number} of '{giver}' gave nothing to another resident."));
}

/// <summary>A gift that the resident sent and of which it is not known yet whether it arrived.</summary>
/// <param name="Gift">Its number: the transaction.</param>
/// <param name="To">Who is to get it.</param>
/// <param name="Points">How many points.</param>
/// <param name="DeliverAt">When it is delivered, unless it is taken back before.</param>
public sealed record GiftSummary(long Gift, string To, long Points, Instant DeliverAt)
{
    internal static GiftSummary Of(GiftUnderWay gift) => new(gift.Of, gift.To.Value, gift.Points.Value, gift.DeliverAt);
}
