namespace Ledger.Grains.Journal;

/// <summary>The journal could not do what was asked. No provider exception inside: this one may cross a grain boundary.</summary>
[GenerateSerializer]
[Alias("ledger.journal-exception")]
public class JournalException : Exception
{
    /// <summary>Says what could not be done.</summary>
    public JournalException(string message)
        : base(message)
    {
    }
}

/// <summary>Too much waits to be written; nothing was written. The caller tries again a little later.</summary>
[GenerateSerializer]
[Alias("ledger.journal-busy")]
public sealed class JournalBusyException(string message) : JournalException(message);

/// <summary>The store did not answer or refused; nothing was written.</summary>
[GenerateSerializer]
[Alias("ledger.journal-unavailable")]
public sealed class JournalUnavailableException(string message) : JournalException(message);

/// <summary>The connection was lost at the commit: the rows may be stored or not. The journal decides when it is read again.</summary>
[GenerateSerializer]
[Alias("ledger.journal-outcome-unknown")]
public sealed class JournalOutcomeUnknownException(string message) : JournalException(message);

/// <summary>Another activation wrote to this stream; this one is stale and goes. The caller tries again with the same command.</summary>
[GenerateSerializer]
[Alias("ledger.journal-fenced")]
public sealed class JournalFencedException(string message) : JournalException(message);

/// <summary>The books of the community would hold more points than a number can: nothing was written, and trying again does not help.</summary>
[GenerateSerializer]
[Alias("ledger.journal-limit")]
public sealed class JournalLimitException(string message) : JournalException(message);
