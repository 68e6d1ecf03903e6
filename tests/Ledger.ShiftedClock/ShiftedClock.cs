using System.Globalization;
using NodaTime;

namespace Ledger.ShiftedClock;

/// <summary>The machine's clock, set wrong by as much as a file says: milliseconds, negative for behind. No file: right.</summary>
public sealed class ShiftedClock(string file) : IClock
{
    private static readonly long s_lookEvery = TimeSpan.FromMilliseconds(20).Ticks;

    private long _lookedAt = long.MinValue / 2;
    private Duration _shift;

    /// <inheritdoc/>
    public Instant GetCurrentInstant()
    {
        var now = SystemClock.Instance.GetCurrentInstant();
        var ticks = Environment.TickCount64 * TimeSpan.TicksPerMillisecond;
        lock (this)
        {
            if (ticks - _lookedAt >= s_lookEvery)
            {
                _lookedAt = ticks;
                _shift = Read();
            }

            return now + _shift;
        }
    }

    // While the file is being replaced, what was known before counts.
    private Duration Read()
    {
        try
        {
            return Duration.FromMilliseconds(long.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture));
        }
        catch (FileNotFoundException)
        {
            return Duration.Zero;
        }
        catch (Exception failure) when (failure is IOException or FormatException)
        {
            return _shift;
        }
    }
}
