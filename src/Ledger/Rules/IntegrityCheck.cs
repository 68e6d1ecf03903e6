using System.Text.Json.Serialization;
using NodaTime;

namespace Ledger.Rules;

/// <summary>What is looked at in an activity that people entered, because hours that nobody served are this field's fraud. A closed set.</summary>
/// <remarks>
/// A hit is an <see cref="IntegritySignal"/>. It accuses nobody: it is shown with its numbers, and may make the award wait for a second person.
/// </remarks>
public abstract record IntegrityCheck
{
    private protected IntegrityCheck(bool holds) => Holds = holds;

    /// <summary>Does a hit make the award wait, rather than only show?</summary>
    public bool Holds { get; }

    /// <summary>The activity's time overlaps that of another one of the resident. The quantity is minutes, and they end when it occurred.</summary>
    /// <param name="Holds">Does a hit hold?</param>
    public sealed record Overlap(bool Holds) : IntegrityCheck(Holds);

    /// <summary>The resident's activities with this check or <see cref="Overlap"/> are more minutes in one local day than anybody serves.</summary>
    /// <param name="MinutesMax">The most. 1 to 1440.</param>
    /// <param name="Holds">Does a hit hold?</param>
    public sealed record HoursPerDay(int MinutesMax, bool Holds) : IntegrityCheck(Holds);

    /// <summary>More of the resident's activities with a check of hours or of this kind were entered within an hour than anybody enters who enters them as they happen.</summary>
    /// <param name="PerHourMax">The most. 1 to 1000.</param>
    /// <param name="Holds">Does a hit hold?</param>
    public sealed record EntryRate(int PerHourMax, bool Holds) : IntegrityCheck(Holds);

    /// <summary>Whoever entered the activity entered more of those with this check within an hour, for any residents of the community, than anybody enters who was there.</summary>
    /// <param name="PerHourMax">The most. 1 to <see cref="CountedMax"/>.</param>
    /// <param name="Holds">Does a hit hold?</param>
    public sealed record MakerRate(int PerHourMax, bool Holds) : IntegrityCheck(Holds)
    {
        /// <summary>The most entries of one person within an hour that are counted.</summary>
        public const int CountedMax = 1000;
    }

    /// <summary>Who organised the activity is who gets the points.</summary>
    /// <param name="Holds">Does a hit hold?</param>
    public sealed record OrganiserIsBeneficiary(bool Holds) : IntegrityCheck(Holds);

    /// <summary>One and the same person approves nearly all of a resident's awards. It is looked at when somebody approves: a hit that holds asks for somebody else.</summary>
    /// <param name="Last">How many of the resident's last approvals count, this one included; with fewer there is no hit. 2 to <see cref="LastMax"/>.</param>
    /// <param name="BasisPointsMax">The largest share of one person, in ten-thousandths. 0 to 9999.</param>
    /// <param name="Holds">Does a hit hold?</param>
    public sealed record ApproverShare(int Last, int BasisPointsMax, bool Holds) : IntegrityCheck(Holds)
    {
        /// <summary>The most approvals of a resident that are remembered.</summary>
        public const int LastMax = 32;
    }
}

/// <summary>A check that hit, with its numbers. A closed set; stored for ever.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "signal")]
[JsonDerivedType(typeof(Overlap), "overlap")]
[JsonDerivedType(typeof(HoursPerDay), "hours_per_day")]
[JsonDerivedType(typeof(EntryRate), "entry_rate")]
[JsonDerivedType(typeof(MakerRate), "maker_rate")]
[JsonDerivedType(typeof(OrganiserIsBeneficiary), "organiser_is_beneficiary")]
[JsonDerivedType(typeof(ApproverShare), "approver_share")]
public abstract record IntegritySignal
{
    private protected IntegritySignal()
    {
    }

    /// <summary>Did it make the award wait?</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Holds { get; init; }

    /// <summary>Two activities at the same time.</summary>
    /// <param name="With">The other one's transaction.</param>
    /// <param name="From">When that one began.</param>
    /// <param name="Until">When it ended.</param>
    /// <param name="Minutes">For how long both went on; what lasts less than a minute counts as one.</param>
    public sealed record Overlap(long With, Instant From, Instant Until, long Minutes) : IntegritySignal;

    /// <summary>More in one day than anybody serves.</summary>
    /// <param name="Date">The local date.</param>
    /// <param name="Minutes">Minutes on it, this activity included.</param>
    /// <param name="MinutesMax">The most.</param>
    public sealed record HoursPerDay(LocalDate Date, long Minutes, long MinutesMax) : IntegritySignal;

    /// <summary>Entered in bulk.</summary>
    /// <param name="Entered">Activities of the resident entered within an hour, this one included.</param>
    /// <param name="PerHourMax">The most.</param>
    public sealed record EntryRate(long Entered, long PerHourMax) : IntegritySignal;

    /// <summary>Entered in bulk by one person.</summary>
    /// <param name="Maker">Who.</param>
    /// <param name="Entered">Activities that this person entered within an hour, this one included; after some more than <see cref="IntegrityCheck.MakerRate.CountedMax"/> nobody counts.</param>
    /// <param name="PerHourMax">The most.</param>
    public sealed record MakerRate(string Maker, long Entered, long PerHourMax) : IntegritySignal;

    /// <summary>Who organised gets the points.</summary>
    /// <param name="Organiser">Who.</param>
    public sealed record OrganiserIsBeneficiary(string Organiser) : IntegritySignal;

    /// <summary>One person approves nearly all.</summary>
    /// <param name="Approver">Who.</param>
    /// <param name="Approved">Approvals of that person, this one included.</param>
    /// <param name="Of">The resident's last approvals, this one included.</param>
    /// <param name="BasisPointsMax">The largest share of one person.</param>
    public sealed record ApproverShare(string Approver, int Approved, int Of, int BasisPointsMax) : IntegritySignal;
}
