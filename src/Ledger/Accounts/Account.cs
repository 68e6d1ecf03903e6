namespace Ledger.Accounts;

/// <summary>A name that points sit in. Bare names belong to the resident of the row; the rest belong to the community.</summary>
/// <remarks>Balance = in − out. The sum over all accounts is always zero. Default: not an account.</remarks>
/// <param name="Name">The name as stored, for example <c>available</c> or <c>merchant/tea-house</c>.</param>
public readonly record struct Account(string Name)
{
    /// <summary>The resident's points that can be spent; never below zero.</summary>
    public static Account Available => new("available");

    /// <summary>The resident's points that are awarded but not yet active; never below zero.</summary>
    public static Account Pending => new("pending");

    /// <summary>The resident's points set aside for a merchant; never below zero.</summary>
    public static Account Held => new("held");

    /// <summary>What the resident owes after a clawback; never above zero.</summary>
    public static Account Debt => new("debt");

    /// <summary>Points that expired unused.</summary>
    public static Account Breakage => new("breakage");

    /// <summary>Clawbacks that nobody repays; never above zero.</summary>
    public static Account WriteOff => new("write-off");

    /// <summary>Points that operators added or removed by hand. No issuance, because an activity may have any name.</summary>
    public static Account Adjustment => new("adjustment");

    /// <summary>Points on their way from one resident to another; zero when all is quiet.</summary>
    public static Account Transit => new("transit");

    /// <summary>Points created for a type of activity; never above zero.</summary>
    public static Account Issuance(ActivityType activity) => new($"issuance/{activity.Value}");

    /// <summary>Points owed to a merchant until settled.</summary>
    public static Account Merchant(MerchantId merchant) => new($"merchant/{merchant.Value}");

    /// <summary>Points that were settled with a merchant and paid.</summary>
    public static Account Settled(MerchantId merchant) => new($"settled/{merchant.Value}");

    /// <summary>Points in a purse of the community; below zero only when it gave away what a reversal takes back.</summary>
    public static Account Fund(FundId fund) => new($"fund/{fund.Value}");

    /// <summary>Does the account belong to the resident of the row?</summary>
    public bool IsResident => this == Available || this == Pending || this == Held || this == Debt;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
