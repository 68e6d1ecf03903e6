using System.Globalization;
using Ledger.Api.Json;
using Ledger.Api.Problems;
using Ledger.Rewards;

namespace Ledger.Api.Mall;

/// <summary>Reads which redemption a request is about, and how many are wanted.</summary>
internal static class RedemptionPath
{
    /// <exception cref="RequestRefusedException">It is no id of a redemption.</exception>
    public static RedemptionId Id(string text) => RedemptionId.TryParse(text, out var id) ? id : throw NotFound();

    public static RequestRefusedException NotFound() => new(KnownProblems.RedemptionNotFound, "Nothing was redeemed under this id.");

    /// <summary>How many of a query; 1 where it does not say.</summary>
    /// <exception cref="RequestRefusedException">It is no such number.</exception>
    public static int Quantity(string? text) => text is null ? 1
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var quantity) ? Bounded(quantity, "quantity")
        : throw Wrong("quantity");

    /// <summary>How many of a body; 1 where it does not say.</summary>
    /// <exception cref="RequestRefusedException">It is no such number.</exception>
    public static int Quantity(JsonMembers members) => Bounded(members.OptionalWhole("quantity", 1) ?? 1, members.At("quantity"));

    private static int Bounded(long quantity, string path) => quantity is >= 1 and <= Reward.QuantityMax ? (int)quantity : throw Wrong(path);

    private static RequestRefusedException Wrong(string path) =>
        JsonMembers.Wrong(KnownProblems.QuantityInvalid, path, $"must be a whole number from 1 to {Reward.QuantityMax}");
}
