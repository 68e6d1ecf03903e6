namespace Ledger.Api.Security;

/// <summary>What a key may do. A key may have several roles.</summary>
[Flags]
public enum Roles
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A community app: sends events of its granted sources, spends and refunds, reads residents.</summary>
    App = 1,

    /// <summary>A merchant's till: holds by paycode, captures and refunds at its own merchant.</summary>
    Merchant = 2,

    /// <summary>A resident: reads that one resident, and gets paycodes for it.</summary>
    Resident = 4,

    /// <summary>An operator: reads everything of its community, adjusts, manages keys and programmes.</summary>
    Operator = 8,
}
