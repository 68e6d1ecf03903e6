namespace Ledger.Programmes;

/// <summary>What each member of a programme sets, in a sentence that editors show. A new member needs a line here; a test says so.</summary>
internal static class MemberWords
{
    /// <summary>By name, or by owner and name where the same name means different things.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["$schema"] = "Where this schema lies, for editors; without meaning for the ledger.",
        ["zone"] = "Zone of the tz database; all dates are local dates in it.",
        ["tiers"] = "Levels of membership that points reach.",
        ["programme.activities"] = "What each type of activity earns.",
        ["programme.caps"] = "Caps that several types of activity share.",
        ["campaigns"] = "More points for a while.",
        ["programme.expiry"] = "When lots expire whose activity does not say.",
        ["holding"] = "The most that awards bring a wallet to.",
        ["holding.pointsMax"] = "Available, pending and held points together.",
        ["overflow"] = "Where the rest of an award goes; absent: it is cut.",
        ["fund"] = "The fund that gets it.",
        ["expiryWarnings"] = "When residents are warned of points that will expire.",
        ["daysBefore"] = "So many days of 24 hours before; absent for 30 and 7.",
        ["noWarningNoExpiry"] = "Do points stay until a warning was given in time?",
        ["clawback"] = "A reversal finds the points spent: the resident owes them, or the community bears them.",
        ["refundGraceDays"] = "Days that refunded points get when their lot expired meanwhile; 0: they expire at once.",
        ["lateness"] = "How late and how early an event may come.",
        ["adjustments"] = "Which adjustments need a second operator.",
        ["secondOperatorAbove"] = "More points than these, added or removed, need one.",
        ["expiresAfterDays"] = "Local days after which what nobody approved is rejected.",
        ["daysMax"] = "How many days ago an activity may have taken place.",
        ["daysMaxBySource"] = "The same for single CloudEvents sources.",
        ["minutesAheadMax"] = "How many minutes the clock of an app may be ahead.",
        ["validityDaysMin"] = "How many days late points stay usable at least.",

        ["basis"] = "Which points count.",
        ["graceDays"] = "Local days that a tier is kept after the period that reached it.",
        ["levels"] = "The tiers, each for more points than the one before.",
        ["neverBelow"] = "Who once reached this tier never falls below it.",
        ["levels.id"] = "The name of the tier, for conditions and for ever.",
        ["levels.from"] = "Points that reach it.",
        ["multiplierBasisPoints"] = "Factor on what rules give to its holder, in ten-thousandths: 11000 gives a tenth more.",
        ["earlyAccessHours"] = "Hours by which its holder may come earlier; shown with the balance.",
        ["rolling_months.months"] = "Local months that count, with the one under way.",

        ["type"] = "The type that events name, or \"*\" for every type that has no entry of its own.",
        ["names"] = "What people call it, by language tag.",
        ["award"] = "What is earned.",
        ["rules"] = "Instead of one award: of the rules that match and do not stack the one that gives most, and all that stack.",
        ["activities.caps"] = "The most that one resident earns with it in a period.",
        ["pending"] = "When its points become active; absent for at once.",
        ["approval"] = "Who must agree to its awards; absent for nobody.",
        ["objection.days"] = "Local days in which somebody may object.",
        ["checks"] = "What is looked for in entered hours.",
        ["onHit"] = "What is found is shown, or the award waits for a second person.",
        ["minutesMax"] = "The most minutes in a local day.",
        ["perHourMax"] = "The most entries for one resident in an hour.",
        ["last"] = "So many approvals of a resident are looked at.",
        ["basisPointsMax"] = "The most of them by one person, in ten-thousandths.",
        ["activities.expiry"] = "When its points expire; absent for as the programme says.",
        ["rules.id"] = "Names the rule in explanations, for ever.",
        ["rules.stacks"] = "Does it come on top of the rule that gives most?",
        ["when"] = "Conditions that must all hold; absent for always.",

        ["points"] = "Points for one award.",
        ["per_unit.points"] = "Points for so many units of quantity.",
        ["bonus.points"] = "Points on top.",
        ["units"] = "Units of quantity for which the points are given.",
        ["rounding"] = "What becomes of a fraction of a point.",
        ["brackets.brackets"] = "Rates by quantity; the first begins at 0.",
        ["brackets.from"] = "The quantity from which on the rate counts.",
        ["brackets.points"] = "Points for the units that lie within the bracket.",
        ["basis_points.basisPoints"] = "Ten-thousandths of the quantity: 150 are 1.5 %.",
        ["multiply.basisPoints"] = "The factor in ten-thousandths: 20000 doubles.",

        ["min"] = "The least; absent for no lower end.",
        ["max"] = "The most; absent for no upper end.",
        ["attribute"] = "The attribute that the event tells.",
        ["word.in"] = "The attribute is one of these words.",
        ["tier.in"] = "The resident held one of these tiers when it took place.",
        ["tag.in"] = "The resident has one of these tags.",
        ["during.days"] = "Days of the week; absent for all.",
        ["during.from"] = "Local time from which on it holds; absent for the start of the day.",
        ["until"] = "Local time from which on it no longer holds, 24:00 for the end of the day.",
        ["from"] = "The first local date.",
        ["through"] = "The last local date.",
        ["number"] = "The how manyth of its type it is.",
        ["length"] = "So many local days or weeks in a row.",
        ["per"] = "The period that is counted, by the local date of the activity.",

        ["caps.points"] = "The most points; this or times.",
        ["caps.times"] = "The most awards of more than zero points; this or points.",
        ["onExcess"] = "What lies above is cut, or the activity is refused.",
        ["onReversal"] = "What is taken back stays counted, or becomes free again.",
        ["caps.id"] = "The name of the cap, for ever: a later version with the same id goes on counting.",
        ["activities"] = "For which types of activity; absent for all.",

        ["campaigns.id"] = "The name of the campaign, for ever: a later version with the same id goes on counting.",
        ["effect"] = "How much more it gives.",
        ["campaigns.stacks"] = "Does it come on top of the campaign that adds most?",
        ["campaigns.pointsMax"] = "The most points that one resident gets from it in all.",
        ["timesMax"] = "How often one resident gets something from it in all.",

        ["budget"] = "The most that it gives to all residents together.",
        ["budget.points"] = "Points; this, awards, or both.",
        ["awards"] = "Awards to which it gave something.",

        ["days.days"] = "So many local days after the day of the activity.",
        ["until.date"] = "The local date.",
        ["inactivity.months"] = "Months after the local date on which the resident last did something that counts.",
        ["counts"] = "What counts: earning, spending; absent for both.",
        ["months"] = "Months after the local date of the activity.",
        ["roundUp"] = "To the end of which period it is moved.",
        ["on_date.date"] = "The last usable local date.",
        ["month"] = "The month of the last usable date.",
        ["day"] = "The day of that month.",
        ["monthsMin"] = "The least months that points are usable.",
    };

    /// <summary>The sentence of a member.</summary>
    /// <param name="owner">The member or the kind that it belongs to.</param>
    /// <param name="member">Its name.</param>
    public static string Of(string owner, string member) =>
        All.GetValueOrDefault($"{owner}.{member}") ?? All.GetValueOrDefault(member) ?? string.Empty;
}
