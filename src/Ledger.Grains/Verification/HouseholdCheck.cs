using Ledger.Grains.Households;
using Ledger.Grains.Journal;
using Ledger.Households;
using Ledger.Transactions;
using NodaTime;

namespace Ledger.Grains.Verification;

/// <summary>Checks the rows of one household, one after the other.</summary>
/// <param name="stream">Which one.</param>
/// <param name="pools">Is told what was spent together.</param>
/// <param name="findings">Is told what does not hold.</param>
internal sealed class HouseholdCheck(StreamId stream, PooledShares pools, Findings findings)
{
    private HouseholdState? _household = HouseholdState.Empty;

    /// <summary>When somebody has to go on with something; null for never, or when the replay broke off.</summary>
    public Instant? NextLook => _household?.NextLook;

    /// <summary>Whether every row so far could be replayed.</summary>
    public bool IsReplayed => _household is not null;

    /// <summary>How the household stands; null when the replay broke off.</summary>
    public HouseholdStanding? Standing => _household?.Standing;

    /// <summary>Checks a row; the reference that must stand for it, where there is one.</summary>
    public StoredReference? Add(JournalRow row)
    {
        if (findings.Read(row, HouseholdRows.ToHouseholdEvent) is not { } happened)
        {
            _household = null;
            return null;
        }

        if (row.Outcome != HouseholdRows.OutcomeOf(happened) || row.RefersTo != happened.RefersTo)
        {
            Found(VerificationCheck.Events, row, "the outcome, or what it refers to, is recorded otherwise than the event says");
        }

        if (happened is MemberSettled or PooledSpendDecided or PooledSpendEnded or PooledRefundEnded or UndertakingPutOff
            && CommandKey.HouseholdStep(stream.Household!.Value, row.Sequence) is var key && key != row.Key)
        {
            Found(VerificationCheck.Households, row, $"this goes under the key {key}, and is stored under {row.Key}");
        }

        if (!row.Postings.IsEmpty)
        {
            Found(VerificationCheck.Postings, row, "a household moves no points");
        }

        pools.Add(stream.Household!.Value, row.Sequence, happened);
        Replay(row, happened);
        return HouseholdRows.ReferenceOf(stream, row.Sequence, happened);
    }

    private void Replay(JournalRow row, HouseholdEvent happened)
    {
        try
        {
            _household = _household is { } before ? Household.Evolve(before, happened, row.EffectiveAt) : null;
        }
        catch (Exception failure) when (failure is InvalidOperationException or InvalidCastException or OverflowException)
        {
            Found(VerificationCheck.Households, row, $"{failure.Message} Nothing after it in this household is replayed.");
            _household = null;
        }
    }

    private void Found(VerificationCheck check, JournalRow row, string words) => findings.Add(check, stream.Name, row.Sequence, words);
}
