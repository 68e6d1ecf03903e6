using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;

namespace Ledger.Settlements;

/// <summary>What happened to a merchant's statements. A closed set.</summary>
/// <remarks>
/// The JSON is stored for ever and hashed, as that of <see cref="Wallets.WalletEvent"/>. Each event tells what the merchant is owed after it, so that whoever
/// goes on needs the last one only.
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(StatementClosed), "statement_closed.v1")]
[JsonDerivedType(typeof(StatementDisputed), "statement_disputed.v1")]
[JsonDerivedType(typeof(StatementConfirmed), "statement_confirmed.v1")]
[JsonDerivedType(typeof(StatementCleared), "statement_cleared.v1")]
[JsonDerivedType(typeof(StatementPaid), "statement_paid.v1")]
[JsonDerivedType(typeof(StatementRefused), "statement_refused.v1")]
public abstract record SettlementEvent
{
    private protected SettlementEvent(LocalDate day, Standing? after) => (Day, After) = (day, after);

    /// <summary>The settlement day of the statement.</summary>
    public LocalDate Day { get; init; }

    /// <summary>How the merchant stands after it; null for what was refused before its first statement.</summary>
    public Standing? After { get; init; }
}

/// <summary>How a merchant stands.</summary>
/// <param name="Through">The last day that is closed.</param>
/// <param name="Owed">What it is owed of all closed days and was not paid.</param>
public sealed record Standing(LocalDate Through, Owed Owed);

/// <summary>A day was closed: its statement says what it came to, and does not change any more.</summary>
/// <param name="Day">The settlement day.</param>
/// <param name="After">How the merchant stands after it.</param>
/// <param name="Opening">What it was owed before: of earlier days, less what was paid.</param>
/// <param name="Sales">How many captures and spends.</param>
/// <param name="Captured">What they came to.</param>
/// <param name="Refunds">How many refunds.</param>
/// <param name="Refunded">What they took back, as positive numbers.</param>
/// <param name="Signals">What is odd in the day; null for nothing.</param>
public sealed record StatementClosed(
    LocalDate Day, Standing After, Owed Opening, long Sales, Owed Captured, long Refunds, Owed Refunded, SettlementSignals? Signals = null)
    : SettlementEvent(Day, After)
{
    /// <summary>What the day came to.</summary>
    [JsonIgnore]
    public Owed Net => Captured - Refunded;
}

/// <summary>Somebody objects to a statement: it is not paid meanwhile.</summary>
/// <param name="Day">The settlement day.</param>
/// <param name="After">How the merchant stands after it.</param>
/// <param name="NoteDigest">The digest of the reason.</param>
public sealed record StatementDisputed(LocalDate Day, Standing After, string NoteDigest) : SettlementEvent(Day, After);

/// <summary>A dispute is over: the statement stands as it was closed.</summary>
/// <param name="Day">The settlement day.</param>
/// <param name="After">How the merchant stands after it.</param>
/// <param name="NoteDigest">The digest of what was found.</param>
public sealed record StatementConfirmed(LocalDate Day, Standing After, string NoteDigest) : SettlementEvent(Day, After);

/// <summary>An operator looked at what is odd in a statement and lets it be paid.</summary>
/// <param name="Day">The settlement day.</param>
/// <param name="After">How the merchant stands after it.</param>
/// <param name="NoteDigest">The digest of what was found.</param>
public sealed record StatementCleared(LocalDate Day, Standing After, string NoteDigest) : SettlementEvent(Day, After);

/// <summary>A statement was paid: what it came to is owed no longer.</summary>
/// <param name="Day">The settlement day.</param>
/// <param name="After">How the merchant stands after it.</param>
/// <param name="Net">What was paid; less than zero where the merchant paid back.</param>
/// <param name="Reference">The name of the payment where it was made, for example at the bank.</param>
public sealed record StatementPaid(LocalDate Day, Standing After, Owed Net, string Reference) : SettlementEvent(Day, After);

/// <summary>A command about a statement was refused: nothing happened, and the same command stays refused.</summary>
/// <param name="Day">The settlement day.</param>
/// <param name="After">How the merchant stands, as before; null before its first statement.</param>
/// <param name="Objection">Why.</param>
/// <param name="EndsAt">The cut-off of the day, by the terms that counted then.</param>
public sealed record StatementRefused(LocalDate Day, Standing? After, StatementObjection Objection, Instant EndsAt) : SettlementEvent(Day, After)
{
    /// <summary>The objection as the code that callers hear: <c>statement_not_due</c>.</summary>
    [JsonIgnore]
    public string Code => "statement_" + JsonNamingPolicy.SnakeCaseLower.ConvertName(Objection.ToString());
}
