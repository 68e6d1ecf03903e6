using System.Xml.Linq;
using FsCheck.Fluent;
using Ledger.Programmes;
using Ledger.Rules;
using Ledger.Tests.Laws;
using NodaTime;

namespace Ledger.Tests.Programmes;

public sealed class ProgrammeReaderTests
{
    private const string Award = """ "award": { "kind": "fixed", "points": 1 } """;

    [Fact]
    public void The_example_in_the_documentation_reads()
    {
        var programme = Valid(ExampleInTheDocumentation());

        Assert.Equal("Asia/Shanghai", programme.Zone.Id);
        Assert.Equal(new ExpiryPolicy.Rolling(12, RoundUp.Month), programme.Expiry);
        Assert.Equal(Clawback.Debt, programme.Clawback);
        Assert.Equal(0, programme.RefundGraceDays);
        Assert.Equal((30, 5, 30), (programme.Lateness.DaysMax, programme.Lateness.MinutesAheadMax, programme.Lateness.ValidityDaysMin));
        Assert.Equal(90, programme.Lateness.DaysMaxOf("event:/clinic"));
        Assert.Equal(30, programme.Lateness.DaysMaxOf("event:/other"));
        var service = programme.RuleFor(ActivityType.Parse("charity-service"))!;
        Assert.Equal(new AwardFormula.PerUnit(new(10), 60, Rounding.Down), service.Rules[0].Formula);
        Assert.Equal([new Cap(CapPeriod.LocalDay, 100, CapReversal.Keep)], service.Caps);
        Assert.Null(service.Expiry);
        Assert.Equal("公益服务", service.Names["zh-CN"]);
        Assert.Equal(new AwardFormula.Fixed(new(1)), programme.RuleFor(ActivityType.Parse("anything"))!.Rules[0].Formula);
    }

    [Fact]
    public void What_is_left_out_has_its_default()
    {
        var programme = Valid("""{ "activities": [ { "type": "walk", "award": { "kind": "per_unit", "points": 2 } } ] }""");

        Assert.Equal("Asia/Shanghai", programme.Zone.Id);
        Assert.Equal(ExpiryPolicy.Never.Instance, programme.Expiry);
        Assert.Equal(Clawback.Debt, programme.Clawback);
        Assert.Equal(0, programme.RefundGraceDays);
        Assert.Equal(Lateness.Default, programme.Lateness);
        Assert.Null(programme.AnyActivity);
        var walk = programme.RuleFor(ActivityType.Parse("walk"))!;
        Assert.Equal(new AwardFormula.PerUnit(new(2), 1, Rounding.Down), walk.Rules[0].Formula);
        Assert.Empty(walk.Caps);
        Assert.Empty(walk.Names);
        Assert.Null(programme.RuleFor(ActivityType.Parse("swim")));
    }

    [Fact]
    public void Every_word_has_its_meaning()
    {
        var programme = Valid("""
            { "zone": "America/Sao_Paulo", "clawback": "write_off", "refundGraceDays": 366, "expiry": { "kind": "never" },
              "lateness": { "daysMax": 0, "minutesAheadMax": 0, "validityDaysMin": 0 },
              "activities": [
                { "type": "a", "award": { "kind": "per_unit", "points": 1, "units": 3, "rounding": "up" },
                  "expiry": { "kind": "rolling", "months": 600, "roundUp": "quarter" },
                  "caps": [ { "per": "local_day", "points": 1, "onReversal": "restore" }, { "per": "month", "points": 9007199254740991 } ] },
                { "type": "b", "award": { "kind": "per_unit", "points": 1, "units": 3, "rounding": "half_up" },
                  "expiry": { "kind": "rolling", "months": 1, "roundUp": "year" } },
                { "type": "c", "award": { "kind": "fixed", "points": 9007199254740991 }, "expiry": { "kind": "rolling", "months": 1, "roundUp": "none" } },
                { "type": "adjustment", "award": { "kind": "fixed", "points": 1 } } ] }
            """);

        Assert.Equal(Clawback.WriteOff, programme.Clawback);
        Assert.Equal(366, programme.RefundGraceDays);
        Assert.Equal((0, 0, 0), (programme.Lateness.DaysMax, programme.Lateness.MinutesAheadMax, programme.Lateness.ValidityDaysMin));
        var a = programme.RuleFor(ActivityType.Parse("a"))!;
        Assert.Equal(Rounding.Up, ((AwardFormula.PerUnit)a.Rules[0].Formula).Rounding);
        Assert.Equal(new ExpiryPolicy.Rolling(600, RoundUp.Quarter), a.Expiry);
        Assert.Equal(
            [new Cap(CapPeriod.LocalDay, 1, CapReversal.Restore), new Cap(CapPeriod.Month, Points.Max.Value, CapReversal.Keep)], a.Caps);
        Assert.Equal(Rounding.HalfUp, ((AwardFormula.PerUnit)programme.RuleFor(ActivityType.Parse("b"))!.Rules[0].Formula).Rounding);
        Assert.Equal(new ExpiryPolicy.Rolling(1, RoundUp.Year), programme.RuleFor(ActivityType.Parse("b"))!.Expiry);
        Assert.Equal(new ExpiryPolicy.Rolling(1, RoundUp.None), programme.RuleFor(ActivityType.Parse("c"))!.Expiry);
        Assert.NotNull(programme.RuleFor(ActivityType.Parse("adjustment")));
    }

