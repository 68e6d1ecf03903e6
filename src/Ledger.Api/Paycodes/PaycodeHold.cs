using Ledger.Api.Communities;
using Ledger.Api.Members;
using Ledger.Api.Merchants;
using Ledger.Api.Problems;
using Ledger.Api.Residents;
using Ledger.Api.Security;
using Ledger.Api.Wallets;
using Ledger.Grains.Journal;
using Ledger.Grains.Stores;
using Ledger.Paycodes;
using Ledger.Transactions;
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
        var key = CommandKey.Client(context.Caller().Client, IdempotencyKey.Of(context.Request));
        var command = hold with { Paycode = code.DigestIn(community) };
        var stored = await paycodes.FindPaycode(community, command.Paycode.Value, context.RequestAborted);
        wrong.Check(context);
        if (stored is { PinAbove: null } || stored?.PinAbove >= hold.Points)
        {
            return await Send(stored.Resident);
        }

        // What was sent before is answered again: its code may be forgotten, and its PIN was right.
        if (await sales.Find(community, hold.Reference, context.RequestAborted) is not null)
        {
            return await holds.Send(context, hold.Reference, command);
        }

        if (await journal.Find(community, key, context.RequestAborted) is { Stream.Resident: { } earlier })
        {
            return await Send(earlier);
        }

        if (stored is not null)
        {
            await pins.Check(community, stored.Resident, stored.PinAbove!.Value, pin, context.RequestAborted);
            return await Send(stored.Resident);
        }

        wrong.Add(context);
        throw new RequestRefusedException(KnownProblems.PaycodeUnknown, "Nobody was given this code, or it ended more than an hour ago. Nothing was done.");

        Task<IResult> Send(ResidentId resident) => direct.Send(
            context,
            new() { Community = community, Resident = resident, Key = key, Command = command, PaycodeUntil = stored?.Until },
            DirectCommand.NotActingAs(context, hold.Reference.Merchant));
    }
}
