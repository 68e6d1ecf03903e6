using System.Globalization;
using System.Net;
using Ledger.Rewards;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Fault.Tests.Clients;

/// <summary>Makes up what one resident does: earns once, redeems a limited reward, cancels now and then, and exchanges gifts with a neighbour who does the same.</summary>
/// <param name="tenant">Of which community.</param>
/// <param name="record">Where it notes the commands.</param>
/// <param name="seed">What all of them start from.</param>
/// <param name="client">Which one of them this is: of each two neighbours one is even.</param>
internal sealed class MallDraw(Tenant tenant, ClientRecord record, int seed, int client) : ICommandDraw
{
    /// <summary>What everybody wants.</summary>
    public static readonly RewardId Wanted = new("tea");

    /// <summary>What one costs.</summary>
    public const long Price = 3;

    /// <summary>What everybody earns: some will want more.</summary>
    public const long Earned = 40;

    private readonly List<SentCommand> _redeemed = [];
    private readonly string _resident = ResidentOf(client);
    private int _made;

    public Random Chance { get; } = new(HashCode.Combine(seed, client));

    public SentCommand Next()
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{client}-{_made}");
        var command = _made++ == 0 ? Earn(id) : Chance.Next(10) switch
        {
            < 5 => Redeem(id),
            < 7 => Cancel(id),
            _ => Give(id),
        };
        record.Add(command);
        return command;
    }

    /// <summary>An operator puts some into the stock.</summary>
    public static SentCommand Put(string id, int count) => new()
    {
        Id = id,
        Resident = "nobody",
        Command = null,
        Path = $"/v1/rewards/{Wanted}/stock",
        Data = new() { ["change"] = count },
    };

    private static string ResidentOf(int client) => string.Create(CultureInfo.InvariantCulture, $"r-{client}");

    private SentCommand Earn(string id) => new()
    {
        Id = id,
        Resident = _resident,
        Command = new EarnPoints(ActivityType.Parse("service"), Earned, SystemClock.Instance.GetCurrentInstant()),
        EventType = "activity-completed",
        Data = new() { ["activity"] = "service", ["quantity"] = Earned },
    };

    private SentCommand Redeem(string id)
    {
        var quantity = Chance.Next(1, 4);
        var redeem = new SentCommand
        {
            Id = id,
            Resident = _resident,
            Command = new RedeemReward(Wanted, quantity, RedemptionId.Of(CommandKey.Client(Tenant.Client, id).HashIn(tenant.Id))),
            Path = $"/v1/residents/{_resident}/redemptions",
            Data = new() { ["reward"] = Wanted.Value, ["quantity"] = quantity },
        };
        _redeemed.Add(redeem);
        return redeem;
    }

    // Perhaps once more what is cancelled already.
    private SentCommand Cancel(string id)
    {
        var accepted = _redeemed.Where(sent => sent.Answer?.Status == HttpStatusCode.OK).ToList();
        if (accepted.Count == 0)
        {
            return Redeem(id);
        }

        var redemption = ((RedeemReward)accepted[Chance.Next(accepted.Count)].Command!).Redemption;
        return new()
        {
            Id = id,
            Resident = _resident,
            Command = new CancelRedemption(redemption, Party.Operator),
            Path = $"/v1/redemptions/{redemption}/cancel",
            Data = [],
        };
    }

    private SentCommand Give(string id)
    {
        var (to, points) = (ResidentOf(client ^ 1), Chance.Next(1, 6));
        return new()
        {
            Id = id,
            Resident = _resident,
            Command = new GivePoints(ResidentId.Parse(to), new(points)),
            Path = $"/v1/residents/{_resident}/gifts",
            Data = new() { ["to"] = to, ["points"] = points },
        };
    }
}