    [Theory]
    [InlineData("[]", "$: must be an object, is a list")]
    [InlineData("null", "$: must be an object, is nothing")]
    [InlineData("{}", "$.activities: is missing")]
    [InlineData("""{ "activities": null }""", "$.activities: is missing")]
    [InlineData("""{ "activities": {} }""", "$.activities: must be a list, is an object")]
    [InlineData("""{ "activities": [ 5 ] }""", "$.activities[0]: must be an object, is 5")]
    [InlineData("""{ "activities": [], "zone": "Asia/Nowhere" }""", "$.zone: must be a zone of the tz database such as Asia/Shanghai; is \"Asia/Nowhere\"")]
    [InlineData("""{ "activities": [], "zone": 8 }""", "$.zone: must be a text, is 8")]
    [InlineData("""{ "activities": [], "zome": "Asia/Shanghai" }""", "$.zome: is not known here; known are $schema, zone, tiers, activities, caps, campaigns, expiry, clawback, refundGraceDays, lateness, adjustments, holding, gifts, funds, expiryWarnings")]
    [InlineData("""{ "activities": [], "Zone": "Asia/Shanghai" }""", "$.Zone: is not known here; known are $schema, zone, tiers, activities, caps, campaigns, expiry, clawback, refundGraceDays, lateness, adjustments, holding, gifts, funds, expiryWarnings")]
    [InlineData("""{ "activities": [], "clawback": "forgive" }""", "$.clawback: must be one of debt, write_off; is \"forgive\"")]
    [InlineData("""{ "activities": [], "clawback": true }""", "$.clawback: must be a text, is true")]
    [InlineData("""{ "activities": [], "refundGraceDays": -1 }""", "$.refundGraceDays: must be from 0 to 366, is -1")]
    [InlineData("""{ "activities": [], "refundGraceDays": 367 }""", "$.refundGraceDays: must be from 0 to 366, is 367")]
    [InlineData("""{ "activities": [], "refundGraceDays": 1.5 }""", "$.refundGraceDays: must be a whole number from 0 to 366, is 1.5")]
    [InlineData("""{ "activities": [], "refundGraceDays": "5" }""", "$.refundGraceDays: must be a whole number from 0 to 366, is the text \"5\"")]
    [InlineData("""{ "activities": [], "expiry": "never" }""", "$.expiry: must be an object, is the text \"never\"")]
    [InlineData("""{ "activities": [], "expiry": {} }""", "$.expiry.kind: is missing")]
    [InlineData("""{ "activities": [], "expiry": { "kind": "soon" } }""", "$.expiry.kind: must be one of never, rolling, on_date, yearly, inactivity; is \"soon\"")]
    [InlineData("""{ "activities": [], "expiry": { "kind": "never", "months": 3 } }""", "$.expiry.months: is not known here; known are kind")]
    [InlineData("""{ "activities": [], "expiry": { "kind": "rolling" } }""", "$.expiry.months: is missing")]
    [InlineData("""{ "activities": [], "expiry": { "kind": "inactivity" } }""", "$.expiry.months: is missing")]
    [InlineData("""{ "activities": [], "expiry": { "kind": "inactivity", "months": 601 } }""", "$.expiry.months: must be from 1 to 600, is 601")]
    [InlineData("""{ "activities": [], "expiry": { "kind": "inactivity", "months": 1, "counts": [] } }""", "$.expiry.counts: must name at least one act")]
    [InlineData("""{ "activities": [], "expiry": { "kind": "inactivity", "months": 1, "counts": [ "spent", "expired" ] } }""", "$.expiry.counts[1]: must be one of earned, spent")]
    [InlineData("""{ "activities": [], "expiry": { "kind": "inactivity", "months": 1, "roundUp": "month" } }""", "$.expiry.roundUp: is not known here; known are kind, months, counts")]
    [InlineData("""{ "activities": [], "expiry": { "kind": "rolling", "months": 0 } }""", "$.expiry.months: must be from 1 to 600, is 0")]
    [InlineData("""{ "activities": [], "expiry": { "kind": "rolling", "months": 601 } }""", "$.expiry.months: must be from 1 to 600, is 601")]
    [InlineData("""{ "activities": [], "expiry": { "kind": "rolling", "months": 1, "roundUp": "week" } }""", "$.expiry.roundUp: must be one of none, month, quarter, year; is \"week\"")]
    [InlineData("""{ "activities": [], "lateness": [] }""", "$.lateness: must be an object, is a list")]
    [InlineData("""{ "activities": [], "lateness": { "daysMax": 367 } }""", "$.lateness.daysMax: must be from 0 to 366, is 367")]
    [InlineData("""{ "activities": [], "lateness": { "minutesAheadMax": 61 } }""", "$.lateness.minutesAheadMax: must be from 0 to 60, is 61")]
    [InlineData("""{ "activities": [], "lateness": { "validityDaysMin": -1 } }""", "$.lateness.validityDaysMin: must be from 0 to 366, is -1")]
    [InlineData("""{ "activities": [], "adjustments": { "expiresAfterDays": 7 } }""", "$.adjustments.secondOperatorAbove: is missing")]
    [InlineData("""{ "activities": [], "adjustments": { "secondOperatorAbove": 1, "by": "op" } }""", "$.adjustments.by: is not known here; known are secondOperatorAbove, expiresAfterDays")]
    [InlineData("""{ "activities": [], "lateness": { "hours": 1 } }""", "$.lateness.hours: is not known here; known are daysMaxBySource, daysMax, minutesAheadMax, validityDaysMin")]
    [InlineData("""{ "activities": [], "lateness": { "daysMaxBySource": 5 } }""", "$.lateness.daysMaxBySource: must be an object, is 5")]
    [InlineData("""{ "activities": [], "lateness": { "daysMaxBySource": { "/clinic": "9" } } }""", "$.lateness.daysMaxBySource['/clinic']: must be a whole number from 0 to 366, is the text \"9\"")]
    [InlineData("""{ "activities": [], "holding": {} }""", "$.holding.pointsMax: is missing")]
    [InlineData("""{ "activities": [], "holding": { "pointsMax": 0 } }""", "$.holding.pointsMax: must be from 1 to 9007199254740991, is 0")]
    [InlineData("""{ "activities": [], "holding": { "pointsMax": 5, "overflow": { "kind": "lottery" } } }""", "$.holding.overflow.kind: must be one of fund, cut; is \"lottery\"")]
    [InlineData("""{ "activities": [], "holding": { "pointsMax": 5, "overflow": { "kind": "fund" } } }""", "$.holding.overflow.fund: is missing")]
    [InlineData("""{ "activities": [], "holding": { "pointsMax": 5, "overflow": { "kind": "cut", "fund": "charity" } } }""", "$.holding.overflow.fund: is not known here; known are kind")]
    [InlineData("""{ "activities": [], "holding": { "pointsMax": 5, "overflow": { "kind": "fund", "fund": "a/b" } } }""", "$.holding.overflow.fund: must be 1 to 64 letters, digits or - _ . : @ ~ (ASCII), starting with a letter or digit; is \"a/b\"")]
    [InlineData("""{ "activities": [], "funds": [ { "id": "a b" } ] }""", "$.funds[0].id: must be 1 to 64 letters, digits or - _ . : @ ~ (ASCII), starting with a letter or digit; is \"a b\"")]
    [InlineData("""{ "activities": [], "funds": [ { "id": "a" }, { "id": "a" } ] }""", "$.funds[1].id: \"a\" is a fund already")]
    [InlineData("""{ "activities": [], "gifts": { "pointsMax": 0 } }""", "$.gifts.pointsMax: must be from 1 to 9007199254740991, is 0")]
    [InlineData("""{ "activities": [], "gifts": { "coolingOffMinutes": 10081 } }""", "$.gifts.coolingOffMinutes: must be from 0 to 10080, is 10081")]
    [InlineData("""{ "activities": [], "gifts": { "perWeekMax": 5 } }""", "$.gifts.perWeekMax: is not known here; known are pointsMax, perDayMax, perMonthMax, coolingOffMinutes, validityDaysMin, within")]
    [InlineData("""{ "activities": [], "expiryWarnings": { "daysBefore": [] } }""", "$.expiryWarnings.daysBefore: must name at least one")]
    [InlineData("""{ "activities": [], "expiryWarnings": { "daysBefore": [ 7, 0 ] } }""", "$.expiryWarnings.daysBefore[1]: must be from 1 to 366, is 0")]
    [InlineData("""{ "activities": [], "expiryWarnings": { "daysBefore": [ 7, 7 ] } }""", "$.expiryWarnings.daysBefore[1]: 7 comes twice")]
    [InlineData("""{ "activities": [], "expiryWarnings": { "daysBefore": [ 1, 2, 3, 4, 5, 6 ] } }""", "$.expiryWarnings.daysBefore: must be at most 5")]
    [InlineData("""{ "activities": [], "expiryWarnings": { "noWarningNoExpiry": "yes" } }""", "$.expiryWarnings.noWarningNoExpiry: must be true or false, is the text \"yes\"")]
    [InlineData("""{ "activities": [], "expiryWarnings": { "days": 7 } }""", "$.expiryWarnings.days: is not known here; known are daysBefore, noWarningNoExpiry")]
    public void A_mistake_in_the_programme_is_told_with_its_place(string json, string problem) => Assert.Equal([problem], Problems(json));

