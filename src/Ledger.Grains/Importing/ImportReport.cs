using System.Collections.Immutable;

namespace Ledger.Grains.Importing;

/// <summary>What became of the rows of a file.</summary>
public sealed record ImportReport
{
    /// <summary>Rows that count: the first valid one of each event id.</summary>
    public required long Rows { get; init; }

    /// <summary>Rows that are not valid.</summary>
    public required long BadRows { get; init; }

    /// <summary>Valid rows whose event id an earlier line has.</summary>
    public required long Duplicates { get; init; }

    /// <summary>Rows whose event id the journal knew before: an earlier import had them.</summary>
    public required long AlreadyImported { get; init; }

    /// <summary>Rows that this import recorded, refused ones with them.</summary>
    public required long Recorded { get; init; }

    /// <summary>Accepted earnings.</summary>
    public required long Earned { get; init; }

    /// <summary>Accepted earnings that a cap cut, to zero or to less than computed.</summary>
    public required long EarnsClipped { get; init; }

    /// <summary>Accepted spends.</summary>
    public required long Spent { get; init; }

    /// <summary>Accepted reversals of earnings and refunds of spends.</summary>
    public required long Reversed { get; init; }

    /// <summary>Points that reversals asked for beyond what was left; they are ignored.</summary>
    public required long ReverseExcessPoints { get; init; }

    /// <summary>Refused rows by the code of the refusal.</summary>
    public required ImmutableSortedDictionary<string, long> Refused { get; init; }
}
