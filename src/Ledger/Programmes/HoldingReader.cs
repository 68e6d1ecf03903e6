namespace Ledger.Programmes;

/// <summary>Reads the most that awards bring a wallet to.</summary>
/// <remarks>
/// <code>
/// "holding": { "pointsMax": 90000, "overflow": { "kind": "fund", "fund": "charity" } }
/// </code>
/// </remarks>
internal static class HoldingReader
{
    public static HoldingPolicy? Read(JsonNodeReader parent)
    {
        if (parent.Optional("holding") is not { } element)
        {
            return null;
        }

        var reader = parent.Of(element, parent.At("holding"));
        var holding = new HoldingPolicy(new(reader.Whole("pointsMax", 1, Points.Max.Value) ?? 1), Fund(reader));
        reader.NothingElse();
        return holding;
    }

    // Null: what overflows is cut.
    private static FundId? Fund(JsonNodeReader parent)
    {
        if (parent.Optional("overflow") is not { } element)
        {
            return null;
        }

        var reader = parent.Of(element, parent.At("overflow"));
        var kind = reader.Text("kind");
        var fund = kind == "fund" ? reader.Id("fund") : null;
        reader.Known(kind, kind is "fund" or "cut" ? kind : null, "fund, cut");
        return fund is null ? null : new FundId(fund);
    }
}