    [Theory]
    [InlineData("""{ "award": { "kind": "fixed", "points": 1 } }""", "$.activities[0].type: is missing")]
    [InlineData("""{ "type": "a/b", "award": { "kind": "fixed", "points": 1 } }""", "$.activities[0].type: must be 1 to 64 letters, digits or - _ . : @ ~ (ASCII), starting with a letter or digit, or \"*\" for any; is \"a/b\"")]
    [InlineData("""{ "type": "", "award": { "kind": "fixed", "points": 1 } }""", "$.activities[0].type: must be 1 to 64 letters, digits or - _ . : @ ~ (ASCII), starting with a letter or digit, or \"*\" for any; is \"\"")]
    [InlineData("""{ "type": "a" }""", "$.activities[0].award: is missing")]
    [InlineData("""{ "type": "a", "award": 5 }""", "$.activities[0].award: must be an object, is 5")]
    [InlineData("""{ "type": "a", "award": { "kind": "lottery", "points": 1 } }""", "$.activities[0].award.kind: must be one of fixed, per_unit, brackets, basis_points; is \"lottery\"")]
    [InlineData("""{ "type": "a", "award": { "points": 1 } }""", "$.activities[0].award.kind: is missing")]
    [InlineData("""{ "type": "a", "award": { "kind": "fixed" } }""", "$.activities[0].award.points: is missing")]
    [InlineData("""{ "type": "a", "award": { "kind": "fixed", "points": 0 } }""", "$.activities[0].award.points: must be from 1 to 9007199254740991, is 0")]
    [InlineData("""{ "type": "a", "award": { "kind": "fixed", "points": 9007199254740992 } }""", "$.activities[0].award.points: must be from 1 to 9007199254740991, is 9007199254740992")]
    [InlineData("""{ "type": "a", "award": { "kind": "fixed", "points": 99999999999999999999 } }""", "$.activities[0].award.points: must be a whole number from 1 to 9007199254740991, is 99999999999999999999")]
    [InlineData("""{ "type": "a", "award": { "kind": "fixed", "points": 1, "units": 60 } }""", "$.activities[0].award.units: is not known here; known are kind, points")]
    [InlineData("""{ "type": "a", "award": { "kind": "per_unit", "points": 1, "units": 0 } }""", "$.activities[0].award.units: must be from 1 to 9007199254740991, is 0")]
    [InlineData("""{ "type": "a", "award": { "kind": "per_unit", "points": 1, "rounding": "even" } }""", "$.activities[0].award.rounding: must be one of down, up, half_up; is \"even\"")]
    [InlineData("""{ "type": "a", "award": { "kind": "fixed", "points": 1 }, "caps": {} }""", "$.activities[0].caps: must be a list, is an object")]
    [InlineData("""{ "type": "a", "award": { "kind": "fixed", "points": 1 }, "caps": [ null ] }""", "$.activities[0].caps[0]: must be an object, is nothing")]
    [InlineData("""{ "type": "a", "award": { "kind": "fixed", "points": 1 }, "caps": [ { "points": 5 } ] }""", "$.activities[0].caps[0].per: is missing")]
    [InlineData("""{ "type": "a", "award": { "kind": "fixed", "points": 1 }, "caps": [ { "per": "week", "points": 5 } ] }""", "$.activities[0].caps[0].per: must be one of local_day, month, iso_week, lifetime, event; is \"week\"")]
    [InlineData("""{ "type": "a", "award": { "kind": "fixed", "points": 1 }, "caps": [ { "per": "month", "points": 0 } ] }""", "$.activities[0].caps[0].points: must be from 1 to 9007199254740991, is 0")]
    [InlineData("""{ "type": "a", "award": { "kind": "fixed", "points": 1 }, "caps": [ { "per": "month", "points": 5, "onReversal": "drop" } ] }""", "$.activities[0].caps[0].onReversal: must be one of keep, restore; is \"drop\"")]
    [InlineData("""{ "type": "a", "award": { "kind": "fixed", "points": 1 }, "caps": [ { "per": "month", "points": 5, "times": 3 } ] }""", "$.activities[0].caps[0].points: is one way or the other: points, or times")]
    [InlineData("""{ "type": "a", "award": { "kind": "fixed", "points": 1 }, "caps": [ { "per": "month" } ] }""", "$.activities[0].caps[0].points: is missing; or times")]
    [InlineData("""{ "type": "a", "award": { "kind": "fixed", "points": 1 }, "caps": [ { "per": "event", "times": 1 } ] }""", "$.activities[0].caps[0].times: one event is one time: a cap per event counts points")]
    [InlineData("""{ "type": "a", "award": { "kind": "fixed", "points": 1 }, "rules": [ { "id": "r", "award": { "kind": "fixed", "points": 1 } } ] }""", "$.activities[0].award: is one way or the other: an award, or rules")]
    [InlineData("""{ "type": "a", "rules": [] }""", "$.activities[0].rules: must be at least one rule")]
    [InlineData("""{ "type": "a", "rules": [ { "award": { "kind": "fixed", "points": 1 } } ] }""", "$.activities[0].rules[0].id: is missing", "$.activities[0].rules: must be at least one rule")]
    [InlineData("""{ "type": "a", "rules": [ { "id": "r", "award": { "kind": "fixed", "points": 1 } }, { "id": "r", "award": { "kind": "fixed", "points": 1 } } ] }""", "$.activities[0].rules[1].id: \"r\" is another rule of this activity already")]
    [InlineData("""{ "type": "a", "award": { "kind": "brackets", "brackets": [] } }""", "$.activities[0].award.brackets: must be at least one")]
    [InlineData("""{ "type": "a", "award": { "kind": "brackets", "brackets": [ { "from": 1, "points": 1 } ] } }""", "$.activities[0].award.brackets[0].from: the first bracket begins at 0, not at 1")]
    [InlineData("""{ "type": "a", "award": { "kind": "brackets", "brackets": [ { "from": 0, "points": 1 }, { "from": 60, "points": 2 }, { "from": 30, "points": 3 } ] } }""", "$.activities[0].award.brackets[2].from: overlaps the bracket before it: must be more than 60, is 30")]
    [InlineData("""{ "type": "a", "award": { "kind": "brackets", "brackets": [ { "from": 0, "points": 0 } ] } }""", "$.activities[0].award.brackets: at least one must give points")]
    [InlineData("""{ "type": "a", "award": { "kind": "basis_points", "basisPoints": 0 } }""", "$.activities[0].award.basisPoints: must be from 1 to 1000000, is 0")]
    [InlineData("""{ "type": "*", "rules": [ { "id": "r", "when": [ { "kind": "streak", "length": 3, "per": "local_day" } ], "award": { "kind": "fixed", "points": 1 } } ] }""", "$.activities[0].rules[0].when: a streak belongs to an activity with a type of its own, not to \"*\"")]
    [InlineData("""{ "type": "*", "rules": [ { "id": "r", "when": [ { "kind": "first_time" } ], "award": { "kind": "fixed", "points": 1 } } ] }""", "$.activities[0].rules[0].when: a lifetime is counted for an activity with a type of its own, not for \"*\"")]
    [InlineData("""{ "type": "*", "award": { "kind": "fixed", "points": 1 }, "caps": [ { "per": "lifetime", "points": 5 } ] }""", "$.activities[0].caps[0].per: a lifetime is counted for an activity with a type of its own, not for \"*\"")]
    [InlineData("""{ "type": "a", "award": { "kind": "fixed", "points": 1 }, "expiry": { "kind": "on_date", "date": "31.12.2026" } }""", "$.activities[0].expiry.date: must be like 2027-03-31; is \"31.12.2026\"")]
    [InlineData("""{ "type": "a", "award": { "kind": "fixed", "points": 1 }, "expiry": { "kind": "yearly", "month": 13, "day": 1 } }""", "$.activities[0].expiry.month: must be from 1 to 12, is 13")]
    [InlineData("""{ "type": "a", "award": { "kind": "fixed", "points": 1 }, "caps": [ { "per": "month", "points": 5 }, { "per": "month", "points": 6 } ] }""", "$.activities[0].caps[1].per: this activity has a cap for that period already")]
    [InlineData("""{ "type": "a", "award": { "kind": "fixed", "points": 1 }, "expiry": { "kind": "rolling" } }""", "$.activities[0].expiry.months: is missing")]
    [InlineData("""{ "type": "a", "award": { "kind": "fixed", "points": 1 }, "names": { "en": "" } }""", "$.activities[0].names['en']: must be a text of 1 to 100 characters")]
    [InlineData("""{ "type": "a", "award": { "kind": "fixed", "points": 1 }, "names": { "en": 5 } }""", "$.activities[0].names['en']: must be a text of 1 to 100 characters")]
    [InlineData("""{ "type": "a", "award": { "kind": "fixed", "points": 1 }, "names": [] }""", "$.activities[0].names: must be an object, is a list")]
    [InlineData("""{ "type": "a", "award": { "kind": "fixed", "points": 1 }, "approval": { "kind": "third_person" } }""", "$.activities[0].approval.kind: must be one of second_person, objection; is \"third_person\"")]
    [InlineData("""{ "type": "a", "award": { "kind": "fixed", "points": 1 }, "approval": { "kind": "objection" } }""", "$.activities[0].approval.days: is missing")]
    [InlineData("""{ "type": "a", "award": { "kind": "fixed", "points": 1 }, "approval": { "kind": "second_person", "expiresAfterDays": 0 } }""", "$.activities[0].approval.expiresAfterDays: must be from 1 to 366, is 0")]
    [InlineData("""{ "type": "a", "award": { "kind": "fixed", "points": 1 }, "checks": [ { "kind": "face" } ] }""", "$.activities[0].checks[0].kind: must be one of overlap, hours_per_day, entry_rate, maker_rate, organiser_is_beneficiary, approver_share; is \"face\"")]
    [InlineData("""{ "type": "a", "award": { "kind": "fixed", "points": 1 }, "checks": [ { "kind": "overlap", "onHit": "ban" } ] }""", "$.activities[0].checks[0].onHit: must be one of flag, hold; is \"ban\"")]
    [InlineData("""{ "type": "a", "award": { "kind": "fixed", "points": 1 }, "checks": [ { "kind": "overlap" }, { "kind": "overlap", "onHit": "hold" } ] }""", "$.activities[0].checks[1].kind: comes twice in this activity")]
    [InlineData("""{ "type": "a", "award": { "kind": "fixed", "points": 1 }, "checks": [ { "kind": "hours_per_day", "minutesMax": 1441 } ] }""", "$.activities[0].checks[0].minutesMax: must be from 1 to 1440, is 1441")]
    [InlineData("""{ "type": "a", "award": { "kind": "fixed", "points": 1 }, "checks": [ { "kind": "entry_rate" } ] }""", "$.activities[0].checks[0].perHourMax: is missing")]
    [InlineData("""{ "type": "a", "award": { "kind": "fixed", "points": 1 }, "checks": [ { "kind": "maker_rate", "perHourMax": 1001 } ] }""", "$.activities[0].checks[0].perHourMax: must be from 1 to 1000, is 1001")]
    [InlineData("""{ "type": "a", "award": { "kind": "fixed", "points": 1 }, "checks": [ { "kind": "approver_share", "last": 1, "basisPointsMax": 5000 } ] }""", "$.activities[0].checks[0].last: must be from 2 to 32, is 1")]
    [InlineData("""{ "type": "a", "award": { "kind": "fixed", "points": 1 }, "name": "x" }""", "$.activities[0].name: is not known here; known are type, rules, award, caps, expiry, names, pending, approval, checks")]
    public void A_mistake_in_an_activity_is_told_with_its_place(string activity, params string[] problems) =>
        Assert.Equal(problems, Problems($$"""{ "activities": [ {{activity}} ] }"""));

