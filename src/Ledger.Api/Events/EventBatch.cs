using System.Text.Json;
using Ledger.Api.Json;
using Ledger.Api.Problems;
using Ledger.Api.Security;
using Ledger.Api.Wallets;
using Ledger.Grains.Communities;

namespace Ledger.Api.Events;

/// <summary>Many events at once: each has its own result, and a bad one stops no other.</summary>
internal sealed class EventBatch(WalletCalls wallets, IProgrammes programmes)
{
    /// <summary>The most events in one batch.</summary>
    public const int EventsMax = 500;

    /// <param name="context">The request.</param>
    /// <param name="community">Where the events belong.</param>
    /// <param name="batch">The list of events.</param>
    /// <param name="isStrict">False when some event holds a member twice.</param>
    /// <returns>One result per event, in the order of the batch.</returns>
    /// <exception cref="RequestRefusedException">The body is no batch.</exception>
    public async Task<EventResult[]> Send(HttpContext context, CommunityId community, JsonElement batch, bool isStrict)
    {
        if (batch.ValueKind != JsonValueKind.Array)
        {
            throw JsonMembers.Wrong(KnownProblems.EventInvalid, "$", "must be a list of events");
        }

        if (batch.GetArrayLength() > EventsMax)
        {
            throw new RequestRefusedException(
                KnownProblems.BatchTooLarge, $"The batch has {batch.GetArrayLength()} events; at most {EventsMax} are taken at once.");
        }

        var results = new EventResult[batch.GetArrayLength()];
        var byResident = await Admit(context, community, batch, isStrict, results);
        // Wallets work side by side; the events of one keep their order and are one append.
        await Task.WhenAll(byResident.Values.Select(places => Send(context, places, results)));
        return results;
    }

    private async Task<Dictionary<ResidentId, List<(int Place, IncomingEvent Event)>>> Admit(
        HttpContext context, CommunityId community, JsonElement batch, bool isStrict, EventResult[] results)
    {
        var byResident = new Dictionary<ResidentId, List<(int, IncomingEvent)>>();
        var place = -1;
        foreach (var element in batch.EnumerateArray())
        {
            place++;
            try
            {
                if (!isStrict)
                {
                    RequestBody.Judge(element);
                }

                var incoming = IncomingEvent.Of(community, context.Caller().Client, CloudEventReading.FromJson(element));
                if (await incoming.WhyNotGranted(context, wallets) is { } problem)
                {
                    results[place] = EventResult.Of(element, problem);
                    continue;
                }

                if (!byResident.TryGetValue(incoming.Envelope.Resident, out var places))
                {
                    byResident.Add(incoming.Envelope.Resident, places = []);
                }

                places.Add((place, incoming));
            }
            catch (RequestRefusedException refused)
            {
                results[place] = EventResult.Of(element, refused.In(context.Request.Language()));
            }
        }

        return byResident;
    }

    private async Task Send(HttpContext context, List<(int Place, IncomingEvent Event)> places, EventResult[] results)
    {
        var language = context.Request.Language();
        try
        {
            var outcomes = await wallets.SendMany([.. places.Select(place => place.Event.Envelope)]);
            for (var i = 0; i < places.Count; i++)
            {
                var (place, incoming) = places[i];
                var answer = await CommandAnswer.Of(incoming.Envelope, outcomes[i], programmes, language);
                results[place] = EventResult.Of(incoming.Source, incoming.Envelope.Key.Id, answer);
            }
        }
        catch (Exception failure) when (FailureProblems.Foreseen(failure, language) is not null)
        {
            var problem = FailureProblems.Foreseen(failure, language)!;
            foreach (var (place, incoming) in places)
            {
                results[place] = EventResult.Of(incoming.Source, incoming.Envelope.Key.Id, new CommandAnswer(null, problem, false));
            }
        }
    }
}
