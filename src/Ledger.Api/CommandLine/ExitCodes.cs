namespace Ledger.Api.CommandLine;

/// <summary>How a command ended, for scripts.</summary>
internal static class ExitCodes
{
    /// <summary>All is done. Business refusals are outcomes, not errors.</summary>
    public const int Done = 0;

    /// <summary>There were bad rows, or differences, or mistakes in what was checked.</summary>
    public const int Found = 1;

    /// <summary>It could not be done as asked; nothing was changed.</summary>
    public const int Usage = 2;

    /// <summary>Stopped from outside (Ctrl+C); the shell's convention.</summary>
    public const int Stopped = 130;
}
