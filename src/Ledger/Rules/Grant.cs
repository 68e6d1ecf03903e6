namespace Ledger.Rules;

/// <summary>What one rule, campaign or tier gave of an award, before caps.</summary>
/// <param name="By">Its name, for example <c>rule/weekend</c> or <c>campaign/double-weekend</c>.</param>
/// <param name="Points">How many; may be zero.</param>
public readonly record struct Grant(string By, Points Points);
