using System.Collections.Immutable;

namespace Ledger.Grains.Verification;

/// <summary>One thing that is checked. A closed set, in the order in which a report shows it.</summary>
/// <param name="Name">Stable, for programs.</param>
/// <param name="Promise">What is true when nothing was found, in plain words.</param>
public sealed record VerificationCheck(string Name, string Promise)
{
    /// <summary>Numbers of transactions.</summary>
    public static readonly VerificationCheck Sequences = new("sequences", "Every wallet's transactions are numbered 1, 2, 3 … without a gap.");

    /// <summary>Hashes.</summary>
    public static readonly VerificationCheck Hashes = new("hashes", "Every transaction's hash covers its content and the hash before it.");

    /// <summary>Command keys.</summary>
    public static readonly VerificationCheck Keys = new("keys", "No command was recorded twice.");

    /// <summary>Times.</summary>
    public static readonly VerificationCheck Times = new("times", "Time never runs backwards inside a wallet.");

    /// <summary>Events.</summary>
    public static readonly VerificationCheck Events = new("events", "Every event can be read, and outcome and reference agree with it.");

    /// <summary>Replay.</summary>
    public static readonly VerificationCheck Replay = new("replay", "Every transaction follows from the state that the ones before it leave.");

    /// <summary>Balances.</summary>
    public static readonly VerificationCheck Balances = new("balances", "Recorded balances are those of the replay and of the postings, and none is negative.");

    /// <summary>Postings.</summary>
    public static readonly VerificationCheck Postings = new("postings", "Postings are exactly what the events say.");

    /// <summary>Lots.</summary>
    public static readonly VerificationCheck Lots = new("lots", "No lot gives more than it holds, and open lots add up to what is available.");

    /// <summary>Totals.</summary>
    public static readonly VerificationCheck Totals = new("totals", "The kept total of every account is the sum of its postings.");

    /// <summary>The sum over all accounts.</summary>
    public static readonly VerificationCheck Zero = new("zero", "All accounts together are zero.");

    /// <summary>The due index.</summary>
    public static readonly VerificationCheck Due = new("due", "Every wallet with something that will expire is or to be done elsewhere is in the index of due dates, at the right time.");

    /// <summary>References.</summary>
    public static readonly VerificationCheck References = new("references", "Every merchant's reference stands for the one transaction that names it.");

    /// <summary>Movements of merchants.</summary>
    public static readonly VerificationCheck Movements =
        new("movements", "What is kept of each merchant's sales and refunds is what its transactions moved, in their day or in the first one that was open.");

    /// <summary>Statements.</summary>
    public static readonly VerificationCheck Settlements =
        new("settlements", "Every statement is what its movements come to, and statements and open days together are what each merchant is owed.");

    /// <summary>Budgets.</summary>
    public static readonly VerificationCheck Budgets = new("budgets", "What each campaign's budget counts as drawn is what its awards drew.");

    /// <summary>The list of approvals.</summary>
    public static readonly VerificationCheck Approvals = new("approvals", "The list of what waits for a decision is exactly what the wallets have waiting.");

    /// <summary>Gifts between residents.</summary>
    public static readonly VerificationCheck Gifts = new("gifts", "Every gift either arrived whole, or came back whole, or is under way.");

    /// <summary>Stocks of limited rewards.</summary>
    public static readonly VerificationCheck Stocks =
        new("stocks", "What was put into a stock is left, kept for somebody or sold, and what was sold is what residents redeemed.");

    /// <summary>Redemptions by merchant.</summary>
    public static readonly VerificationCheck Redemptions = new("redemptions", "What was redeemed is in its merchant's list, and stands there where the wallet has it.");

    /// <summary>Households.</summary>
    public static readonly VerificationCheck Households =
        new("households", "Households and wallets agree on who belongs where; every pooled spend was paid by all of its members' shares or by none, and what came back of it went to those who paid.");

    /// <summary>Storage.</summary>
    public static readonly VerificationCheck Storage = new("storage", "Nothing is stored that belongs to no transaction, and the index of commands leads to the right ones.");

    /// <summary>All, in order.</summary>
    public static ImmutableArray<VerificationCheck> All { get; } =
        [Sequences, Hashes, Keys, Times, Events, Replay, Balances, Postings, Lots, Totals, Zero, Due, Approvals, Budgets, Movements, Settlements, References, Gifts, Stocks, Redemptions, Households, Storage];
}

/// <summary>A difference that was found.</summary>
/// <param name="Check">Which check found it.</param>
/// <param name="Stream">The wallet, for example <c>resident/r-1029</c>; null for the community as a whole.</param>
/// <param name="Sequence">The transaction; null for the wallet as a whole.</param>
/// <param name="Words">What differs, in plain words.</param>
public sealed record VerificationFinding(VerificationCheck Check, string? Stream, long? Sequence, string Words)
{
    /// <summary>Place and words, for people.</summary>
    public override string ToString() => (Stream, Sequence) switch
    {
        (null, _) => Words,
        (_, null) => $"{Stream}: {Words}",
        _ => $"{Stream} #{Sequence}: {Words}",
    };
}

/// <summary>What was checked and what was found.</summary>
public sealed record VerificationReport
{
    /// <summary>The community.</summary>
    public required CommunityId Community { get; init; }

    /// <summary>Transactions that were read.</summary>
    public required long Transactions { get; init; }

    /// <summary>Wallets and other streams that were read.</summary>
    public required long Streams { get; init; }

    /// <summary>Postings that were read.</summary>
    public required long Postings { get; init; }

    /// <summary>How many differences each check found; every check is there.</summary>
    public required ImmutableDictionary<VerificationCheck, long> Differences { get; init; }

    /// <summary>The first differences of each check.</summary>
    public required ImmutableArray<VerificationFinding> Findings { get; init; }

    /// <summary>
    /// SHA-256 over the last hash of every wallet, in hexadecimal. Whoever keeps it elsewhere can later tell whether somebody wrote the whole
    /// journal anew with fitting hashes: a thing that no check of the journal alone can find.
    /// </summary>
    public required string Digest { get; init; }

    /// <summary>True when nothing was found.</summary>
    public bool IsSound => Differences.Values.All(count => count == 0);
}
