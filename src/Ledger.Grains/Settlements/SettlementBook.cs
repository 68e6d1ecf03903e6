using System.Collections.Immutable;
using System.Diagnostics;
using Ledger.Grains.Clocks;
using Ledger.Grains.Communities;
using Ledger.Grains.Journal;
using Ledger.Json;
using Ledger.Merchants;
using Ledger.Settlements;
using Ledger.Transactions;
using Ledger.Wallets;
using NodaTime;

namespace Ledger.Grains.Settlements;

/// <summary>What became of a command about a statement. A closed set.</summary>
public abstract record SettlementResult
{
    private protected SettlementResult()
    {
    }

    /// <summary>It is done, now or before.</summary>
    /// <param name="Statement">The statement as it is now.</param>
    /// <param name="Replayed">Whether this very command was done before.</param>
    public sealed record Done(Statement Statement, bool Replayed) : SettlementResult;

    /// <summary>Nothing was done, and nothing ever will be by this very command.</summary>
    /// <param name="Refusal">Why.</param>
    /// <param name="Statement">The statement that it is about; null where there was none.</param>
    /// <param name="Replayed">Whether this very command was refused before.</param>
    public sealed record Refused(StatementRefused Refusal, Statement? Statement, bool Replayed) : SettlementResult;

    /// <summary>The key stands for another command.</summary>
    public sealed record KeyReused : SettlementResult;
}

/// <summary>What was closed for a day.</summary>
/// <param name="Closed">Merchants for whom this call closed days, by identifier, with their statements.</param>
/// <param name="NotDue">Merchants whose cut-off has not passed, by identifier.</param>
/// <param name="AnyDue">Whether the cut-off of any merchant has passed.</param>
public sealed record DayClosing(
    ImmutableArray<(MerchantId Merchant, ImmutableArray<Statement> Statements)> Closed, ImmutableArray<MerchantId> NotDue, bool AnyDue);

