namespace Ledger.Grains.Stores;

/// <summary>One writer at a time. Whoever writes to the file besides the journal passes here and so goes between two batches.</summary>
/// <remarks>SQLite has one write lock and waits for it by sleeping on the caller's thread; waiting here costs nothing and is fair.</remarks>
public sealed class WriterGate : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Waits for the turn; disposing the answer gives it back.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled; there is nothing to give back.</exception>
    public async ValueTask<Turn> Enter(CancellationToken cancellation = default)
    {
        await _turn.WaitAsync(cancellation);
        return new(_turn);
    }

    /// <summary>Waits for the turn on this thread; for the thread that writes the journal.</summary>
    internal Turn EnterBlocking()
    {
        _turn.Wait();
        return new(_turn);
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    /// <summary>The right to write, until disposed. Dispose it once.</summary>
    public readonly struct Turn : IDisposable, IEquatable<Turn>
    {
        private readonly SemaphoreSlim? _turn;

        internal Turn(SemaphoreSlim turn) => _turn = turn;

        /// <summary>Gives the turn to the next one.</summary>
        public void Dispose() => _turn?.Release();

        /// <inheritdoc/>
        public bool Equals(Turn other) => ReferenceEquals(_turn, other._turn);

        /// <inheritdoc/>
        public override bool Equals(object? obj) => obj is Turn other && Equals(other);

        /// <inheritdoc/>
        public override int GetHashCode() => _turn?.GetHashCode() ?? 0;

        /// <summary>Is it a turn at the same gate?</summary>
        public static bool operator ==(Turn left, Turn right) => left.Equals(right);

        /// <summary>Is it a turn at another gate?</summary>
        public static bool operator !=(Turn left, Turn right) => !left.Equals(right);
    }
}
