using System.CommandLine;
using System.Globalization;
using Ledger.Grains.Verification;

namespace Ledger.Api.CommandLine;

/// <summary><c>verify</c>: proves the books from the journal alone.</summary>
public static class VerifyCommand
{
    private const string About = """
        Proves a community's books from its journal alone: replays every wallet and compares hashes, postings, balances, lots, totals and
        indexes with what is stored. Reads only, also beside a running service. Exit code 1 when anything differs.

        Keep the digest that it prints somewhere else: with it you can later tell whether somebody wrote the whole journal anew.

        Example: verify --community garden
        """;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var (community, store, json) = (CommandOptions.Community(), CommandOptions.Store(), CommandOptions.Json());
        var command = new DescribedCommand("verify", "Proves a community's books from its journal.", About) { community, store, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var ledger = CommandStore.OpenReadOnly(store.Configuration(parsed));
            var id = parsed.GetValue(community);
            await CommandStore.RequireCommunity(ledger.Catalogue, id, cancellation);
            var screen = parsed.InvocationConfiguration;
            var rows = new CommandCount();
            var report = await CommandProgress.Show(
                "Verifying",
                "transactions",
                screen.Error,
                () => (rows.Value, null),
                () => new JournalVerifier(ledger.Journal, ledger.Inspection).Verify(id, rows, cancellation));
            await (parsed.GetValue(json) ? CommandJson.Write(screen.Output, Answer(report)) : screen.Output.WriteAsync(Words(report)));
            return report.IsSound ? ExitCodes.Done : ExitCodes.Found;
        });
        return command;
    }

    private static object Answer(VerificationReport report) => new
    {
        community = report.Community.Value,
        sound = report.IsSound,
        report.Transactions,
        report.Streams,
        report.Postings,
        report.Digest,
        checks = VerificationCheck.All.Select(check => new { check.Name, check.Promise, differences = report.Differences[check] }),
        findings = report.Findings.Select(found => new { check = found.Check.Name, found.Stream, found.Sequence, found.Words }),
    };

    private static string Words(VerificationReport report)
    {
        var lines = new List<string>
        {
            string.Create(
                CultureInfo.InvariantCulture,
                $"Community {report.Community}: {report.Transactions:N0} transactions with {report.Postings:N0} postings in {report.Streams:N0} wallets"),
        };
        foreach (var check in VerificationCheck.All)
        {
            var differences = report.Differences[check];
            lines.Add(differences == 0 ? $"  holds   {check.Promise}" : $"  BROKEN  {check.Promise}");
            var shown = report.Findings.Where(finding => finding.Check == check).ToList();
            lines.AddRange(shown.Select(finding => $"            {finding}"));
            if (differences > shown.Count)
            {
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"            … and {differences - shown.Count:N0} more"));
            }
        }

        lines.Add($"Digest {report.Digest}");
        lines.Add(report.IsSound ? "All of it holds." : "The books do not hold as they are stored.");
        return string.Join('\n', lines) + "\n";
    }
}
