using System.Text.Json;
using CloudNative.CloudEvents;
using Ledger.Api.Json;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Api.Events;

/// <summary>An event that can be sent to a wallet.</summary>
/// <param name="Source">Its CloudEvents source, as written.</param>
/// <param name="Envelope">The command it asks for.</param>
internal sealed record IncomingEvent(string Source, CommandEnvelope Envelope)
{
    /// <param name="community">Where it belongs.</param>
    /// <param name="client">The client that sends it.</param>
    /// <param name="cloudEvent">The event.</param>
    /// <exception cref="RequestRefusedException">It lacks something, or its data does not fit its type.</exception>
    public static IncomingEvent Of(CommunityId community, string client, CloudEvent cloudEvent)
    {
        var source = EventKeys.PartOf(cloudEvent.Source?.OriginalString, "$.source");
        var id = EventKeys.PartOf(cloudEvent.Id, "$.id");
        if (!ResidentId.TryParse(cloudEvent.Subject, out var resident))
        {
            throw cloudEvent.Subject is null
                ? JsonMembers.Wrong(KnownProblems.MemberMissing, "$.subject", "is missing: which resident?")
                : JsonMembers.Wrong(KnownProblems.IdentifierInvalid, "$.subject", $"must be {Identifier.Rule}");
        }

        var time = cloudEvent.Time is { } at ? Times.Bounded(Instant.FromDateTimeOffset(at), "$.time") : null as Instant?;
        var (command, note) = EventTypes.CommandOf(cloudEvent.Type!, source, time, DataOf(cloudEvent));
        return new(source, new()
        {
            Community = community,
            Resident = resident,
            Key = CommandKey.Event(source, id),
            Command = command,
            Note = note,
            Client = client,
        });
    }

    /// <summary>The sources that a caller must speak for: the event's own and that of what it refers to.</summary>
    public string? FirstSourceNotGranted(Caller caller)
    {
        if (!caller.MaySpeakFor(Source))
        {
            return Source;
        }

        return Thawed.TargetOf(Envelope.Command) is { } target && SourceOf(target) is { } other && !caller.MaySpeakFor(other) ? other : null;
    }

    private static string SourceOf(CommandKey key) => RefusalWords.Outside(key.Source, key.Id).Source;

    private static JsonElement DataOf(CloudEvent cloudEvent) => cloudEvent.Data switch
    {
        JsonElement data => data,
        null => throw JsonMembers.Wrong(KnownProblems.MemberMissing, "$.data", "is missing"),
        _ => throw JsonMembers.Wrong(KnownProblems.EventInvalid, "$.data", "must be JSON (datacontenttype application/json, no data_base64)"),
    };
}
