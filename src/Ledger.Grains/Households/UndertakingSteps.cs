using System.Diagnostics;
using Ledger.Grains.Journal;
using Ledger.Grains.Wallets;
using Ledger.Households;
using Ledger.Transactions;
using Ledger.Wallets;

namespace Ledger.Grains.Households;

/// <summary>The next step of an undertaking, in all the wallets that it needs.</summary>
/// <remarks>
/// The keys follow from the household, the undertaking and the member, so that whoever takes a step again hears what it came to. A share is captured and
/// released under one and the same key: the journal has no two transactions of one key, so a share is never both taken and given back.
/// </remarks>
internal sealed class UndertakingSteps(IGrainFactory grains, IJournal journal, CommunityId community, HouseholdId household)
{
    public Task<TellHousehold> Take(Undertaking undertaking) => undertaking switch
    {
        MemberMove move => Move(move),
        SpendUnderWay { Phase: SpendPhase.Holding } spend => All(spend, Hold),
        SpendUnderWay { Phase: SpendPhase.Taking } spend => All(spend, Capture),
        SpendUnderWay { Phase: SpendPhase.GivingBack } spend => All(spend, GiveBack),
        RefundUnderWay refund => Refund(refund),
        _ => throw new UnreachableException($"Undertaking {undertaking.GetType().Name} has no step."),
    };

    private async Task<TellHousehold> Move(MemberMove move)
    {
        WalletCommand command = move.Joins ? new JoinHousehold(household) : new LeaveHousehold(household);
        var refusal = (await Send(move.Resident, CommandKey.HouseholdMove(household, move.Of), command) as CommandResult.Recorded)?.Transaction.Refusal;
        return new(move.Of, null, refusal is null ? StepOutcome.Done : StepOutcome.Refused, refusal is null ? null : move.Resident, refusal);
    }

    private static async Task<TellHousehold> All(SpendUnderWay spend, Func<SpendUnderWay, PoolPart, Task<Refusal?>> step)
    {
        var refusals = await Task.WhenAll(spend.Shares.Select(share => step(spend, share)));
        var refused = Array.FindIndex(refusals, refusal => refusal is not null);
        return refused < 0
            ? new(spend.Of, spend.Phase, StepOutcome.Done)
            : new(spend.Of, spend.Phase, StepOutcome.Refused, spend.Shares[refused].Resident, refusals[refused]);
    }

    private async Task<Refusal?> Hold(SpendUnderWay spend, PoolPart share)
    {
        // As long as there is: what was decided in time is followed also by a service that was down for days.
        var command = new HoldPoints(
            spend.Reference,
            share.Points,
            Holding.MinutesMax,
            spend.Terminal,
            spend.Cashier,
            Share: new(household, spend.Of, Own: share.Resident == spend.Buyer));
        return Recorded(await Send(share.Resident, CommandKey.Share(household, spend.Of, share.Resident), command)).Refusal;
    }

    private async Task<Refusal?> Capture(SpendUnderWay spend, PoolPart share) => Recorded(await Send(
        share.Resident, CommandKey.ShareEnd(household, spend.Of, share.Resident), new CaptureHold(spend.Reference, null, Final: true))).Refusal;

    // Held again first, so that a hold that is on its way cannot come afterwards: one key, one outcome.
    private async Task<Refusal?> GiveBack(SpendUnderWay spend, PoolPart share)
    {
        if (await Hold(spend, share) is not null)
        {
            return null;
        }

        var end = CommandKey.ShareEnd(household, spend.Of, share.Resident);
        if (await Send(share.Resident, end, new ReleaseHold(spend.Reference)) is not CommandResult.KeyReused)
        {
            return null;
        }

        // It was captured before another one turned out to be gone; or was gone itself, and there is nothing to give back.
        var capture = await journal.Find(community, end) ?? throw new JournalUnavailableException($"The journal does not tell yet what stands under {end}.");
        return capture.Outcome == Transaction.Accepted ? await Return(spend.Of, spend.Of, share, spend.Terminal, spend.Cashier) : null;
    }

    private async Task<TellHousehold> Refund(RefundUnderWay refund)
    {
        var refusals = await Task.WhenAll(refund.Parts.Select(part => Return(refund.Spend, refund.Of, part, refund.Terminal, refund.Cashier)));
        return new(refund.Of, null, refusals.All(refusal => refusal is null) ? StepOutcome.Done : StepOutcome.Failed);
    }

    /// <summary>Gives back points of a share that was captured. A wallet that refused before may have room by now.</summary>
    private async Task<Refusal?> Return(long spend, long of, PoolPart part, string? terminal, string? cashier)
    {
        var command = new RefundSpend(CommandKey.Share(household, spend, part.Resident), part.Points, terminal, cashier);
        for (var tries = 0; ; tries++)
        {
            var result = Recorded(await Send(part.Resident, CommandKey.ShareBack(household, of, part.Resident, tries), command), out var isRepeat);
            if (result.Refusal is null || !isRepeat)
            {
                return result.Refusal;
            }
        }
    }

    private static Transaction Recorded(CommandResult result) => Recorded(result, out _);

    private static Transaction Recorded(CommandResult result, out bool isRepeat)
    {
        var recorded = result as CommandResult.Recorded ?? throw new JournalUnavailableException("A share's key stands for something else.");
        isRepeat = recorded.Replayed;
        return recorded.Transaction;
    }

    private Task<CommandResult> Send(ResidentId resident, CommandKey key, WalletCommand command) => AskedAgain.Answer(
        (Wallet: grains.GetWallet(community, resident), Envelope: new CommandEnvelope { Community = community, Resident = resident, Key = key, Command = command }),
        static asked => asked.Wallet.Send(asked.Envelope));
}
