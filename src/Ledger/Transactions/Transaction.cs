using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ledger.Accounts;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Transactions;

/// <summary>What one command did to one wallet: one sequence number, its events, the balances after it.</summary>
public sealed record Transaction
{
    /// <summary>The outcome of what was done.</summary>
    public const string Accepted = "accepted";

    /// <summary>The outcome of a reversal that waits for its activity, and of an adjustment that waits for a second operator.</summary>
    public const string Waiting = "waiting";

    /// <summary>The outcome of voiding a reference that no hold came with.</summary>
    public const string Voided = "voided";

    /// <summary>Its number in the wallet: from 1, no gap.</summary>
    public required long Sequence { get; init; }

    /// <summary>The command.</summary>
    public required CommandKey Key { get; init; }

    /// <summary>The index hash of <see cref="Key"/>.</summary>
    public required KeyHash KeyHash { get; init; }

    /// <summary>SHA-256 of the canonical command, 32 bytes.</summary>
    public required ReadOnlyMemory<byte> Fingerprint { get; init; }

    /// <summary>When it was decided, by the silo's clock.</summary>
    public required Instant RecordedAt { get; init; }

    /// <summary>The time it counts from.</summary>
    public required Instant EffectiveAt { get; init; }

    /// <summary><see cref="Accepted"/>, <see cref="Waiting"/>, or the code of a refusal.</summary>
    public required string Outcome { get; init; }

    /// <summary>What happened, in order.</summary>
    public required ImmutableArray<WalletEvent> Events { get; init; }

    /// <summary>The programme version that decided; 0 when none was in force.</summary>
    public required int ProgrammeVersion { get; init; }

    /// <summary>The earlier transaction that this one reverses, refunds, approves or rejects; null for most.</summary>
    public long? RefersTo { get; init; }

    /// <summary>The resident's accounts after it.</summary>
    public required Balances After { get; init; }

    /// <summary>
    /// What the command itself did: the last event, but for what that brought (a change of tier, or that a closed wallet keeps nothing). Null where
    /// nothing happened.
    /// </summary>
    [JsonIgnore]
    public WalletEvent? Deed => Events.LastOrDefault(happened => happened is not (TierChanged or PointsGivenUp)) ?? Events.LastOrDefault();

    /// <summary>The refusal; null when it was not refused.</summary>
    [JsonIgnore]
    public Refusal? Refusal => Events is [.., CommandRefused refused] ? refused.Refusal : null;

    /// <summary>The merchant's reference that stands for it; null for what is no hold, and for a share of a pooled spend.</summary>
    [JsonIgnore]
    public MerchantReference? Reference => Events switch
    {
        [.., PointsHeld { Share: null } held] => held.Reference,
        [.., CommandRefused refused] => refused.Reference,
        _ => null,
    };

    /// <summary>The redemption that it made, or was refused; null for others.</summary>
    [JsonIgnore]
    public RedemptionId? Redemption => Events switch
    {
        [.., RewardRedeemed redeemed] => redeemed.Redemption,
        [.., CommandRefused refused] => refused.Redemption,
        _ => null,
    };
}
