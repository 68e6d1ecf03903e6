using System.Collections.Concurrent;
using Ledger.Budgets;
using Ledger.Grains.Hosting;
using Ledger.Grains.Journal;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ledger.Grains.Budgets;

/// <summary>
/// Holds this silo's leases of budgets and sets parts of them aside for decisions. One lease for each campaign that earns here; the store is
/// asked when it is used up, not for each award.
/// </summary>
/// <remarks>
/// What is counted here is only a forecast: the journal counts what is drawn, and refuses what a lease does not hold. So nothing that goes wrong
/// here can exceed a budget. Leases that nobody draws from are given back, those in use are renewed, all are given back at the end.
/// </remarks>
/// <param name="budgets">Where leases come from.</param>
/// <param name="options">How long a lease stays without being renewed.</param>
/// <param name="time">Wakes the desk.</param>
/// <param name="logger">Is told what could not be renewed.</param>
internal sealed partial class BudgetDesk(IBudgets budgets, IOptions<LedgerOptions> options, TimeProvider time, ILogger<BudgetDesk> logger)
    : IHostedService, IDisposable
{
    /// <summary>A budget that had nothing left is asked again after so long; until then its awards cost no question.</summary>
    public static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(1);

    private const int RenewalsPerLapse = 3;

    private readonly ConcurrentDictionary<(CommunityId Community, string Campaign), HeldLease> _byCampaign = new();
    private readonly ConcurrentDictionary<long, HeldLease> _byLease = new();
    private readonly PeriodicTimer _timer = new(options.Value.BudgetLeaseFor / RenewalsPerLapse, time);
    private Task _renewals = Task.CompletedTask;

    /// <summary>Sets aside what a campaign offers, or as much as there is; nothing when there is nothing.</summary>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    public async ValueTask<LeaseDraw> SetAside(CommunityId community, BudgetOffer offer)
    {
        var held = _byCampaign.GetOrAdd((community, offer.Campaign), _ => new(time));
        var (limit, wanted) = (offer.Budget.Limit, BudgetAmount.Of(offer.Points));
        if (held.TryTake(limit, wanted) is { } draw)
        {
            return draw;
        }

        using var turn = await held.EnterTurn();
        while (true)
        {
            // Another caller may have extended it meanwhile, or others were faster to what was added.
            if (held.TryTake(limit, wanted) is { } taken)
            {
                return taken;
            }

            await Extend(community, offer.Campaign, held, limit, wanted);
        }
    }

    /// <summary>What was set aside is not drawn after all.</summary>
    public void GiveBack(LeaseDraw draw)
    {
        if (_byLease.TryGetValue(draw.Lease, out var held))
        {
            held.GiveBack(draw);
        }
    }

    /// <summary>These leases have ended without us: nothing more is set aside from them.</summary>
    public void Forget(IEnumerable<long> leases)
    {
        foreach (var lease in leases)
        {
            if (_byLease.TryRemove(lease, out var held))
            {
                held.Forget(lease);
            }
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _renewals = KeepRenewing();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _timer.Dispose();
        await _renewals;
        foreach (var (campaign, held) in _byCampaign)
        {
            await End(campaign.Community, campaign.Campaign, held);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // A host may stop what it has disposed of already: then nothing is held any more.
        _timer.Dispose();
        foreach (var held in _byCampaign.Values)
        {
            held.Dispose();
        }

        _byCampaign.Clear();
    }

    /// <summary>Renews what was drawn from since the last time, and gives back what was not.</summary>
    internal async Task Renew()
    {
        List<long> used = [];
        foreach (var (campaign, held) in _byCampaign)
        {
            if (held.UsedSinceAsked() is { } lease)
            {
                used.Add(lease);
            }
            else
            {
                await End(campaign.Community, campaign.Campaign, held);
            }
        }

        if (used.Count > 0)
        {
            await budgets.Renew(used);
        }
    }

    private async Task KeepRenewing()
    {
        while (await _timer.WaitForNextTickAsync())
        {
            try
            {
                await Renew();
            }
            catch (JournalException failure)
            {
                NotRenewed(failure.Message);
            }
        }
    }

    // The caller has the turn.
    private async Task Extend(CommunityId community, string campaign, HeldLease held, BudgetAmount limit, BudgetAmount wanted)
    {
        if (held.IsBeyond(limit))
        {
            await EndInTurn(community, campaign, held);
        }

        var (lease, need) = held.Lacks(wanted);
        var taken = await budgets.Take(new()
        {
            Community = community,
            Campaign = campaign,
            Lease = lease,
            Limit = limit,
            Need = need,
            LapseAfter = options.Value.BudgetLeaseFor,
        });
        if (taken.Lease != lease)
        {
            _byLease.TryRemove(lease, out _);
        }

        if (taken.Lease != 0)
        {
            _byLease[taken.Lease] = held;
        }

        held.Add(taken, limit, isAll: !taken.Added.Holds(need));
    }

    private async Task End(CommunityId community, string campaign, HeldLease held)
    {
        using var turn = await held.EnterTurn();
        await EndInTurn(community, campaign, held);
    }

    private async Task EndInTurn(CommunityId community, string campaign, HeldLease held)
    {
        if (held.Lease is not 0 and var lease)
        {
            Forget([lease]);
            try
            {
                await budgets.End(community, campaign, lease);
            }
            catch (JournalException failure)
            {
                // Then it lapses.
                NotRenewed(failure.Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Leases of budgets could not be renewed or given back, and lapse: {Reason}")]
    private partial void NotRenewed(string reason);
}