    [Theory]
    [InlineData("""{ "kind": "luck" }""", ".kind: must be one of quantity, number, word, present, tag, tier, during, dates, first_time, nth, streak; is \"luck\"")]
    [InlineData("""{ "kind": "quantity", "min": 9, "max": 5 }""", ".min: must not be more than max (5), is 9")]
    [InlineData("""{ "kind": "number", "min": 1 }""", ".attribute: is missing")]
    [InlineData("""{ "kind": "word", "attribute": "venue", "in": [] }""", ".in: must name at least one")]
    [InlineData("""{ "kind": "word", "attribute": "venue", "in": [ "a b" ] }""", ".in[0]: must be 1 to 64 letters, digits or - _ . : @ ~ (ASCII), starting with a letter or digit; is the text \"a b\"")]
    [InlineData("""{ "kind": "tag", "in": [ "a", "a" ] }""", ".in[1]: \"a\" comes twice")]
    [InlineData("""{ "kind": "during", "days": [ "Monday" ] }""", ".days[0]: must be one of monday, tuesday, wednesday, thursday, friday, saturday, sunday", ".days: must name at least one day")]
    [InlineData("""{ "kind": "during", "from": "22:00", "until": "06:00" }""", ".until: must be later than from (22:00); a night is two rules")]
    [InlineData("""{ "kind": "during", "from": "8:30" }""", ".from: must be like 08:30; is \"8:30\"")]
    [InlineData("""{ "kind": "dates", "from": "2026-02-01", "through": "2026-01-31" }""", ".through: must not be before from (2026-02-01)")]
    [InlineData("""{ "kind": "dates", "from": "2026-02-30", "through": "2026-03-01" }""", ".from: must be like 2026-10-01; is \"2026-02-30\"")]
    [InlineData("""{ "kind": "nth", "number": 0, "per": "month" }""", ".number: must be from 1 to 10000, is 0")]
    [InlineData("""{ "kind": "nth", "number": 2, "per": "event" }""", ".per: must be one of local_day, iso_week, month, lifetime; is \"event\"")]
    [InlineData("""{ "kind": "streak", "length": 1, "per": "local_day" }""", ".length: must be from 2 to 60, is 1")]
    [InlineData("""{ "kind": "streak", "length": 7, "per": "month" }""", ".per: must be one of local_day, iso_week; is \"month\"")]
    [InlineData("""{ "kind": "first_time", "per": "month" }""", ".per: is not known here; known are kind")]
    public void A_mistake_in_a_condition_is_told_with_its_place(string condition, params string[] problems) => Assert.Equal(
        problems.Select(problem => "$.activities[0].rules[0].when[0]" + problem),
        Problems($$"""{ "activities": [ { "type": "a", "rules": [ { "id": "r", "when": [ {{condition}} ], {{Award}} } ] } ] }"""));

