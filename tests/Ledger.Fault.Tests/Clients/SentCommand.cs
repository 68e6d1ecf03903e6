using System.Text;
using System.Text.Json.Nodes;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Fault.Tests.Clients;

/// <summary>A command as a client knows it: what it asked, how it is sent, and what was acknowledged.</summary>
internal sealed class SentCommand
{
    public required string Id { get; init; }

    public required string Resident { get; init; }

    /// <summary>What the wallet is to do; null where the command is no wallet's.</summary>
    public required WalletCommand? Command { get; init; }

    /// <summary>Whether the command that it names is known to be another resident's.</summary>
    public bool NamesElsewhere { get; init; }

    /// <summary>The event's type; null for a direct command.</summary>
    public string? EventType { get; init; }

    /// <summary>Where a direct command goes.</summary>
    public string Path { get; init; } = "/v1/events";

    /// <summary>The data of an event, or the body of a direct command.</summary>
    public required JsonObject Data { get; init; }

    public bool IsEvent => EventType is not null;

    public CommandKey Key => IsEvent ? CommandKey.Event(Tenant.Source, Id) : CommandKey.Client(Tenant.Client, Id);

    public Instant SentAt { get; } = SystemClock.Instance.GetCurrentInstant();

    /// <summary>When the first acknowledgement came.</summary>
    public Instant AnsweredAt { get; private set; } = Instant.MaxValue;

    /// <summary>The first acknowledgement; null while there is none.</summary>
    public Answer? Answer { get; private set; }

    public void Acknowledge(Answer answer) => (Answer, AnsweredAt) = (answer, SystemClock.Instance.GetCurrentInstant());

    /// <summary>The event by itself.</summary>
    public JsonObject ToEvent() => new()
    {
        ["specversion"] = "1.0",
        ["id"] = Id,
        ["source"] = Tenant.Source,
        ["type"] = $"community.points.{EventType}.v1",
        ["subject"] = Resident,
        ["time"] = (Command is EarnPoints earn ? earn.OccurredAt : SentAt).ToString(),
        ["data"] = Data.DeepClone(),
    };

    public HttpRequestMessage ToRequest(Uri silo)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(silo, Path));
        if (IsEvent)
        {
            request.Content = new StringContent(ToEvent().ToJsonString(), Encoding.UTF8, "application/cloudevents+json");
        }
        else
        {
            request.Content = new StringContent(Data.ToJsonString(), Encoding.UTF8, "application/json");
            request.Headers.Add("Idempotency-Key", Id);
        }

        return request;
    }

    public override string ToString() => $"{Key} of {Resident}: {Command}, {Answer?.ToString() ?? "not acknowledged"}";
}
