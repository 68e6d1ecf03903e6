using Ledger.Transactions;
using Ledger.Wallets;

namespace Ledger.Grains.Verification;

/// <summary>Gifts as both wallets tell of them: what was given either arrived, or came back, or is under way, and never two of these.</summary>
internal sealed class ExchangedGifts
{
    private readonly Dictionary<(ResidentId Giver, long Gift), Account> _gifts = [];

    public void Add(StreamId stream, Transaction transaction)
    {
        var resident = stream.Resident!.Value;
        foreach (var happened in transaction.Events)
        {
            switch (happened)
            {
                case GiftSent sent:
                    Of(resident, transaction.Sequence).Sent = new(sent.To, sent.Points);
                    break;
                case GiftReceived received:
                    Of(received.From, received.Gift).Arrived = new(resident, received.Points);
                    break;
                case GiftDelivered delivered:
                    Of(resident, delivered.Of).Delivered = new(delivered.To, delivered.Points);
                    break;
                case GiftReturned returned:
                    Of(resident, returned.Of).Returned = new(returned.To, returned.Points);
                    break;
            }
        }
    }

    public void Check(Findings findings)
    {
        foreach (var ((giver, gift), account) in _gifts.OrderBy(one => one.Key.Giver.Value, StringComparer.Ordinal).ThenBy(one => one.Key.Gift))
        {
            if (account.Problem is { } problem)
            {
                findings.Add(VerificationCheck.Gifts, StreamId.Of(default, giver).Name, gift, problem);
            }
        }
    }

    private Account Of(ResidentId giver, long gift)
    {
        if (!_gifts.TryGetValue((giver, gift), out var account))
        {
            _gifts.Add((giver, gift), account = new());
        }

        return account;
    }

    private readonly record struct Told(ResidentId To, Points Points);

    private sealed class Account
    {
        public Told? Sent { get; set; }

        public Told? Arrived { get; set; }

        public Told? Delivered { get; set; }

        public Told? Returned { get; set; }

        public string? Problem => Sent is not { } sent ? "nobody gave this gift"
            : Arrived is not null && Returned is not null ? "this gift arrived and came back"
            : Delivered is not null && Arrived is null ? "this gift is said to have arrived, its receiver does not have it"
            : Differing(sent) is { } other ? $"{sent.Points} points were given to {sent.To}, {other.Points} for {other.To} arrived or came back"
            : null;

        private Told? Differing(Told sent)
        {
            foreach (var told in new[] { Arrived, Delivered, Returned })
            {
                if (told is { } other && other != sent)
                {
                    return other;
                }
            }

            return null;
        }
    }
}
