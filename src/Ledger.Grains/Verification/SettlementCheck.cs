using System.Collections.Immutable;
using Ledger.Grains.Journal;
using Ledger.Grains.Settlements;
using Ledger.Settlements;
using Ledger.Transactions;
using NodaTime;

namespace Ledger.Grains.Verification;

/// <summary>Checks the rows of one merchant's statements, one after the other.</summary>
/// <param name="stream">Which one.</param>
/// <param name="findings">Is told what does not hold.</param>
internal sealed class SettlementCheck(StreamId stream, Findings findings)
{
    private readonly MerchantId _merchant = stream.Settlement!.Value;
    private readonly List<StatementStep> _steps = [];
    private readonly Dictionary<LocalDate, ImmutableArray<StatementStep>> _byDay = [];

    public StreamId Stream => stream;

    /// <summary>How the merchant stands after the last row.</summary>
    public Standing? Standing { get; private set; }

    /// <summary>The statements as they were closed, with their sequences.</summary>
    public IEnumerable<(long Sequence, StatementClosed Closed)> Closings =>
        _steps.Where(step => step.Happened is StatementClosed).Select(step => (step.Sequence, (StatementClosed)step.Happened));

    /// <summary>Checks a row; the reference that must stand for it, where there is one.</summary>
    public StoredReference? Add(JournalRow row)
    {
        if (findings.Read(row, SettlementRows.ToStep) is not { } step)
        {
            return null;
        }

        if (row.Outcome != SettlementRows.OutcomeOf(step.Happened))
        {
            Found(VerificationCheck.Events, row.Sequence, $"the outcome is recorded as {row.Outcome}, the event says {SettlementRows.OutcomeOf(step.Happened)}");
        }

        var of = Check(row, step);
        if (row.RefersTo != of?.Sequence)
        {
            Found(VerificationCheck.Events, row.Sequence, "it refers to another transaction than its statement");
        }

        if (!SettlementPostings.Of(_merchant, step.Happened).SequenceEqual(row.Postings))
        {
            Found(VerificationCheck.Postings, row.Sequence, "the postings are not what the event says");
        }

        Standing = step.Happened.After;
        if (step.Happened is not StatementRefused)
        {
            _steps.Add(step);
            _byDay[step.Happened.Day] = [.. StepsOf(step.Happened.Day), step];
        }

        return step.Happened is StatementClosed
            ? new(SettlementRows.ScopeOf(_merchant), SettlementRows.NameOf(step.Happened.Day), stream, row.Sequence)
            : null;
    }

    /// <summary>Checks that what happened follows from what was before; the closing that it is about, for all but closings.</summary>
    private StatementStep? Check(JournalRow row, StatementStep step)
    {
        if (step.Happened is StatementClosed closed)
        {
            var expected = Settling.Close(Standing, closed.Day, closed.Sales, closed.Captured, closed.Refunds, closed.Refunded, closed.Signals);
            if (expected.Opening != closed.Opening || expected.After != closed.After || closed.Day <= Standing?.Through)
            {
                Found(VerificationCheck.Settlements, row.Sequence, $"opening {closed.Opening} and closing {closed.After!.Owed} do not follow from what was before");
            }

            return null;
        }

        if (step.Happened is StatementRefused refused)
        {
            if (refused.After != Standing || !IsTrue(refused))
            {
                Found(VerificationCheck.Settlements, row.Sequence, $"it was refused as {refused.Code}, and that does not follow from what was before");
            }

            return null;
        }

        if (StepsOf(step.Happened.Day) is not [{ Happened: StatementClosed }, ..] steps || Standing is null)
        {
            Found(VerificationCheck.Settlements, row.Sequence, "it is about a statement that is not there");
            return null;
        }

        var (command, digest) = CommandOf(step.Happened);
        if (Settling.Decide(Standing, new(steps), command, digest).Happened != step.Happened)
        {
            Found(VerificationCheck.Settlements, row.Sequence, "it does not follow from what became of its statement before");
        }

        return steps[0];
    }

    // What was wanted is only in the fingerprint: some command must have met with it. Whether a cut-off had passed, the clock alone knew.
    private bool IsTrue(StatementRefused refused) => refused.Objection switch
    {
        StatementObjection.NotDue => true,
        StatementObjection.AlreadyClosed => refused.Day <= Standing?.Through,
        StatementObjection.NotClosed => StepsOf(refused.Day).IsEmpty,
        var other => StepsOf(refused.Day) is [_, ..] steps && Standing is { } standing
            && Wanted(refused.Day).Any(command => Settling.Decide(standing, new(steps), command, "").Objection == other),
    };

    private static SettlementCommand[] Wanted(LocalDate day) =>
        [new DisputeStatement(day), new ConfirmStatement(day), new ClearStatement(day), new PayStatement(day, "")];

    private ImmutableArray<StatementStep> StepsOf(LocalDate day) => _byDay.GetValueOrDefault(day, []);

    private static (SettlementCommand Command, string? NoteDigest) CommandOf(SettlementEvent happened) => happened switch
    {
        StatementClosed e => (new CloseStatement(e.Day), null),
        StatementDisputed e => (new DisputeStatement(e.Day), e.NoteDigest),
        StatementConfirmed e => (new ConfirmStatement(e.Day), e.NoteDigest),
        StatementCleared e => (new ClearStatement(e.Day), e.NoteDigest),
        StatementPaid e => (new PayStatement(e.Day, e.Reference), null),
        StatementRefused or _ => throw new System.Diagnostics.UnreachableException($"Event {happened.GetType().Name} has no case."),
    };

    private void Found(VerificationCheck check, long sequence, string words) => findings.Add(check, stream.Name, sequence, words);
}
