using System.Collections.Immutable;
using Ledger.Programmes;
using NodaTime;

namespace Ledger.Wallets;

/// <summary>Until when each tier, or a higher one, is held: worked out rank by rank. Whoever holds one holds those below it as well.</summary>
internal sealed class TierLadder
{
    private readonly TierPolicy _tiers;
    private readonly Instant[] _until;

    public TierLadder(TierPolicy tiers)
    {
        _tiers = tiers;
        _until = new Instant[tiers.Levels.Length];
        Array.Fill(_until, Instant.MinValue);
    }

    /// <summary>Is a rank held at an instant?</summary>
    public bool Holds(int rank, Instant at) => _until[rank] > at;

    /// <summary>A rank is held at least until an instant; null for ever.</summary>
    public void Keep(int rank, Instant? until)
    {
        for (; rank >= 0; rank--)
        {
            _until[rank] = Instant.Max(_until[rank], until ?? Instant.MaxValue);
        }
    }

    /// <summary>Tiers are held at least as long as said; those of no known id are none.</summary>
    public void Keep(ImmutableArray<TierSpan> spans)
    {
        foreach (var span in spans)
        {
            Keep(_tiers.RankOf(span.Tier), span.Until);
        }
    }

    /// <summary>No tier is held longer than said.</summary>
    public void KeepNoLongerThan(ImmutableArray<TierSpan> spans)
    {
        var most = new TierLadder(_tiers);
        most.Keep(spans);
        for (var rank = 0; rank < _until.Length; rank++)
        {
            _until[rank] = Instant.Min(_until[rank], most._until[rank]);
        }
    }

    /// <summary>The tier held at an instant, then those it falls to.</summary>
    public ImmutableArray<TierSpan> From(Instant at)
    {
        var spans = ImmutableArray.CreateBuilder<TierSpan>();
        for (var rank = _until.Length - 1; rank >= 0; rank--)
        {
            if (_until[rank] > at)
            {
                at = _until[rank];
                spans.Add(new(_tiers.Levels[rank].Id, at == Instant.MaxValue ? null : at));
            }
        }

        return spans.DrainToImmutable();
    }
}