/// <summary>Closes merchants' days, and keeps what becomes of their statements: one stream of the journal for each merchant.</summary>
/// <remarks>
/// No grain: whoever comes second is fenced by the sequence, looks again, and finds it done. First a day is closed for movements, then it is added up and
/// recorded; a closing that broke off in between is made up for by the next, which adds up the same.
/// </remarks>
/// <param name="journal">The journal.</param>
/// <param name="movements">The movements of merchants.</param>
/// <param name="merchants">The register.</param>
/// <param name="programmes">For the zone of cut-offs.</param>
/// <param name="clock">The silo's clock.</param>
/// <param name="clockWatch">Objects to a wrong one.</param>
public sealed class SettlementBook(
    IJournal journal, IMovements movements, IMerchants merchants, IProgrammes programmes, IClock clock, IClockWatch clockWatch)
{
    // Each try finds what another operator did meanwhile.
    private const int TriesMax = 20;

    // Together they fill a batch of the journal, and leave room in its queue for sales.
    private const int MerchantsAtOnce = 100;

    /// <summary>The days of a merchant that have a statement, the last one first.</summary>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    public async Task<IEnumerable<LocalDate>> DaysOf(CommunityId community, MerchantId merchant, CancellationToken cancellation) =>
        (await journal.ReadNames(community, SettlementRows.ScopeOf(merchant), "", int.MaxValue, cancellation)).Select(SettlementRows.DayOf);

    /// <summary>The statement of a day; null while it is open, and where nothing had moved in it when it was closed with others.</summary>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    public async Task<Statement?> Find(CommunityId community, MerchantId merchant, LocalDate day, CancellationToken cancellation) =>
        // The reference stands for the closing, and what became of it later refers to that.
        await journal.FindReference(community, SettlementRows.ScopeOf(merchant), SettlementRows.NameOf(day), cancellation) is { } closing
            ? new([.. (await journal.ReadRelated(closing.Stream, closing.Sequence, cancellation)).Select(row => row.ToStep())])
            : null;

    /// <summary>How a merchant stands; null before its first statement.</summary>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    public async Task<Standing?> StandingOf(CommunityId community, MerchantId merchant, CancellationToken cancellation) =>
        StandingAfter(await Last(StreamId.OfSettlement(community, merchant), cancellation));

    /// <summary>The cut-off of a merchant's day, by what is agreed now.</summary>
    public async Task<Instant> EndOf(CommunityId community, MerchantId merchant, LocalDate day)
    {
        var now = clock.GetCurrentInstant();
        var zone = (await programmes.Of(community)).ZoneAt(now);
        return SettlementDay.EndOf(day, (await merchants.Of(community)).TermsOf(merchant, now).CutOff, zone);
    }

    /// <summary>Does something to one statement, or records why not. The same key again does nothing, and tells the statement as it is by then, or the same refusal.</summary>
    /// <param name="community">Whose.</param>
    /// <param name="merchant">The merchant.</param>
    /// <param name="command">What is wanted.</param>
    /// <param name="key">What makes it one command.</param>
    /// <param name="note">What is written beside it; null for nothing.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="JournalException">The store did not answer, or nobody knows: send the same again.</exception>
    public async Task<SettlementResult> Do(
        CommunityId community, MerchantId merchant, SettlementCommand command, CommandKey key, Note? note, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            if (await journal.Find(community, key, cancellation) is { } known)
            {
                return await Replay(known, merchant, command, note, cancellation);
            }

            var stream = StreamId.OfSettlement(community, merchant);
            var last = await Last(stream, cancellation);
            var (rows, objection) = command is CloseStatement
                ? await Close(stream, last, command, key, cancellation)
                : await Change(stream, last, command, key, note, cancellation);
            if (objection is { } why)
            {
                var refused = new StatementRefused(command.Day, StandingAfter(last), why, await EndOf(community, merchant, command.Day));
                rows = [SettlementRows.After(stream, last, key, command, refused, of: null, Now())];
            }

            if (await journal.Append(SettlementRows.ToSet(rows, note)) is AppendResult.Committed)
            {
                return await ResultOf(rows[^1], replayed: false, cancellation);
            }

            if (tries == TriesMax)
            {
                throw new JournalBusyException($"Others change the statements of {merchant} too; send the same again.");
            }
        }
    }

    /// <summary>Closes a day, and every open one before it, for every merchant of a community whose cut-off has passed. Again changes nothing.</summary>
    /// <exception cref="JournalException">The store did not answer, or nobody knows: send the same again.</exception>
    public async Task<DayClosing> CloseAll(CommunityId community, LocalDate day, CancellationToken cancellation)
    {
        var (due, notDue) = (new List<MerchantId>(), ImmutableArray.CreateBuilder<MerchantId>());
        foreach (var merchant in await MerchantsOf(community, cancellation))
        {
            if (await EndOf(community, merchant, day) <= Now())
            {
                due.Add(merchant);
            }
            else
            {
                notDue.Add(merchant);
            }
        }

        var (left, closed) = ((IReadOnlyCollection<MerchantId>)due, new List<(MerchantId Merchant, ImmutableArray<Statement> Statements)>());
        for (var tries = 1; left.Count > 0; tries++)
        {
            var (those, fenced) = await CloseOnce(community, left, day, cancellation);
            closed.AddRange(those);
            left = fenced;
            if (left.Count > 0 && tries == TriesMax)
            {
                throw new JournalBusyException($"Others change the statements of {left.First()} too; send the same again.");
            }
        }

        return new([.. closed.OrderBy(merchant => merchant.Merchant.Value, StringComparer.Ordinal)], notDue.ToImmutable(), due.Count > 0);
    }

    /// <summary>Closes a day for merchants for whom it is open; and tells to whose statements somebody else did something meanwhile.</summary>
    private async Task<(IReadOnlyList<(MerchantId, ImmutableArray<Statement>)> Closed, IReadOnlyList<MerchantId> Fenced)> CloseOnce(
        CommunityId community, IReadOnlyCollection<MerchantId> merchants, LocalDate day, CancellationToken cancellation)
    {
        var open = new Dictionary<MerchantId, JournalRow?>();
        foreach (var merchant in merchants)
        {
            var last = await Last(StreamId.OfSettlement(community, merchant), cancellation);
            if (!(StandingAfter(last)?.Through >= day))
            {
                open.Add(merchant, last);
            }
        }

        await movements.CloseThrough(community, open.Keys, day, cancellation);
        var sums = (await SumsAfter(community, open, day, cancellation)).ToLookup(sum => sum.Merchant);
        var (closed, fenced) = (new List<(MerchantId, ImmutableArray<Statement>)>(), new List<MerchantId>());
        foreach (var some in open.Where(merchant => sums.Contains(merchant.Key)).Chunk(MerchantsAtOnce))
        {
            var rows = await Task.WhenAll(some.Select(merchant => RowsOf(
                community, merchant.Key, merchant.Value, [.. sums[merchant.Key]], [], closing => CommandKey.Closing(merchant.Key, closing), cancellation)));
            var answers = await Task.WhenAll(rows.Select(those => journal.Append(SettlementRows.ToSet(those, null))));
            foreach (var (merchant, those, answer) in some.Zip(rows, answers))
            {
                if (answer is AppendResult.Committed)
                {
                    closed.Add((merchant.Key, Statement.From(those.Select(row => row.ToStep()))));
                }
                else
                {
                    fenced.Add(merchant.Key);
                }
            }
        }

        return (closed, fenced);
    }

    private async Task<(ImmutableArray<JournalRow> Rows, StatementObjection? Objection)> Close(
        StreamId stream, JournalRow? last, SettlementCommand command, CommandKey key, CancellationToken cancellation)
    {
        var (community, merchant, day) = (stream.Community, stream.Settlement!.Value, command.Day);
        if (Now() < await EndOf(community, merchant, day))
        {
            return ([], StatementObjection.NotDue);
        }

        if (StandingAfter(last)?.Through >= day)
        {
            return ([], StatementObjection.AlreadyClosed);
        }

        await movements.CloseThrough(community, [merchant], day, cancellation);
        var open = new Dictionary<MerchantId, JournalRow?> { [merchant] = last };
        return (await RowsOf(
            community,
            merchant,
            last,
            await SumsAfter(community, open, day, cancellation),
            [day],
            closing => closing == day ? key : CommandKey.Closing(merchant, closing),
            cancellation), null);
    }

    private async Task<(ImmutableArray<JournalRow> Rows, StatementObjection? Objection)> Change(
        StreamId stream, JournalRow? last, SettlementCommand command, CommandKey key, Note? note, CancellationToken cancellation)
    {
        // A day that is closed since the last row was read has a statement, and no standing yet: the refusal is fenced, and all of it is looked at again.
        if (StandingAfter(last) is not { } standing || await Find(stream.Community, stream.Settlement!.Value, command.Day, cancellation) is not { } statement)
        {
            return ([], StatementObjection.NotClosed);
        }

        var (happened, objection) = Settling.Decide(standing, statement, command, note?.Digest());
        return (happened is null ? [] : [SettlementRows.After(stream, last, key, command, happened, statement.Steps[0].Sequence, Now())], objection);
    }

    /// <summary>The rows that close days with sales, and those that are wanted in any case, one after the other.</summary>
    private async Task<ImmutableArray<JournalRow>> RowsOf(
        CommunityId community,
        MerchantId merchant,
        JournalRow? last,
        IReadOnlyList<MovementSum> sums,
        LocalDate[] wanted,
        Func<LocalDate, CommandKey> keyOf,
        CancellationToken cancellation)
    {
        var rows = ImmutableArray.CreateBuilder<JournalRow>();
        var (standing, byDay) = (StandingAfter(last), sums.ToLookup(sum => sum.Day));
        foreach (var day in byDay.Select(of => of.Key).Union(wanted).Order())
        {
            MovementSum[] parts = [.. byDay[day]];
            var closed = parts.Close(standing, day, await SignalsOf(community, merchant, day, parts, cancellation));
            standing = closed.After;
            last = SettlementRows.After(
                StreamId.OfSettlement(community, merchant), last, keyOf(day), new CloseStatement(day), closed, of: null, Now());
            rows.Add(last);
        }

        return rows.ToImmutable();
    }

    private async Task<SettlementSignals?> SignalsOf(
        CommunityId community, MerchantId merchant, LocalDate day, IReadOnlyList<MovementSum> parts, CancellationToken cancellation) =>
        (await merchants.Of(community)).Find(merchant) is { Limits: { } limits } registered
            ? await DaySignals.Of(movements, new(community, merchant, day), registered, limits, parts, cancellation)
            : null;

    private Task<IReadOnlyList<MovementSum>> SumsAfter(
        CommunityId community, Dictionary<MerchantId, JournalRow?> open, LocalDate day, CancellationToken cancellation) => movements.Sum(
        community,
        [.. open.Select(merchant => new DaysOfMerchant(merchant.Key, StandingAfter(merchant.Value)?.Through))],
        day,
        cancellation);

    // Everybody who ever sold or gave back has an account; who never did has nothing to close.
    private async Task<IEnumerable<MerchantId>> MerchantsOf(CommunityId community, CancellationToken cancellation)
    {
        var prefix = Accounts.Account.Merchant(new("")).Name;
        return (await journal.ReadTotals(community, cancellation)).Keys
            .Where(account => account.StartsWith(prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(account => new MerchantId(account[prefix.Length..]));
    }

    private async Task<SettlementResult> Replay(
        JournalRow known, MerchantId merchant, SettlementCommand command, Note? note, CancellationToken cancellation)
    {
        if (known.Stream != StreamId.OfSettlement(known.Stream.Community, merchant)
            || !known.Fingerprint.Span.SequenceEqual(LedgerJson.FingerprintOf(merchant, command)))
        {
            return new SettlementResult.KeyReused();
        }

        // A reason is not in the fingerprint, for it may be erased. While it is there, another one is another command.
        var stored = note is null ? null : await journal.ReadNote(known.Stream, known.Sequence, cancellation);
        return stored is not null && stored.Text != note!.Text
            ? new SettlementResult.KeyReused()
            : await ResultOf(known, replayed: true, cancellation);
    }

    // What a statement says never changes, nor its payment: so a refusal reads the same however late.
    private async Task<SettlementResult> ResultOf(JournalRow row, bool replayed, CancellationToken cancellation)
    {
        var happened = row.ToStep().Happened;
        var statement = happened is StatementRefused { Objection: StatementObjection.NotDue or StatementObjection.NotClosed }
            ? null
            : await Find(row.Stream.Community, row.Stream.Settlement!.Value, happened.Day, cancellation);
        return happened is StatementRefused refused
            ? new SettlementResult.Refused(refused, statement, replayed)
            : new SettlementResult.Done(statement ?? throw new UnreachableException("What was recorded of a statement is there."), replayed);
    }

    private async Task<JournalRow?> Last(StreamId stream, CancellationToken cancellation) =>
        await journal.ReadBackwards(stream, long.MaxValue, 1, cancellation) is [var last] ? last : null;

    private static Standing? StandingAfter(JournalRow? last) => last?.ToStep().Happened.After;

    private Instant Now() => clockWatch.Now(clock);
}