    [Theory]
    [InlineData("""{ "from": "2026-10-01", "through": "2026-10-07", "effect": { "kind": "bonus", "points": 5 } }""", ".id: is missing")]
    [InlineData("""{ "id": "k", "from": "2026-10-07", "through": "2026-10-01", "effect": { "kind": "bonus", "points": 5 } }""", ".through: must not be before from (2026-10-07)")]
    [InlineData("""{ "id": "k", "from": "2026-10-01", "through": "2026-10-07" }""", ".effect: is missing")]
    [InlineData("""{ "id": "k", "from": "2026-10-01", "through": "2026-10-07", "effect": { "kind": "multiply", "basisPoints": 0 } }""", ".effect.basisPoints: must be from 10001 to 1000000, is 0")]
    [InlineData("""{ "id": "k", "from": "2026-10-01", "through": "2026-10-07", "effect": { "kind": "multiply", "basisPoints": -20000 } }""", ".effect.basisPoints: must be from 10001 to 1000000, is -20000")]
    [InlineData("""{ "id": "k", "from": "2026-10-01", "through": "2026-10-07", "effect": { "kind": "bonus", "points": 5 }, "activities": [ "b" ] }""", ".activities: \"b\" is no activity of this programme")]
    [InlineData("""{ "id": "k", "from": "2026-10-01", "through": "2026-10-07", "effect": { "kind": "bonus", "points": 5 }, "when": [ { "kind": "first_time" } ] }""", ".when[0].kind: \"first_time\" counts activities, so it belongs to a rule; a rule may ask for dates as well")]
    [InlineData("""{ "id": "k", "from": "2026-10-01", "through": "2026-10-07", "effect": { "kind": "bonus", "points": 5 }, "stacks": "yes" }""", ".stacks: must be true or false, is the text \"yes\"")]
    [InlineData("""{ "id": "k", "from": "2026-10-01", "through": "2026-10-07", "effect": { "kind": "bonus", "points": 5 }, "timesMax": 0 }""", ".timesMax: must be from 1 to 9007199254740991, is 0")]
    [InlineData("""{ "id": "k", "from": "2026-10-01", "through": "2026-10-07", "effect": { "kind": "bonus", "points": 5 }, "budget": 5 }""", ".budget: must be an object, is 5")]
    [InlineData("""{ "id": "k", "from": "2026-10-01", "through": "2026-10-07", "effect": { "kind": "bonus", "points": 5 }, "budget": {} }""", ".budget: needs points, awards or both")]
    [InlineData("""{ "id": "k", "from": "2026-10-01", "through": "2026-10-07", "effect": { "kind": "bonus", "points": 5 }, "budget": { "points": 0 } }""", ".budget.points: must be from 1 to 9007199254740991, is 0")]
    [InlineData("""{ "id": "k", "from": "2026-10-01", "through": "2026-10-07", "effect": { "kind": "bonus", "points": 5 }, "budget": { "awards": 1, "per": "month" } }""", ".budget.per: is not known here; known are points, awards")]
    public void A_mistake_in_a_campaign_is_told_with_its_place(string campaign, string problem) => Assert.Equal(
        ["$.campaigns[0]" + problem],
        Problems($$"""{ "activities": [ { "type": "a", {{Award}} } ], "campaigns": [ {{campaign}} ] }"""));

    [Theory]
    [InlineData("""{ "levels": [ { "id": "a", "from": 1 } ] }""", ".basis: is missing")]
    [InlineData("""{ "basis": { "kind": "year" }, "levels": [ { "id": "a", "from": 1 } ] }""", ".basis.kind: must be one of rolling_months, calendar_year, lifetime; is \"year\"")]
    [InlineData("""{ "basis": { "kind": "rolling_months", "months": 61 }, "levels": [ { "id": "a", "from": 1 } ] }""", ".basis.months: must be from 1 to 60, is 61")]
    [InlineData("""{ "basis": { "kind": "lifetime", "months": 1 }, "levels": [ { "id": "a", "from": 1 } ] }""", ".basis.months: is not known here; known are kind")]
    [InlineData("""{ "basis": { "kind": "calendar_year" } }""", ".levels: is missing")]
    [InlineData("""{ "basis": { "kind": "calendar_year" }, "levels": [] }""", ".levels: must be at least one")]
    [InlineData("""{ "basis": { "kind": "calendar_year" }, "levels": [ { "id": "a", "from": 0 } ] }""", ".levels[0].from: must be from 1 to 9007199254740991, is 0")]
    [InlineData("""{ "basis": { "kind": "calendar_year" }, "levels": [ { "id": "a", "from": 5 }, { "id": "b", "from": 5 } ] }""", ".levels[1].from: must be more than that of \"a\" (5), is 5")]
    [InlineData("""{ "basis": { "kind": "calendar_year" }, "levels": [ { "id": "a", "from": 5 }, { "id": "a", "from": 6 } ] }""", ".levels[1].id: \"a\" is another tier already")]
    [InlineData("""{ "basis": { "kind": "calendar_year" }, "neverBelow": "b", "levels": [ { "id": "a", "from": 5 } ] }""", ".neverBelow: \"b\" is no tier of this programme")]
    [InlineData("""{ "basis": { "kind": "calendar_year" }, "graceDays": 367, "levels": [ { "id": "a", "from": 5 } ] }""", ".graceDays: must be from 0 to 366, is 367")]
    [InlineData("""{ "basis": { "kind": "calendar_year" }, "levels": [ { "id": "a", "from": 5, "multiplierBasisPoints": 10000 } ] }""", ".levels[0].multiplierBasisPoints: must be from 10001 to 1000000, is 10000")]
    [InlineData("""{ "basis": { "kind": "calendar_year" }, "levels": [ { "id": "a", "from": 5, "rounding": "up" } ] }""", ".levels[0].rounding: is not known here; known are id, from, multiplierBasisPoints, earlyAccessHours, names")]
    [InlineData("""{ "basis": { "kind": "calendar_year" }, "levels": [ { "id": "a", "from": 5, "price": 3 } ] }""", ".levels[0].price: is not known here; known are id, from, multiplierBasisPoints, earlyAccessHours, names")]
    public void A_mistake_in_tiers_is_told_with_its_place(string tiers, string problem) => Assert.Equal(
        ["$.tiers" + problem], Problems($$"""{ "tiers": {{tiers}}, "activities": [ { "type": "a", {{Award}} } ] }"""));

