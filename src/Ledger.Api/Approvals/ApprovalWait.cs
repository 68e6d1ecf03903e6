using Ledger.Wallets;
using NodaTime;

namespace Ledger.Api.Approvals;

/// <summary>What an entry waits for.</summary>
/// <param name="Until">The first instant at which it is too late to decide.</param>
/// <param name="Otherwise">What becomes of it when nobody decided by then: <c>approved</c> or <c>lapsed</c>.</param>
public sealed record ApprovalWait(Instant Until, string Otherwise)
{
    internal static ApprovalWait Of(AwaitedApproval approval) => new(approval.DueAt, approval.SilenceApproves ? "approved" : "lapsed");
}
