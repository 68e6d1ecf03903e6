using System.Text.Json;
using Ledger.Api.Json;
using Ledger.Api.Problems;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Api.Events;

/// <summary>The types of events that are taken, and what each asks of the wallet. Schemas and examples: docs/events.</summary>
/// <remarks>A name with its version never changes its meaning; new members of data are optional.</remarks>
public static class EventTypes
{
    /// <summary>An activity took place; the programme decides what it earns.</summary>
    public const string ActivityCompleted = "community.points.activity-completed.v1";

    /// <summary>An activity was cancelled or corrected; its points are taken back.</summary>
    public const string ActivityReversed = "community.points.activity-reversed.v1";

    /// <summary>Points were spent at a merchant.</summary>
    public const string PointsSpent = "community.points.points-spent.v1";

    /// <summary>A spend was refunded, wholly or in part.</summary>
    public const string SpendRefunded = "community.points.spend-refunded.v1";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [ActivityCompleted, ActivityReversed, PointsSpent, SpendRefunded];

    /// <summary>The command that an event asks for, and the text that goes with it.</summary>
    /// <param name="type">The event's type.</param>
    /// <param name="source">The event's source: what it refers to lies there unless it says otherwise.</param>
    /// <param name="time">The event's time; null when it has none.</param>
    /// <param name="data">The event's data.</param>
    /// <exception cref="RequestRefusedException">The type is unknown, or the data does not fit it.</exception>
    internal static (WalletCommand Command, Note? Note) CommandOf(string type, string source, Instant? time, JsonElement data) => type switch
    {
        ActivityCompleted => Completed(time, new JsonMembers(data, "$.data")),
        ActivityReversed => (Reversed(source, new JsonMembers(data, "$.data")), null),
        PointsSpent => (Spent(new JsonMembers(data, "$.data")), null),
        SpendRefunded => (Refunded(source, new JsonMembers(data, "$.data")), null),
        _ => throw JsonMembers.Wrong(KnownProblems.EventTypeUnknown, "$.type", $"is none of {string.Join(", ", All)}"),
    };

    private static (EarnPoints Command, Note? Note) Completed(Instant? time, JsonMembers data)
    {
        var activity = data.Activity("activity");
        var quantity = data.Quantity("quantity");
        var details = ActivityData.Details(data);
        var entry = ActivityData.Entry(data);
        var evidence = ActivityData.Evidence(data);
        data.NothingElse("activity", "quantity", "attributes", "tags", "enteredBy", "organiser", "evidence");
        return (
            new(
                activity,
                quantity,
                time ?? throw JsonMembers.Wrong(KnownProblems.MemberMissing, "$.time", "is missing: when did the activity take place?"),
                details,
                entry),
            evidence);
    }

    private static ReverseEarning Reversed(string source, JsonMembers data)
    {
        var (of, points) = Reference(source, data);
        return new(of, points);
    }

    private static SpendPoints Spent(JsonMembers data)
    {
        var merchant = data.Merchant("merchant");
        var points = data.Points("points");
        data.NothingElse("merchant", "points");
        return new(merchant, points);
    }

    private static RefundSpend Refunded(string source, JsonMembers data)
    {
        var (of, points) = Reference(source, data);
        return new(of, points);
    }

    private static (CommandKey Of, Points? Points) Reference(string source, JsonMembers data)
    {
        var of = new JsonMembers(data.Required("of"), data.At("of"));
        var key = CommandKey.Event(
            of.OptionalText("source") is { } other ? EventKeys.PartOf(other, of.At("source")) : source,
            EventKeys.PartOf(of.Text("id"), of.At("id")));
        of.NothingElse("source", "id");
        var points = data.OptionalPoints("points");
        data.NothingElse("of", "points");
        return (key, points);
    }
}

internal static class EventKeys
{
    /// <summary>A text that may be an event's source or id.</summary>
    /// <exception cref="RequestRefusedException">It may not.</exception>
    public static string PartOf(string? text, string path) => CommandKey.IsValidPart(text)
        ? text
        : throw JsonMembers.Wrong(
            KnownProblems.EventInvalid, path, $"must be 1 to {CommandKey.CharactersMax} characters, none of them a control character");
}
