namespace Ledger.Tests.Sequences;

/// <summary>What somebody does.</summary>
internal enum Act
{
    Earn,
    Spend,
    Refund,
    Reverse,
    Adjust,
    Approve,
    Reject,
    ApplyDue,
    Hold,
    Capture,
    Release,
    Void,
    Redeem,
    Fulfil,
    CancelRedemption,
    Give,
    Receive,
    EndGift,
    PutOff,
    Donate,
    ChooseExpiry,
    Join,
    Leave,
    Consent,
    Share,
    Repeat,
    Freeze,
    Unfreeze,
    Close,
    Erase,
}

/// <summary>How the clock moved since the last step.</summary>
internal enum Clock
{
    Still,
    OneTick,
    AnHour,
    ADay,
    AMonth,
    Backwards,
    UntilDue,
    JustBeforeDue,
    UntilMidnight,
    JustBeforeMidnight,
    UntilOddDate,
}

/// <summary>When an activity took place, seen from the command's time.</summary>
internal enum Occurred
{
    Now,
    AnHourAgo,
    YesterdaySameTime,
    JustInTime,
    JustTooLate,
    JustInTimeAhead,
    JustTooFarAhead,
    BeforeAnyProgramme,
}

/// <summary>How many, seen from what is there.</summary>
internal enum Amount
{
    Few,
    One,
    All,
    AllButOne,
    OneMore,
    Half,
    Unsaid,
    Largest,
}

/// <summary>Which command is referred to, or reused.</summary>
internal enum Target
{
    Fitting,
    Unfitting,
    Unknown,
    Elsewhere,
    Early,
}

/// <summary>One step of a sequence. Says what to do relative to the moment, so that it stays telling when other steps are taken out.</summary>
internal sealed record Step(Act Act, Clock Clock, Occurred Occurred, Amount Amount, Target Target, int Number, bool Historic);
