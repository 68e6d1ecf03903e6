using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Fault.Tests.Clients;

/// <summary>Makes up one client's commands.</summary>
internal interface ICommandDraw
{
    /// <summary>Chance for whoever sends: which silo, whether to give up.</summary>
    Random Chance { get; }

    /// <summary>The next command; it is in the record.</summary>
    SentCommand Next();
}

/// <summary>Commands of all kinds about points. Amounts are such that refusals are as common as receipts.</summary>
/// <param name="record">Where it notes them, and finds what others sent.</param>
/// <param name="seed">What all of them start from.</param>
/// <param name="client">Which one of them this is.</param>
/// <param name="residents">How many wallets there are: few, so that commands meet.</param>
internal sealed class CommandDraw(ClientRecord record, int seed, int client, int residents = 16) : ICommandDraw
{
    private readonly Random _chance = new(unchecked((seed * 397) + client));
    private string? _promisedTo;
    private int _made;

    public Random Chance => _chance;

    public SentCommand Next()
    {
        var command = Draw(IdOf(_made++));
        record.Add(command);
        return command;
    }

    private string IdOf(int number) => string.Create(CultureInfo.InvariantCulture, $"{client}-{number}");

    private string AnyResident() => "r-" + _chance.Next(residents).ToString(CultureInfo.InvariantCulture);

    private SentCommand Draw(string id)
    {
        if (_promisedTo is { } resident)
        {
            _promisedTo = null;
            return _chance.Next(4) == 0 ? EventSpend(id, resident) : Earn(id, resident);
        }

        return _chance.Next(100) switch
        {
            < 36 => Earn(id, AnyResident()),
            < 48 => EventSpend(id, AnyResident()),
            < 62 => DirectSpend(id, AnyResident()),
            < 70 => EventRefund(id),
            < 76 => DirectRefund(id),
            < 88 => Reversal(id),
            < 91 => EarlyReversal(id),
            < 94 => ForeignReversal(id),
            _ => Adjustment(id, AnyResident()),
        };
    }

    private SentCommand Earn(string id, string resident)
    {
        var isClass = _chance.Next(3) == 0;
        var (activity, quantity) = (isClass ? "class" : "service", _chance.Next(1, 40));
        var occurred = Instant.FromUnixTimeSeconds(SystemClock.Instance.GetCurrentInstant().ToUnixTimeSeconds() - _chance.Next(3 * 86_400));
        return new()
        {
            Id = id,
            Resident = resident,
            Command = new EarnPoints(ActivityType.Parse(activity), quantity, occurred),
            EventType = "activity-completed",
            Data = new() { ["activity"] = activity, ["quantity"] = quantity },
        };
    }

    private SentCommand EventSpend(string id, string resident)
    {
        var points = _chance.Next(1, 50);
        return new()
        {
            Id = id,
            Resident = resident,
            Command = new SpendPoints(MerchantId.Parse("tea-house"), new(points)),
            EventType = "points-spent",
            Data = new() { ["merchant"] = "tea-house", ["points"] = points },
        };
    }

    private SentCommand DirectSpend(string id, string resident)
    {
        var points = _chance.Next(1, 50);
        return new()
        {
            Id = id,
            Resident = resident,
            Command = new SpendPoints(MerchantId.Parse("clinic"), new(points)),
            Path = $"/v1/residents/{resident}/spends",
            Data = new() { ["merchant"] = "clinic", ["points"] = points },
        };
    }

    private SentCommand EventRefund(string id)
    {
        var spend = record.Any(_chance, sent => sent is { EventType: "points-spent" }) ?? record.Any(_chance, sent => sent.IsEvent);
        return spend is null
            ? Earn(id, AnyResident())
            : Named(id, spend.Resident, "spend-refunded", spend, points => new RefundSpend(spend.Key, points));
    }

    private SentCommand Reversal(string id)
    {
        // Mostly earnings, else whatever there is: it is refused then.
        var earning = (_chance.Next(10) == 0 ? null : record.Any(_chance, sent => sent.Command is EarnPoints)) ?? record.Any(_chance, sent => sent.IsEvent);
        return earning is null
            ? Earn(id, AnyResident())
            : Named(id, earning.Resident, "activity-reversed", earning, points => new ReverseEarning(earning.Key, points));
    }

    // Names the event that this client sends next.
    private SentCommand EarlyReversal(string id)
    {
        _promisedTo = AnyResident();
        var coming = new SentCommand { Id = IdOf(_made), Resident = _promisedTo, Command = new ApplyDue(), EventType = "activity-completed", Data = [] };
        return Named(id, _promisedTo, "activity-reversed", coming, points => new ReverseEarning(coming.Key, points));
    }

    // Only what was acknowledged is known to lie in the other wallet by now.
    private SentCommand ForeignReversal(string id)
    {
        var resident = AnyResident();
        var other = record.Any(_chance, sent => sent.IsEvent && sent.Answer is not null && sent.Resident != resident);
        return other is null
            ? Earn(id, resident)
            : Named(id, resident, "activity-reversed", other, points => new ReverseEarning(other.Key, points), elsewhere: true);
    }

    private SentCommand Named(
        string id, string resident, string type, SentCommand target, Func<Points?, WalletCommand> command, bool elsewhere = false)
    {
        var data = new JsonObject { ["of"] = new JsonObject { ["id"] = target.Id } };
        var points = AnyPart();
        if (points is { } some)
        {
            data["points"] = some.Value;
        }

        return new() { Id = id, Resident = resident, Command = command(points), EventType = type, Data = data, NamesElsewhere = elsewhere };
    }

    private SentCommand DirectRefund(string id)
    {
        var spend = record.Any(_chance, sent => sent is { Command: SpendPoints, Answer.Status: HttpStatusCode.OK });
        if (spend is null)
        {
            return DirectSpend(id, AnyResident());
        }

        var points = AnyPart();
        return new()
        {
            Id = id,
            Resident = spend.Resident,
            Command = new RefundSpend(spend.Key, points),
            Path = string.Create(CultureInfo.InvariantCulture, $"/v1/residents/{spend.Resident}/transactions/{spend.Answer!.Transaction}/refunds"),
            Data = points is { } some ? new() { ["points"] = some.Value } : [],
        };
    }

    private SentCommand Adjustment(string id, string resident)
    {
        var points = _chance.Next(1, 25) * (_chance.Next(2) == 0 ? 1 : -1);
        return new()
        {
            Id = id,
            Resident = resident,
            Command = new AdjustPoints(new(points)),
            Path = $"/v1/residents/{resident}/adjustments",
            Data = new() { ["points"] = points, ["reason"] = "counted again" },
        };
    }

    private Points? AnyPart() => _chance.Next(2) == 0 ? null : new Points(_chance.Next(1, 25));
}
