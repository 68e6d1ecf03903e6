using System.Collections.Immutable;
using System.Diagnostics;
using Ledger.Budgets;
using Ledger.Grains.Budgets;
using Ledger.Grains.Checking;
using Ledger.Grains.Clocks;
using Ledger.Grains.Communities;
using Ledger.Grains.Journal;
using Ledger.Grains.Mall;
using Ledger.Grains.Telemetry;
using Ledger.Merchants;
using Ledger.Programmes;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Grains.Wallets;

/// <summary>Decides on committed state, appends, and only then moves on.</summary>
/// <remarks>Calls interleave, so that reads never wait; commands wait for one another in a queue of our own, which does them together.</remarks>
[GrainType(WalletGrains.GrainName)]
internal sealed class WalletGrain(
    IJournal journal,
    IProgrammes programmes,
    IMerchants merchants,
    IMall mall,
    BudgetDesk desk,
    MakerDesk makers,
    WalletLoader loader,
    IClock clock,
    IClockWatch clockWatch)
    : StreamGrain<LoadedWallet>(journal), IWalletGrain, IDisposable
{
    // A lease ends under an award when its silo stood still or its budget was made smaller; hardly twice in a row.
    private const int LeasesEndedMax = 5;

    private readonly CommandQueue<CommandEnvelope, CommandResult> _commands = new();
    private ResidentId _resident;
    private long _snapshotSequence;
    private Task _saving = Task.CompletedTask;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var activated = base.OnActivateAsync(cancellationToken);
        _resident = Stream.Resident!.Value;
        return activated;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _saving;
        // A short tail replays faster than a snapshot is written: leave it.
        if (!IsStale && Committed is { } wallet && wallet.State.Sequence - _snapshotSequence >= WalletLoader.TailWorthSaving)
        {
            await loader.Save(Stream, wallet);
        }
    }

    public Task<CommandResult> Send(CommandEnvelope envelope)
    {
        Admit(envelope);
        return _commands.Do(envelope, DoInForeground);
    }

    public Task<ImmutableArray<CommandResult>> SendMany(ImmutableArray<CommandEnvelope> envelopes)
    {
        foreach (var envelope in envelopes)
        {
            Admit(envelope);
        }

        return _commands.Do(envelopes, DoInForeground);
    }

    public Task<CommandResult> ApplyDue(Instant? until) => _commands.DoAlone(() => DoDue(until));

    public async Task<WalletReading> Read() => new((await Loaded()).State, clock.GetCurrentInstant());

    public async Task<CommandResult> Simulate(CommandEnvelope envelope, SimulatedProgramme? programme)
    {
        var draft = new WalletDraft(Stream, await Loaded());
        if (await Journal.Find(Stream.Community, envelope.Key) is { } known)
        {
            return await Answer(envelope, known);
        }

        // The draft is the one that a command would be appended from; it is thrown away.
        var now = Now();
        var published = await programmes.Of(Stream.Community);
        if (programme is not null)
        {
            published = published.Trying(programme.ToPublished());
        }

        var timed = envelope with { At = Instant.Max(Instant.Max(envelope.At, now), draft.After.State.LastAt) };
        var book = await merchants.Of(Stream.Community);
        return await Decide(draft, published, book, timed, now, await Thaw(draft, timed, taken: null), simulated: true) is var result and not CommandResult.Recorded { Replayed: false }
            ? result
            : new CommandResult.Simulated(draft.Transactions[^1]);
    }

    public void Dispose() => _commands.Dispose();

    protected override StreamId StreamOf(string key)
    {
        var (community, resident) = WalletKey.Parse(key);
        return StreamId.Of(community, resident);
    }

    protected override async Task<LoadedWallet> Load()
    {
        var (wallet, snapshotSequence) = await loader.Load(Stream);
        _snapshotSequence = snapshotSequence;
        return wallet;
    }

    /// <exception cref="ArgumentException">The command is another wallet's.</exception>
    private void Admit(CommandEnvelope envelope)
    {
        if (envelope.Community != Stream.Community || envelope.Resident != _resident)
        {
            throw new ArgumentException($"The command {envelope.Key} is not for this wallet.", nameof(envelope));
        }
    }

    private async Task<CommandResult> DoDue(Instant? until)
    {
        var wasAsleep = Committed is null;
        var state = (await Loaded()).State;
        var at = until ?? Instant.Max(clock.GetCurrentInstant(), state.LastAt);
        if (!(state.NextDue <= at))
        {
            return new CommandResult.NothingDue();
        }

        var envelope = new CommandEnvelope
        {
            Community = Stream.Community,
            Resident = _resident,
            // The fence makes the sequence unique, and so the key.
            Key = new(CommandKey.SweepSource, $"{_resident.Value}@{state.Sequence + 1}"),
            Command = new ApplyDue(),
            At = at,
            Historic = until is not null,
        };
        var done = await Do([envelope], background: until is null);
        if (wasAsleep && until is null)
        {
            // Woken by a sweep alone: a million wallets of one midnight must not all stay.
            DeactivateOnIdle();
        }

        return done[0];
    }

    private Task<ImmutableArray<CommandResult>> DoInForeground(ImmutableArray<CommandEnvelope> envelopes) => Do(envelopes, background: false);

    private async Task<ImmutableArray<CommandResult>> Do(ImmutableArray<CommandEnvelope> envelopes, bool background)
    {
        var wallet = await Loaded();
        var results = new CommandResult?[envelopes.Length];
        var taken = null as Dictionary<(string Scope, string Reference), JournalRow>;

        // Each round either ends, or answers at least one more command from the journal, or learns of at least one more reference, unless a lease
        // ended under it.
        for (var round = 0; round <= (2 * envelopes.Length) + LeasesEndedMax; round++)
        {
            var draft = new WalletDraft(Stream, wallet);
            var (decided, appended) = await DecideAndAppend(draft, envelopes, results, taken, background);
            switch (appended)
            {
                case AppendResult.Committed:
                    Commit(draft);
                    return Merge(results, decided);
                case AppendResult.Seen seen:
                    await AnswerSeen(seen.Rows, envelopes, results);
                    break;
                case AppendResult.ReferenceTaken known:
                    await Learn(known.References, taken ??= []);
                    break;
                case AppendResult.Fenced:
                    throw Overtaken();
                case AppendResult.LeaseEnded ended:
                    desk.Forget(ended.Leases);
                    break;
                default:
                    throw new UnreachableException("An append result has no case.");
            }
        }

        throw new JournalUnavailableException($"Leases of budgets ended again and again under {Stream}; send the command again.");
    }

    /// <summary>Decides what is not answered yet, and appends it.</summary>
    /// <remarks>
    /// What that draws from leases is drawn when it is committed, and given back when it certainly is not. In one method, for each one that waits
    /// for the commit costs a command some allocations.
    /// </remarks>
    private async Task<(CommandResult?[] Decided, AppendResult Appended)> DecideAndAppend(
        WalletDraft draft,
        ImmutableArray<CommandEnvelope> envelopes,
        CommandResult?[] known,
        Dictionary<(string Scope, string Reference), JournalRow>? taken,
        bool background)
    {
        try
        {
            var decided = await DecideAll(draft, envelopes, known, taken);
            if (draft.IsEmpty)
            {
                return (decided, AppendResult.Committed.Instance);
            }

            using var activity = LedgerInstruments.Source.StartActivity("append");
            var started = Stopwatch.GetTimestamp();
            try
            {
                var appended = await Append(draft.ToSet(background));
                if (appended is not AppendResult.Committed)
                {
                    GiveBack(draft.Draws);
                }

                return (decided, appended);
            }
            catch (JournalException failure) when (failure is not JournalOutcomeUnknownException)
            {
                GiveBack(draft.Draws);
                throw;
            }
            finally
            {
                LedgerInstruments.Appended(started);
            }
        }
        finally
        {
            foreach (var entry in draft.Entries)
            {
                makers.Leave(entry);
            }
        }
    }

    private static ImmutableArray<CommandResult> Merge(CommandResult?[] known, CommandResult?[] fresh)
    {
        var merged = ImmutableArray.CreateBuilder<CommandResult>(known.Length);
        for (var i = 0; i < known.Length; i++)
        {
            var result = known[i] ?? fresh[i]!;
            LedgerInstruments.Answered(result);
            merged.Add(result);
        }

        return merged.MoveToImmutable();
    }

    // What is answered already stays; the rest is decided in order, each on the state after the one before.
    private async ValueTask<CommandResult?[]> DecideAll(
        WalletDraft draft,
        ImmutableArray<CommandEnvelope> envelopes,
        CommandResult?[] known,
        Dictionary<(string Scope, string Reference), JournalRow>? taken)
    {
        var published = await programmes.Of(Stream.Community);
        var book = await merchants.Of(Stream.Community);
        var decided = new CommandResult?[envelopes.Length];
        try
        {
            for (var i = 0; i < envelopes.Length; i++)
            {
                if (known[i] is not null)
                {
                    continue;
                }

                var now = Now();
                var envelope = envelopes[i].Historic ? envelopes[i] : envelopes[i] with { At = Instant.Max(now, draft.After.State.LastAt) };
                decided[i] = draft.Find(envelope.Key) is { } earlier
                    ? Answer(envelope, earlier)
                    : await Decide(draft, published, book, envelope, now, await Thaw(draft, envelope, taken), simulated: false);
            }
        }
        catch
        {
            GiveBack(draft.Draws);
            throw;
        }

        return decided;
    }

    private async ValueTask<CommandResult> Decide(
        WalletDraft draft, PublishedProgrammes published, MerchantBook book, CommandEnvelope envelope, Instant now, Thawed thawed, bool simulated)
    {
        var rewards = envelope.Command is RedeemReward ? await mall.Of(Stream.Community) : null;
        var entry = EntryOf(draft, published, envelope);
        var enteredBefore = await EnteredBefore(draft, entry, envelope.At, simulated);
        var decision = Wallet.Decide(published, draft.After.State, envelope, thawed, merchants: book, rewards: rewards, enteredBefore: enteredBefore);
        if (!decision.Offers.IsEmpty)
        {
            decision = await HoldToBudgets(decision, draft, published, envelope, thawed, enteredBefore, simulated);
        }

        // What is refused was not entered: the next one of the same draft must not count it.
        if (entry is not null && !IsEntered(decision) && draft.Remove(entry))
        {
            makers.Leave(entry);
        }

        return decision switch
        {
            Decision.Repeated repeated => await Answer(envelope, repeated.Sequence),
            Decision.Accepted { Events.IsEmpty: true } => new CommandResult.NothingDue(),
            _ => new CommandResult.Recorded(draft.Add(envelope, decision, now), Replayed: false),
        };
    }

    private async Task<Decision> HoldToBudgets(
        Decision decision, WalletDraft draft, PublishedProgrammes published, CommandEnvelope envelope, Thawed thawed, long enteredBefore, bool simulated)
    {
        var state = draft.After.State;
        var held = await HeldToBudgets.Of(
            decision, atHand => Wallet.Decide(published, state, envelope, thawed, atHand, enteredBefore: enteredBefore), simulated ? LeftOf : SetAside, desk.GiveBack);
        GiveBack(held.Left);
        held.Drawn.ToList().ForEach(draft.Add);
        return held.Decision;
    }

    /// <summary>The entry that an activity would be; null where nothing counts entries, and where it is known, and so counted already.</summary>
    private StoredReference? EntryOf(WalletDraft draft, PublishedProgrammes published, CommandEnvelope envelope) =>
        Makers.Of(published, envelope) is { } maker && draft.After.State.Recent.SequenceOf(envelope.KeyHash) is null
            ? StoredReference.OfEntry(maker, envelope.At, Stream, draft.After.State.Sequence + 1)
            : null;

    /// <summary>What the maker of an entry entered within the last hour, for any resident; zero for no entry.</summary>
    private async ValueTask<long> EnteredBefore(WalletDraft draft, StoredReference? entry, Instant at, bool simulated)
    {
        if (entry is null)
        {
            return 0;
        }

        if (simulated)
        {
            return await makers.Look(entry, at);
        }

        draft.Add(entry);
        return await makers.Enter(entry, at);
    }

    private static bool IsEntered(Decision decision) =>
        decision is Decision.Accepted { Events: var events } && events.Any(happened => happened is PointsEarned { Maker: not null });

    private ValueTask<LeaseDraw> SetAside(BudgetOffer offer) => desk.SetAside(Stream.Community, offer);

    /// <summary>What a budget has left of an offer, whoever holds it; nothing is set aside.</summary>
    private async ValueTask<LeaseDraw> LeftOf(BudgetOffer offer)
    {
        var used = (await Journal.ReadBudgets(Stream.Community)).GetValueOrDefault(offer.Campaign, BudgetBook.Empty).Used;
        var limit = offer.Budget.Limit;
        var points = used.Awards < limit.Awards ? Math.Clamp(limit.Points - used.Points, 0, offer.Points.Value) : 0;
        return new(0, BudgetAmount.Of(new(points)));
    }

    private void GiveBack(ImmutableArray<LeaseDraw> draws)
    {
        foreach (var draw in draws)
        {
            desk.GiveBack(draw);
        }
    }

    private Instant Now() => clockWatch.Now(clock);

    private void Commit(WalletDraft draft)
    {
        if (draft.IsEmpty)
        {
            return;
        }

        var after = Committed = draft.After;
        if (WalletLoader.IsDue(after.State, _snapshotSequence) && _saving.IsCompleted)
        {
            // Counted as saved either way: a store that refuses snapshots is not asked again at every command. And no command waits for it.
            _snapshotSequence = after.State.Sequence;
            _saving = Task.Run(() => loader.Save(Stream, after));
        }
    }

    private async Task AnswerSeen(ImmutableArray<JournalRow> seen, ImmutableArray<CommandEnvelope> envelopes, CommandResult?[] results)
    {
        foreach (var row in seen)
        {
            for (var i = 0; i < envelopes.Length; i++)
            {
                if (results[i] is null && envelopes[i].Key == row.Key)
                {
                    results[i] = await Answer(envelopes[i], row);
                }
            }
        }
    }

    private async Task Learn(ImmutableArray<StoredReference> references, Dictionary<(string Scope, string Reference), JournalRow> taken)
    {
        foreach (var stored in references)
        {
            taken[stored.Name] = await Journal.ReadOne(stored.Stream, stored.Sequence);
        }
    }

    private async Task<CommandResult> Answer(CommandEnvelope envelope, long sequence) =>
        await Answer(envelope, await Journal.ReadOne(Stream, sequence));

    private async Task<CommandResult> Answer(CommandEnvelope envelope, JournalRow row)
    {
        if (row.Stream != Stream)
        {
            return new CommandResult.KeyReused(envelope.Key);
        }

        // A reason is not in the fingerprint, for it may be erased. While it is there, another one is another command.
        var stored = envelope.Note is null ? null : await Journal.ReadNote(Stream, row.Sequence);
        return stored is not null && stored.Text != envelope.Note!.Text
            ? new CommandResult.KeyReused(envelope.Key)
            : Answer(envelope, row.ToTransaction());
    }

    private static CommandResult Answer(CommandEnvelope envelope, Transaction first) =>
        first.Key == envelope.Key && first.Fingerprint.Span.SequenceEqual(envelope.Fingerprint().Span)
            ? new CommandResult.Recorded(first, Replayed: true)
            : new CommandResult.KeyReused(envelope.Key);

    private async ValueTask<Thawed> Thaw(WalletDraft draft, CommandEnvelope envelope, Dictionary<(string Scope, string Reference), JournalRow>? taken)
    {
        if (NameOf(envelope.Command) is { } named)
        {
            // As far as this draft and the journal's answers tell: an ordinary hold asks nothing beforehand.
            var first = draft.Find(named) ?? taken?.GetValueOrDefault(named)?.ToTransaction();
            return first is null ? Thawed.Nothing.Instance : Thawed.Taken.By(first, envelope);
        }

        if (envelope.Command is GivePoints { To: var to })
        {
            return await Journal.ReadBackwards(StreamId.Of(Stream.Community, to), long.MaxValue, 1) is [_] ? Thawed.Receiver.Instance : Thawed.Nothing.Instance;
        }

        if (Thawed.HoldOf(envelope.Command) is { } hold)
        {
            return await ThawHold(draft, envelope, hold);
        }

        if (Thawed.RedemptionOf(envelope.Command) is { } redemption)
        {
            return await ThawNamed(draft, (StoredReference.RedemptionScope, redemption.Value), Thawed.RedemptionFrom);
        }

        if (Thawed.TargetOf(envelope.Command) is not { } key)
        {
            return Thawed.Nothing.Instance;
        }

        if (draft.Find(key) is { } drafted)
        {
            return Thawed.From(drafted, draft.Transactions);
        }

        if (await Journal.Find(Stream.Community, key) is not { } row)
        {
            return Thawed.Nothing.Instance;
        }

        return row.Stream == Stream ? await ThawFrom(draft, row.Sequence, Thawed.From) : Thawed.Elsewhere.Instance;
    }

    private async ValueTask<Thawed> ThawHold(WalletDraft draft, CommandEnvelope envelope, MerchantReference hold)
    {
        // A live hold is in the state, and captures and releases ask for no more. What times out at this very moment is not live.
        if (envelope.Command is not VoidHold && draft.After.State.FindHold(hold)?.Until > envelope.At)
        {
            return Thawed.Nothing.Instance;
        }

        return await ThawNamed(draft, (StoredReference.ScopeOf(hold.Merchant), hold.Id), Thawed.From);
    }

    /// <summary>What the hold or the redemption of a name was, and what became of it.</summary>
    private async Task<Thawed> ThawNamed(
        WalletDraft draft, (string Scope, string Reference) name, Func<Transaction, IEnumerable<Transaction>, Thawed> thaw)
    {
        if (draft.Find(name) is { } drafted)
        {
            return thaw(drafted, draft.Transactions);
        }

        return await Journal.FindReference(Stream.Community, name.Scope, name.Reference) is { } stored && stored.Stream == Stream
            ? await ThawFrom(draft, stored.Sequence, thaw)
            : Thawed.Nothing.Instance;
    }

    private async Task<Thawed> ThawFrom(WalletDraft draft, long sequence, Func<Transaction, IEnumerable<Transaction>, Thawed> thaw)
    {
        var rows = (await Journal.ReadRelated(Stream, sequence)).Select(WalletRows.ToTransaction).ToList();
        return thaw(rows[0], rows.Skip(1).Concat(draft.Transactions));
    }

    /// <summary>What the reference of a new hold, or a new redemption, is called; null for other commands, and for a share, whose spend has the reference.</summary>
    private static (string Scope, string Reference)? NameOf(WalletCommand command) => command switch
    {
        HoldPoints { Share: null, Reference: var reference } => (StoredReference.ScopeOf(reference.Merchant), reference.Id),
        RedeemReward { Redemption: var redemption } => (StoredReference.RedemptionScope, redemption.Value),
        _ => null,
    };
}
