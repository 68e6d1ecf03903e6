using Ledger.Api.Communities;
using Ledger.Api.Members;
using Ledger.Api.Merchants;
using Ledger.Api.Problems;
using Ledger.Api.Residents;
using Ledger.Api.Wallets;
using Ledger.Grains.Journal;
using Ledger.Grains.Stores;
using Ledger.Paycodes;
using Ledger.Wallets;

namespace Ledger.Api.Paycodes;

/// <summary>Sends a hold to the wallet that a paycode stands for.</summary>
/// <remarks>
/// A code is looked up once, and the wallet decides the rest. Where it is no longer known, a hold that was sent before still finds its wallet, by its
/// reference or by its key, so that it is answered again however late.
/// </remarks>
internal sealed class PaycodeHold(
    IPaycodes paycodes, IJournal journal, Sales sales, HoldCommand holds, DirectCommand direct, CommunityScope scope, WrongPaycodes wrong,
    PinDesk pins)
{
    /// <param name="context">The request.</param>
    /// <param name="code">The code.</param>
    /// <param name="hold">What is to be set aside.</param>
    /// <param name="pin">What the member typed; null for nothing.</param>
    /// <exception cref="RequestRefusedException">
    /// Nobody was given the code, or too many such codes came before; or it asks for a PIN, and that is missing, wrong or locked.
    /// </exception>
    public async Task<IResult> Send(HttpContext context, Paycode code, HoldPoints hold, string? pin)
    {
        var community = await scope.Of(context);
        var key = IdempotencyKey.Of(context);
        var command = hold with { Paycode = code.DigestIn(community) };
        var stored = await paycodes.FindPaycode(community, command.Paycode.Value, context.RequestAborted);
        var needsPin = stored?.PinAbove < hold.Points;
        if (stored is not null && !needsPin && wrong.TurnsAway(context) is null)
        {
            return await Send(stored.Resident);
        }

        // What was sent before is answered again, also to who is turned away: its code may be forgotten, and its PIN was right.
        if (await SendAgain() is { } answer)
        {
            if (stored is null && IsGuess(answer))
            {
                wrong.Add(context);
            }

            return answer;
        }

        wrong.Check(context);
        if (stored is null)
        {
            wrong.Add(context);
            throw new RequestRefusedException(KnownProblems.PaycodeUnknown, "Nobody was given this code, or it ended more than an hour ago. Nothing was done.");
        }

        if (needsPin)
        {
            await pins.Check(community, stored.Resident, stored.PinAbove!.Value, pin, context.RequestAborted);
        }

        return await Send(stored.Resident);

        async Task<IResult?> SendAgain() =>
            await sales.Find(community, hold.Reference, context.RequestAborted) is not null ? await holds.Send(context, hold.Reference, command)
            : await journal.Find(community, key, context.RequestAborted) is { Stream.Resident: { } earlier } ? await Send(earlier)
            : null;

        Task<IResult> Send(ResidentId resident) => direct.Send(
            context,
            new() { Community = community, Resident = resident, Key = key, Command = command, PaycodeUntil = stored?.Until },
            DirectCommand.NotActingAs(context, hold.Reference.Merchant));
    }

    // Another code than came before with this reference or key; nobody was given it either.
    private static bool IsGuess(IResult answer) => (answer as CommandAnswer)?.Problem is { Kind.Code: "reference_reused" or "reference_voided" or "command_id_reused" }
        || answer is ProblemResult { Problem.Kind.Code: "reference_voided" };
}