    [Theory]
    [InlineData("bronze", "", "$.activities[0].rules[0].when[0].in: \"bronze\" is no tier of this programme", "$.tiers.levels[0]: \"silver\" cannot be reached: a resident who has no tier earns nothing, for every rule asks for a tier")]
    [InlineData("gold", "", "$.tiers.levels[0]: \"silver\" cannot be reached: a resident who has no tier earns nothing, for every rule asks for a tier")]
    [InlineData("gold", """, { "type": "b", "award": { "kind": "fixed", "points": 1 } }""")]
    public void Tiers_that_nobody_can_reach_without_them_are_refused(string tier, string more, params string[] problems) => Assert.Equal(problems, Problems($$"""
        { "tiers": { "basis": { "kind": "lifetime" }, "levels": [ { "id": "silver", "from": 5 }, { "id": "gold", "from": 6 } ] },
          "activities": [ { "type": "a", "rules": [ { "id": "r", "when": [ { "kind": "tier", "in": [ "{{tier}}" ] } ], {{Award}} } ] } {{more}} ] }
        """));

    [Fact]
    public void A_campaign_may_ask_for_a_tier_and_only_for_one_that_there_is() => Assert.Equal(
        ["$.campaigns[0].when[0].in: \"gold\" is no tier of this programme"],
        Problems($$"""
            { "activities": [ { "type": "a", {{Award}} } ], "campaigns": [ { "id": "k", "from": "2026-10-01", "through": "2026-10-07",
              "when": [ { "kind": "tier", "in": [ "gold" ] } ], "effect": { "kind": "bonus", "points": 5 } } ] }
            """));

    [Fact]
    public void What_does_nothing_for_points_of_a_lifetime_or_asks_for_two_tiers_is_a_warning()
    {
        var reading = ProgrammeReader.Read($$"""
            { "tiers": { "basis": { "kind": "lifetime" }, "graceDays": 1, "levels": [ { "id": "silver", "from": 5 }, { "id": "gold", "from": 6 } ] },
              "activities": [ { "type": "a", {{Award}} }, { "type": "b", "rules": [ { "id": "r",
                "when": [ { "kind": "tier", "in": [ "silver" ] }, { "kind": "tier", "in": [ "gold" ] } ], {{Award}} } ] } ] }
            """);

        Assert.NotNull(reading.Programme);
        Assert.Equal(
            [
                "$.tiers: graceDays and neverBelow do nothing: points of a lifetime never lapse",
                "$.activities[1].rules[0].when: never all hold: conditions 0 and 1 ask for different tiers",
            ],
            reading.Warnings.Select(warning => warning.ToString()));
    }

    [Fact]
    public void A_budget_is_read_and_what_it_makes_void_is_warned_of()
    {
        var reading = ProgrammeReader.Read(
            """
            { "activities": [ { "type": "a", "award": { "kind": "fixed", "points": 1 } } ], "campaigns": [
              { "id": "k", "from": "2026-10-01", "through": "2026-10-07", "effect": { "kind": "bonus", "points": 5 }, "budget": { "points": 4, "awards": 2 }, "pointsMax": 9, "timesMax": 3 } ] }
            """);

        Assert.Equal(new Ledger.Budgets.Budget(new Points(4), 2), reading.Programme!.Campaigns[0].Budget);
        Assert.Equal(
            [
                "$.campaigns[0].budget: never pays the bonus of 5 points whole",
                "$.campaigns[0].pointsMax: never binds: the budget is 4 points for all residents",
                "$.campaigns[0].timesMax: never binds: the budget is 2 awards for all residents",
            ],
            reading.Warnings.Select(warning => warning.ToString()));
    }

    [Fact]
    public void Days_of_the_week_that_no_date_of_a_campaign_is_are_warned_of_and_others_are_not()
    {
        var reading = ProgrammeReader.Read(
            """
            { "activities": [ { "type": "a", "rules": [
                { "id": "week", "when": [ { "kind": "dates", "from": "2027-01-04", "through": "2027-01-10" }, { "kind": "during", "days": [ "sunday" ] } ], "award": { "kind": "fixed", "points": 1 } } ] } ],
              "campaigns": [
                { "id": "k", "from": "2027-01-02", "through": "2027-01-03", "when": [ { "kind": "during", "days": [ "monday" ] } ], "effect": { "kind": "bonus", "points": 5 } },
                { "id": "l", "from": "2027-01-02", "through": "2027-01-04", "when": [ { "kind": "during", "days": [ "monday" ] } ], "effect": { "kind": "bonus", "points": 5 } } ] }
            """);

        Assert.Equal(["$.campaigns[0].when: never holds: none of its days of the week lies within the dates of the campaign"], reading.Warnings.Select(warning => warning.ToString()));
    }

    [Fact]
    public void Ten_thousand_rules_are_too_many_and_everything_else_is_told_as_well()
    {
        var rules = string.Join(',', Enumerable.Range(0, 10_000).Select(i => $$$"""{"id":"r{{{i}}}","award":{"kind":"fixed","points":1}}"""));

        Assert.Equal(
            ["$.zone: must be a zone of the tz database such as Asia/Shanghai; is \"Nowhere\"", "$.activities[0].rules[2000]: a programme has at most 2000 rules"],
            Problems($$"""{ "zone": "Nowhere", "activities": [ { "type": "a", "rules": [ {{rules}} ] } ] }"""));
    }

    [Theory]
    [InlineData("""{ "id": "r", "when": [ { "kind": "quantity", "max": 5 }, { "kind": "quantity", "min": 6 } ], "award": { "kind": "fixed", "points": 1 } }""", "", "$.activities[0].rules[0].when: never all hold: conditions 0 and 1 ask for different quantities")]
    [InlineData("""{ "id": "r", "when": [ { "kind": "during", "until": "12:00" }, { "kind": "tag", "in": ["a"] }, { "kind": "during", "from": "12:00" } ], "award": { "kind": "fixed", "points": 1 } }""", "", "$.activities[0].rules[0].when: never all hold: conditions 0 and 2 name different hours")]
    [InlineData("""{ "id": "r", "when": [ { "kind": "dates", "from": "2027-01-02", "through": "2027-01-03" }, { "kind": "during", "days": [ "monday", "friday" ] } ], "award": { "kind": "fixed", "points": 1 } }""", "", "$.activities[0].rules[0].when: never all hold: conditions 0 and 1 name dates and other days of the week")]
    [InlineData("""{ "id": "r", "when": [ { "kind": "during", "days": [ "sunday" ] }, { "kind": "dates", "from": "2027-01-04", "through": "2027-01-09" } ], "award": { "kind": "fixed", "points": 1 } }""", "", "$.activities[0].rules[0].when: never all hold: conditions 0 and 1 name days of the week and other dates")]
    [InlineData("""{ "id": "r", "award": { "kind": "fixed", "points": 1 } }""", """{ "per": "event", "points": 5 }""", "$.activities[0].caps[0]: never binds: no award is more than 1 point")]
    [InlineData("""{ "id": "r", "award": { "kind": "fixed", "points": 5 } }""", """{ "per": "event", "points": 5 }""", "$.activities[0].caps[0]: never binds: no award is more than 5 points")]
    [InlineData("""{ "id": "r", "award": { "kind": "per_unit", "points": 5 } }""", """{ "per": "local_day", "points": 10 }, { "per": "iso_week", "points": 70 }""", "$.activities[0].caps[1]: never binds: the cap of 10 a day lets no more than 70 through")]
    public void What_does_nothing_is_a_warning_and_no_mistake(string rule, string caps, string warning)
    {
        var reading = ProgrammeReader.Read($$"""{ "activities": [ { "type": "a", "rules": [ {{rule}} ], "caps": [ {{caps}} ] } ] }""");

        Assert.NotNull(reading.Programme);
        Assert.Equal([warning], reading.Warnings.Select(found => found.ToString()));
    }

