using System.Collections.Immutable;
using NodaTime;

namespace Ledger.Merchants;

/// <summary>A merchant as the register has it.</summary>
public sealed record Merchant
{
    /// <summary>The identifier.</summary>
    public required MerchantId Id { get; init; }

    /// <summary>The name in Chinese.</summary>
    public required string NameZh { get; init; }

    /// <summary>The name in English.</summary>
    public required string NameEn { get; init; }

    /// <summary>What it offers, for example <c>shops</c> or <c>health</c>; an identifier.</summary>
    public required string Category { get; init; }

    /// <summary>May it sell?</summary>
    public required MerchantStatus Status { get; init; }

    /// <summary>The tills that may sell and refund; none listed means any.</summary>
    public ImmutableArray<string> Terminals { get; init; } = [];

    /// <summary>Who serves there.</summary>
    public ImmutableArray<Cashier> Cashiers { get; init; } = [];

    /// <summary>Every version of its terms, by start.</summary>
    public ImmutableArray<MerchantTerms> Terms { get; init; } = [];

    /// <summary>What is odd in a day; null for nothing.</summary>
    public MerchantLimits? Limits { get; init; }

    /// <summary>The terms that count at an instant.</summary>
    public MerchantTerms TermsAt(Instant at)
    {
        for (var i = Terms.Length - 1; i >= 0; i--)
        {
            if (Terms[i].EffectiveFrom <= at)
            {
                return Terms[i];
            }
        }

        return MerchantTerms.None;
    }

    /// <summary>May this till sell and refund? One that is not said may.</summary>
    public bool Knows(string? terminal) => terminal is null || Terminals.IsEmpty || Terminals.Contains(terminal);
}

/// <summary>May a merchant sell?</summary>
public enum MerchantStatus
{
    /// <summary>It may.</summary>
    Active,

    /// <summary>Nothing new is sold: holds and spends are refused. What was held before is captured, and refunds go on.</summary>
    Suspended,
}

/// <summary>Somebody who serves at a merchant.</summary>
/// <param name="Id">An opaque id, as tills say it.</param>
/// <param name="Resident">The resident that this is; null where nobody said.</param>
public sealed record Cashier(string Id, ResidentId? Resident);
