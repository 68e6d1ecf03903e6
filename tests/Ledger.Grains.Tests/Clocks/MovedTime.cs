namespace Ledger.Grains.Tests.Clocks;

/// <summary>A stopwatch that runs only when it is moved.</summary>
internal sealed class MovedTime : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public void Move(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}
