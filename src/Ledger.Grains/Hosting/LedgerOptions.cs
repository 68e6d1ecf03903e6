namespace Ledger.Grains.Hosting;

/// <summary>How the engine runs; section <c>Ledger</c> of the configuration.</summary>
public sealed record LedgerOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Ledger";

    /// <summary>The store. Default: <c>sqlite</c>, one file, this process alone; or <c>postgres</c>, a database for any number of processes.</summary>
    public string Store { get; init; } = "sqlite";

    /// <summary>How often quiet wallets are looked after. Default: one minute; zero for never.</summary>
    public TimeSpan SweepEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long a lease of a campaign's budget stays with a silo that does not renew it; then others may have what it did not draw.
    /// Default: 15 seconds. Renewed, or given back where nobody earned, three times as often.
    /// </summary>
    public TimeSpan BudgetLeaseFor { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The port of the silo on the loopback address. Default: 0, a free one.</summary>
    public int SiloPort { get; init; }

    /// <summary>Rows that may wait for the writer before callers are told to try again. Default: 8,192.</summary>
    public int RowsWaitingMax { get; init; } = 8_192;

    /// <summary>Calls that may wait for one wallet before callers are told to try again. Default: 1,000.</summary>
    public int CallsWaitingPerWalletMax { get; init; } = 1_000;

    /// <summary>Calls to wallets that may be under way from this process before callers are told to try again. Default: 4,096.</summary>
    public int CallsUnderWayMax { get; init; } = 4_096;
}
