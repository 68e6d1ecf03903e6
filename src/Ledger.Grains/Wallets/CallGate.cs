using Ledger.Grains.Hosting;
using Ledger.Grains.Journal;
using Microsoft.Extensions.Options;

namespace Ledger.Grains.Wallets;

/// <summary>
/// Bounds how many calls to wallets are on their way from this process. Each may have to bring a wallet into memory; a hundred thousand at
/// once would wait longer for that than an answer may take, and all of them would fail. So the last ones are told at once to come again.
/// </summary>
/// <param name="options">How many.</param>
public sealed class CallGate(IOptions<LedgerOptions> options)
{
    private readonly int _callsMax = options.Value.CallsUnderWayMax;
    private int _underWay;

    /// <summary>Lets a call in; dispose what is returned when it is answered.</summary>
    /// <exception cref="JournalBusyException">Too many are under way; nothing was done; try again a little later.</exception>
    public Call Enter()
    {
        if (Interlocked.Increment(ref _underWay) <= _callsMax)
        {
            return new(this);
        }

        Leave();
        throw new JournalBusyException($"{_callsMax} calls are under way.");
    }

    private void Leave() => Interlocked.Decrement(ref _underWay);

    /// <summary>A call under way.</summary>
    public sealed class Call : IDisposable
    {
        private readonly CallGate _gate;

        internal Call(CallGate gate) => _gate = gate;

        /// <summary>It is answered.</summary>
        public void Dispose() => _gate.Leave();
    }
}