    [Theory]
    [InlineData("""[ { "kind": "approver_share", "last": 5, "basisPointsMax": 6000 }, { "kind": "overlap" } ]""", null, true)]
    [InlineData("""[ { "kind": "approver_share", "last": 5, "basisPointsMax": 6000, "onHit": "hold" } ]""", null, true)]
    [InlineData("""[ { "kind": "approver_share", "last": 5, "basisPointsMax": 6000 }, { "kind": "overlap", "onHit": "hold" } ]""", null, false)]
    [InlineData("""[ { "kind": "approver_share", "last": 5, "basisPointsMax": 6000 } ]""", """{ "kind": "objection", "days": 7 }""", false)]
    [InlineData("""[ { "kind": "overlap" } ]""", null, false)]
    public void A_check_of_approvals_where_nothing_waits_is_a_warning(string checks, string? approval, bool warns)
    {
        var reading = ProgrammeReader.Read($$"""{ "activities": [ { "type": "a", {{Award}}, "checks": {{checks}}, "approval": {{approval ?? "null"}} } ] }""");

        Assert.NotNull(reading.Programme);
        Assert.Equal(
            warns ? ["$.activities[0].checks: approver_share looks at nothing, for no award of this activity waits for an approval"] : [],
            reading.Warnings.Select(found => found.ToString()));
    }

    [Fact]
    public void Approvals_checks_and_limits_are_read_with_their_defaults()
    {
        var programme = ProgrammeReader.Read($$"""
            { "adjustments": { "secondOperatorAbove": 0 },
              "activities": [
                { "type": "a", {{Award}}, "approval": { "kind": "second_person" }, "checks": [ { "kind": "overlap" }, { "kind": "hours_per_day", "minutesMax": 600, "onHit": "hold" } ] },
                { "type": "b", {{Award}}, "approval": { "kind": "objection", "days": 366 } } ] }
            """).Programme!;

        Assert.Equal(new AdjustmentPolicy(0, 14), programme.Adjustments);
        Assert.Equal(new ApprovalPolicy.SecondPerson(14), programme.Activities[new("a")].Approval);
        Assert.Equal(new ApprovalPolicy.Objection(366), programme.Activities[new("b")].Approval);
        Assert.Equal([new IntegrityCheck.Overlap(false), new IntegrityCheck.HoursPerDay(600, true)], programme.Activities[new("a")].Checks);
    }

