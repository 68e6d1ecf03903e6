using System.Collections.Immutable;
using Ledger.Rules;

namespace Ledger.Programmes;

/// <summary>Reads who must agree: <c>approval</c> and <c>checks</c> of an activity, <c>adjustments</c> beside them.</summary>
internal static class ApprovalReader
{
    private const int ExpiresAfterDays = 14;

    private static readonly Dictionary<string, bool> OnHit = new() { ["flag"] = false, ["hold"] = true };

    /// <summary>Who must agree to awards of an activity; null for nobody.</summary>
    public static ApprovalPolicy? OfActivity(JsonNodeReader parent)
    {
        if (parent.Optional("approval") is not { } element)
        {
            return null;
        }

        var reader = parent.Of(element, parent.At("approval"));
        var kind = reader.Text("kind");
        ApprovalPolicy? approval = kind switch
        {
            "second_person" => new ApprovalPolicy.SecondPerson(Days(reader, "expiresAfterDays", ExpiresAfterDays)),
            "objection" => new ApprovalPolicy.Objection(Days(reader, "days", null)),
            _ => null,
        };
        return reader.Known(kind, approval, "second_person, objection");
    }

    /// <summary>The checks of an activity, at most one of a kind.</summary>
    public static ImmutableArray<IntegrityCheck> Checks(JsonNodeReader parent)
    {
        var checks = ImmutableArray.CreateBuilder<IntegrityCheck>();
        foreach (var (item, path) in parent.Items("checks", required: false))
        {
            var reader = parent.Of(item, path);
            if (Check(reader) is not { } check)
            {
                continue;
            }

            if (checks.Any(other => other.GetType() == check.GetType()))
            {
                reader.Problem(reader.At("kind"), "comes twice in this activity");
            }

            checks.Add(check);
        }

        return checks.ToImmutable();
    }

    /// <summary>Warns of a check of approvals where nothing waits for one.</summary>
    public static void WarnOf(JsonNodeReader reader, ActivityRule rule)
    {
        if (!rule.MayWait && rule.Checks.Any(check => check is IntegrityCheck.ApproverShare))
        {
            reader.Findings.Warn(reader.At("checks"), "approver_share looks at nothing, for no award of this activity waits for an approval");
        }
    }

    /// <summary>Which adjustments need a second operator; null for none.</summary>
    public static AdjustmentPolicy? Adjustments(JsonNodeReader parent)
    {
        if (parent.Optional("adjustments") is not { } element)
        {
            return null;
        }

        var reader = parent.Of(element, parent.At("adjustments"));
        var policy = new AdjustmentPolicy(
            reader.Whole("secondOperatorAbove", 0, Points.Max.Value) ?? 0, Days(reader, "expiresAfterDays", ExpiresAfterDays));
        reader.NothingElse();
        return policy;
    }

    private static IntegrityCheck? Check(JsonNodeReader reader)
    {
        var kind = reader.Text("kind");
        var holds = reader.Word("onHit", OnHit, otherwise: false) ?? false;
        IntegrityCheck? check = kind switch
        {
            "overlap" => new IntegrityCheck.Overlap(holds),
            "hours_per_day" => new IntegrityCheck.HoursPerDay((int)(reader.Whole("minutesMax", 1, 1440) ?? 1), holds),
            "entry_rate" => new IntegrityCheck.EntryRate((int)(reader.Whole("perHourMax", 1, 1000) ?? 1), holds),
            "maker_rate" => new IntegrityCheck.MakerRate((int)(reader.Whole("perHourMax", 1, IntegrityCheck.MakerRate.CountedMax) ?? 1), holds),
            "organiser_is_beneficiary" => new IntegrityCheck.OrganiserIsBeneficiary(holds),
            "approver_share" => new IntegrityCheck.ApproverShare(
                (int)(reader.Whole("last", 2, IntegrityCheck.ApproverShare.LastMax) ?? 2),
                (int)(reader.Whole("basisPointsMax", 0, 9_999) ?? 0),
                holds),
            _ => null,
        };
        return reader.Known(kind, check, "overlap, hours_per_day, entry_rate, maker_rate, organiser_is_beneficiary, approver_share");
    }

    private static int Days(JsonNodeReader reader, string member, long? otherwise) => (int)(reader.Whole(member, 1, 366, otherwise) ?? 1);
}
