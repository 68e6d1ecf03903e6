using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ledger.Programmes;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>Give points to another resident. They leave at once, and arrive after the programme's cooling-off time unless they are taken back.</summary>
/// <param name="To">Who gets them.</param>
/// <param name="Points">How many; 1 to 2^53−1.</param>
public sealed record GivePoints(ResidentId To, Points Points) : WalletCommand;

/// <summary>A gift left its giver.</summary>
/// <param name="To">Who is to get it.</param>
/// <param name="Points">How many points.</param>
/// <param name="From">The lots that they lay in, in consumption order. They keep their dates wherever they go.</param>
/// <param name="DeliverAt">When it is delivered unless it is taken back before.</param>
/// <param name="Date">The local date for which it counts under limits.</param>
/// <param name="Message">The salted digest of the giver's words; null when there were none.</param>
/// <param name="Household">The household that it must not leave; null where it may go to anybody.</param>
public sealed record GiftSent(
    ResidentId To,
    Points Points,
    ImmutableArray<LotSlice> From,
    Instant DeliverAt,
    LocalDate Date,
    string? Message = null,
    HouseholdId? Household = null) : WalletEvent;

/// <summary>A gift that left its giver, and of which the giver's wallet does not know yet that it arrived or came back.</summary>
/// <param name="To">Who is to get it.</param>
/// <param name="Lots">The lots that its points lay in.</param>
/// <param name="DeliverAt">When it was to be delivered first.</param>
/// <param name="Household">The household that it must not leave; null where it may go to anybody.</param>
public sealed record GiftUnderWay(ResidentId To, ImmutableArray<LotSlice> Lots, Instant DeliverAt, HouseholdId? Household = null) : Errand
{
    /// <summary>Its points.</summary>
    [JsonIgnore]
    public Points Points => Lots.Total();
}

/// <summary>What was given on the last local date on which anything was, and in its month.</summary>
/// <param name="Date">That date.</param>
/// <param name="OnDate">Points given on it.</param>
/// <param name="InMonth">Points given in its month.</param>
public sealed record SentLately(LocalDate Date, Points OnDate, Points InMonth)
{
    internal static SentLately Nothing { get; } = new(LocalDate.MinIsoValue, Points.Zero, Points.Zero);

    internal Points On(LocalDate date) => date == Date ? OnDate : Points.Zero;

    internal Points InMonthOf(LocalDate date) => (date.Year, date.Month) == (Date.Year, Date.Month) ? InMonth : Points.Zero;

    internal SentLately With(LocalDate date, Points points) => new(date, On(date) + points, InMonthOf(date) + points);
}

/// <summary>What a limit of gifts counts.</summary>
public enum GiftSpan
{
    /// <summary>One gift.</summary>
    Gift,

    /// <summary>All gifts of one local day.</summary>
    LocalDay,

    /// <summary>All gifts of one local month.</summary>
    Month,
}

internal static class Giving
{
    public static Verdict Decide(
        PublishedProgrammes programmes, WalletState wallet, CommandEnvelope envelope, GivePoints command, Thawed thawed)
    {
        if (programmes.InForceAt(envelope.At) is not { } inForce)
        {
            return new Refusal.NoProgramme(envelope.At);
        }

        if (inForce.Programme.Gifts is not { } policy)
        {
            return new Refusal.GiftsNotOffered(inForce.Version);
        }

        return command.To == envelope.Resident ? new Refusal.GiftToSelf(command.To)
            : thawed is not Thawed.Receiver ? new Refusal.ReceiverUnknown(command.To)
            : policy.WithinHousehold && wallet.Membership is null ? new Refusal.GiftOutsideHousehold(command.To, null)
            : Give(inForce, policy, wallet, envelope, command);
    }

    public static WalletState Evolve(WalletState wallet, GiftSent sent)
    {
        var after = wallet with
        {
            Lots = wallet.Lots.TakeAll(sent.From),
            SentLately = (wallet.SentLately ?? SentLately.Nothing).With(sent.Date, sent.Points),
            Lifetime = wallet.Lifetime with { Sent = wallet.Lifetime.Sent + sent.Points },
        };
        return Errands.With(after, new GiftUnderWay(sent.To, sent.From, sent.DeliverAt, sent.Household)
        {
            Of = wallet.Sequence + 1,
            DueAt = sent.DeliverAt,
        });
    }

    private static Verdict Give(
        PublishedProgramme inForce, GiftPolicy policy, WalletState wallet, CommandEnvelope envelope, GivePoints command)
    {
        // A date never goes back, also where a later programme lies further west: what was given on it still counts.
        var given = wallet.SentLately ?? SentLately.Nothing;
        var date = LocalDate.Max(inForce.Programme.DateOf(envelope.At), given.Date);
        if ((Errands.Full(wallet) ?? Exceeded(policy, given, date, command.Points)) is { } full)
        {
            return full;
        }

        // What would expire on the way, or too soon after it, is not given.
        var deliverAt = envelope.At + policy.CoolingOff;
        var usableUntil = Instant.Max(deliverAt, envelope.At + Duration.FromDays(policy.ValidityDaysMin));
        var from = wallet.Lots.Allocate(command.Points, lot => !lot.IsExpiredAt(usableUntil));
        if (from.Total() is var found && found < command.Points)
        {
            return new Refusal.InsufficientPoints(found, command.Points);
        }

        return LifetimeTotals.Exceeded(LifetimeSum.Sent, wallet.Lifetime.Sent, command.Points) is { } limit ? limit
            : Verdict.Accept(new GiftSent(
                command.To, command.Points, from, deliverAt, date, envelope.Note?.Digest(), policy.WithinHousehold ? wallet.Membership?.Household : null));
    }

    private static Refusal? Exceeded(GiftPolicy policy, SentLately given, LocalDate date, Points points)
    {
        return Over(GiftSpan.Gift, policy.PointsMax, Points.Zero)
            ?? Over(GiftSpan.LocalDay, policy.PerDayMax, given.On(date))
            ?? Over(GiftSpan.Month, policy.PerMonthMax, given.InMonthOf(date));

        Refusal? Over(GiftSpan span, Points? limit, Points used) =>
            used + points > limit ? new Refusal.GiftLimitExceeded(span, limit.Value, used, points) : null;
    }
}
