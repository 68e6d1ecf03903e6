using Ledger.Transactions;
using Ledger.Wallets;

namespace Ledger.Grains.Tests.Verification;

/// <summary>What a wallet tells of one event, with nothing else in it.</summary>
internal static class Telling
{
    public static Transaction Of(long sequence, CommandKey key, WalletEvent happened) => new()
    {
        Sequence = sequence,
        Key = key,
        KeyHash = default,
        Fingerprint = default,
        RecordedAt = default,
        EffectiveAt = default,
        Outcome = Transaction.Accepted,
        Events = [happened],
        ProgrammeVersion = 1,
        After = default,
    };
}
