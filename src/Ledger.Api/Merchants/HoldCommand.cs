using Ledger.Api.Communities;
using Ledger.Api.Problems;
using Ledger.Api.Residents;
using Ledger.Grains.Journal;
using Ledger.Transactions;
using Ledger.Wallets;

namespace Ledger.Api.Merchants;

/// <summary>Sends a command about a sale to the wallet that its reference leads to.</summary>
internal sealed class HoldCommand(DirectCommand direct, Sales sales, CommunityScope scope, IJournal journal)
{
    /// <param name="context">The request.</param>
    /// <param name="reference">The sale.</param>
    /// <param name="command">Makes the command, where it names the hold's own.</param>
    /// <exception cref="RequestRefusedException">The caller may not act for the merchant, or nothing came with the reference.</exception>
    public async Task<IResult> Send(HttpContext context, MerchantReference reference, Func<CommandKey, WalletCommand> command)
    {
        var stored = await Find(context, reference);
        return stored?.Stream.Resident is { } resident
            ? await Send(context, reference, resident, command((await journal.ReadOne(stored.Stream, stored.Sequence, context.RequestAborted)).Key))
            : await NoHold(context, reference, stored);
    }

    /// <param name="context">The request.</param>
    /// <param name="reference">The sale.</param>
    /// <param name="command">The command, which names the hold by its reference: one question less for what customers wait for.</param>
    /// <exception cref="RequestRefusedException">The caller may not act for the merchant, or nothing came with the reference.</exception>
    public async Task<IResult> Send(HttpContext context, MerchantReference reference, WalletCommand command)
    {
        var stored = await Find(context, reference);
        return stored?.Stream.Resident is { } resident
            ? await Send(context, reference, resident, command)
            : await NoHold(context, reference, stored);
    }

    private async Task<IResult> NoHold(HttpContext context, MerchantReference reference, StoredReference? stored) =>
        DirectCommand.NotActingAs(context, reference.Merchant) is { } refused ? new ProblemResult(refused)
        : stored is null ? throw SalePath.Unknown()
        : stored.Stream.Household is { } household ? throw SalePath.Pooled(household, stored.Sequence)
        : new ProblemResult(Voided(context, reference, await journal.ReadOne(stored.Stream, stored.Sequence, context.RequestAborted)));

    private static Problem Voided(HttpContext context, MerchantReference reference, JournalRow row) =>
        RefusalWords.ProblemOf(new Refusal.ReferenceVoided(reference, row.EffectiveAt), context.Request.Language());

    private async Task<StoredReference?> Find(HttpContext context, MerchantReference reference) =>
        await sales.Find(await scope.Of(context), reference, context.RequestAborted);

    private async Task<IResult> Send(HttpContext context, MerchantReference reference, ResidentId resident, WalletCommand command)
    {
        var refused = DirectCommand.NotActingAs(context, reference.Merchant);
        var (community, id, key) = await direct.Address(context, resident.Value);
        return await direct.Send(context, new() { Community = community, Resident = id, Key = key, Command = command }, refused);
    }
}