    [Fact]
    public void All_mistakes_are_told_at_once_in_reading_order()
    {
        var problems = Problems($$"""
            { "zone": "Mars/Base", "clawback": "x", "more": 1,
              "activities": [ { "type": "a", {{Award}} }, { "type": "a", "award": { "kind": "fixed", "points": 0 } }, { "type": "*", {{Award}} }, { "type": "*", {{Award}} } ] }
            """);

        Assert.Equal(
            ["$.zone", "$.activities[1].award.points", "$.activities[1].type", "$.activities[3].type", "$.clawback", "$.more"],
            problems.Select(problem => problem.Split(':')[0]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("{")]
    [InlineData("""{ "activities": [], }""")]
    [InlineData("""{ "activities": [] } x""")]
    [InlineData("""{ "activities": [] /* none */ }""")]
    [InlineData("""{ "activities": [], "activities": [] }""")]
    [InlineData("""{ "activities": [], "zone": "UTC", "zone": "UTC" }""")]
    [InlineData("""{ 'activities': [] }""")]
    [InlineData("""{ "activities": [ { "type": "a", "award": { "kind": "fixed", "points": 01 } } ] }""")]
    [InlineData("""{ "activities": [ NaN ] }""")]
    [InlineData("""[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]""")]
    public void What_is_not_JSON_is_one_problem_of_the_whole(string json)
    {
        var problem = Assert.Single(Problems(json));

        Assert.StartsWith("$: is not JSON as expected: ", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_JSON_has_its_place_as_editors_count() => Assert.Equal(
        ["$: is not JSON as expected: line 2, position 5: 'x' is an invalid start of a property name. Expected a '\"'."],
        Problems("{ \"activities\": [],\n    x }"));

    [Theory]
    [InlineData("""{ "activities": [], "zone": "\ud800" }""")]
    [InlineData("""{ "activities": [], "\ud800": 1 }""")]
    [InlineData("""{ "activities": [ { "type": "\udc00x" } ] }""")]
    [InlineData("""{ "activities": [], "lateness": { "daysMaxBySource": { "\ud83d": 5 } } }""")]
    public void Half_of_a_character_is_a_problem_and_no_failure(string json)
    {
        var problem = Assert.Single(Problems(json));

        Assert.StartsWith("$: ", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_of_a_character_that_is_not_even_escaped_is_a_problem_and_no_failure() => Assert.Equal(
        ["$: holds half of a character (an unpaired surrogate) at position 29"],
        Problems($"{{ \"activities\": [], \"zone\": \"{(char)0xd800}\" }}"));

    [Fact]
    public void A_whole_emoji_is_a_name() =>
        Assert.Equal("🌱", Valid("""{ "activities": [ { "type": "a", "award": { "kind": "fixed", "points": 1 }, "names": { "en": "\ud83c\udf31" } } ] }""")
            .RuleFor(ActivityType.Parse("a"))!.Names["en"]);

    [Fact]
    public void A_programme_of_exactly_the_largest_size_reads_and_one_byte_more_does_not()
    {
        const string json = """{ "activities": [] }""";
        var largest = json + new string(' ', ProgrammeReader.BytesMax - json.Length);

        Assert.NotNull(ProgrammeReader.Read(largest).Programme);
        Assert.Equal(["$: is larger than 1048576 bytes"], Problems(largest + " "));
    }

    [Fact]
    public void An_answer_does_not_grow_with_what_is_wrong()
    {
        var longText = new string('x', 100_000);
        var many = string.Join(',', Enumerable.Repeat("5", 10_000));

        Assert.All(Problems($$"""{ "activities": [], "zone": "{{longText}}", "{{longText}}": 1 }"""), problem => Assert.True(problem.Length < 500));
        Assert.Equal(ProgrammeReader.ProblemsMax, Problems($$"""{ "activities": [ {{many}} ] }""").Length);
    }

    [Fact]
    public void Warnings_and_the_most_that_a_wallet_holds_have_their_defaults()
    {
        var programme = Valid("""
            { "expiry": { "kind": "rolling", "months": 1 }, "activities": [],
              "expiryWarnings": {}, "holding": { "pointsMax": 5 } }
            """);
        var said = Valid("""
            { "expiry": { "kind": "rolling", "months": 1 }, "activities": [],
              "expiryWarnings": { "daysBefore": [ 3, 366, 10 ], "noWarningNoExpiry": true },
              "holding": { "pointsMax": 9007199254740991, "overflow": { "kind": "fund", "fund": "charity" } } }
            """);

        Assert.Equal(new ExpiryWarnings([30, 7]), programme.Warnings);
        Assert.Equal(new HoldingPolicy(new(5), null), programme.Holding);
        Assert.Equal(new ExpiryWarnings([366, 10, 3], NoWarningNoExpiry: true), said.Warnings);
        Assert.Equal(new HoldingPolicy(Points.Max, new FundId("charity")), said.Holding);
    }

    [Fact]
    public void Gifts_are_off_unless_a_programme_has_them_and_unlimited_unless_it_says_more()
    {
        var plain = Valid("""{ "activities": [], "gifts": {} }""");
        var said = Valid("""{ "activities": [], "gifts": { "pointsMax": 5, "perDayMax": 7, "perMonthMax": 9, "coolingOffMinutes": 10, "validityDaysMin": 3, "within": "household" } }""");

        Assert.Null(Valid("""{ "activities": [] }""").Gifts);
        Assert.Equal(new GiftPolicy(null, null, null, Duration.Zero, 0), plain.Gifts);
        Assert.Equal(new GiftPolicy(new(5), new(7), new(9), Duration.FromMinutes(10), 3, WithinHousehold: true), said.Gifts);
    }

    [Fact]
    public void A_limit_of_gifts_that_another_one_keeps_from_being_reached_is_warned_of()
    {
        var reading = ProgrammeReader.Read("""{ "activities": [], "gifts": { "pointsMax": 8, "perDayMax": 7, "perMonthMax": 6 } }""");

        Assert.Equal(
            ["$.gifts.pointsMax: is more than may be given in a day", "$.gifts.perDayMax: is more than may be given in a month"],
            reading.Warnings.Select(found => found.ToString()));
    }

    [Fact]
    public void Inactivity_counts_what_it_names_or_all_that_residents_do()
    {
        var programme = ProgrammeReader.Read("""
            { "expiry": { "kind": "inactivity", "months": 12 },
              "activities": [ { "type": "a", "award": { "kind": "fixed", "points": 1 },
                "expiry": { "kind": "inactivity", "months": 600, "counts": [ "spent", "spent" ] } },
                { "type": "b", "award": { "kind": "fixed", "points": 1 },
                "expiry": { "kind": "inactivity", "months": 12, "counts": [ "spent", "earned" ] } } ] }
            """).Programme!;

        Assert.Equal(new ExpiryPolicy.Inactivity(12, [ResidentAct.Earned, ResidentAct.Spent]), programme.Expiry);
        Assert.Equal(new ExpiryPolicy.Inactivity(600, [ResidentAct.Spent]), programme.RuleFor(ActivityType.Parse("a"))!.Expiry);
        Assert.Equal(programme.Expiry, programme.RuleFor(ActivityType.Parse("b"))!.Expiry);
    }

    [Theory]
    [InlineData("""{ "kind": "rolling", "months": 1 }""", 32, true)]
    [InlineData("""{ "kind": "rolling", "months": 1 }""", 31, false)]
    [InlineData("""{ "kind": "rolling", "months": 1, "roundUp": "year" }""", 100, false)]
    [InlineData("""{ "kind": "inactivity", "months": 2 }""", 90, true)]
    [InlineData("""{ "kind": "yearly", "month": 3, "day": 31 }""", 366, false)]
    [InlineData("""{ "kind": "never" }""", 366, false)]
    public void A_warning_that_waits_longer_than_an_expiry_is_told(string expiry, int days, bool warns)
    {
        var reading = ProgrammeReader.Read($$"""
            { "activities": [ { "type": "service", "award": { "kind": "fixed", "points": 1 }, "expiry": {{expiry}} } ], "expiry": { "kind": "rolling", "months": 12 },
              "expiryWarnings": { "daysBefore": [ {{days}} ], "noWarningNoExpiry": true } }
            """);

        Assert.Equal(
            warns ? [$"$.expiryWarnings: waits longer than an expiry: no points expire sooner than {days} days after they came in, whatever `expiry` says"] : [],
            reading.Warnings.Select(found => found.ToString()));
    }

    [Fact]
    public void Warnings_where_no_points_expire_do_nothing()
    {
        var reading = ProgrammeReader.Read("""{ "activities": [], "expiryWarnings": {} }""");

        Assert.Equal(["$.expiryWarnings: never warns: no points expire"], reading.Warnings.Select(found => found.ToString()));
    }

    [Fact]
    public void A_programme_with_problems_is_no_programme()
    {
        var reading = ProgrammeReader.Read("""{ "activities": [], "refundGraceDays": 400 }""");

        Assert.Null(reading.Programme);
        Assert.Equal(new ProgrammeProblem("$.refundGraceDays", "must be from 0 to 366, is 400"), Assert.Single(reading.Problems));
    }

    [Fact]
    public void Whatever_is_changed_in_a_programme_reading_it_never_fails()
    {
        var example = ExampleInTheDocumentation();
        var pieces = new[]
        {
            "", "\"", "{", "}", "[", "]", ",", ":", "null", "-1", "0", "1e400", "99999999999999999999", "\\ud800", "\\u0000", "\ud800", "🌱", "true", " ", "\0",
        };
        var edits =
            from at in Gen.Choose(0, example.Length)
            from removed in Gen.Elements(0, 1, 2, 10)
            from piece in Gen.Elements(pieces)
            select (At: at, Removed: removed, Piece: piece);
        var texts = edits.NonEmptyListOf().Select(all => all.Aggregate(example, (text, edit) =>
        {
            var at = Math.Min(edit.At, text.Length);
            return text.Remove(at, Math.Min(edit.Removed, text.Length - at)).Insert(at, edit.Piece);
        }));

        Law.Holds(texts.ToArbitrary(), 1000, text =>
        {
            var reading = ProgrammeReader.Read(text);
            Assert.Equal(reading.Programme is null, reading.Problems.Length > 0);
            Assert.All(reading.Problems, problem => Assert.StartsWith("$", problem.Path, StringComparison.Ordinal));
        });
    }

    private static Programme Valid(string json)
    {
        var reading = ProgrammeReader.Read(json);
        Assert.Empty(reading.Problems);
        return reading.Programme!;
    }

    private static string[] Problems(string json) => [.. ProgrammeReader.Read(json).Problems.Select(problem => problem.ToString())];

    private static string ExampleInTheDocumentation() => XDocument.Load(Path.Combine(AppContext.BaseDirectory, "Ledger.xml"))
        .Descendants("member")
        .Single(member => (string?)member.Attribute("name") == $"T:{typeof(ProgrammeReader).FullName}")
        .Descendants("code").Single().Value;
}
