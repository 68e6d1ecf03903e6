namespace Ledger.Grains.Stores;

/// <summary>The store was not opened. The message says why and what to do; <see cref="Code"/> is stable for programs.</summary>
/// <param name="code">One of <see cref="StoreRefusals"/>.</param>
/// <param name="message">Why, in words for the one who started the program.</param>
public sealed class StoreRefusedException(string code, string message) : Exception(message)
{
    /// <summary>One of <see cref="StoreRefusals"/>; never changes its meaning.</summary>
    public string Code { get; } = code;

    /// <summary>The process that holds the store, when that is the reason and it is known; else null.</summary>
    public int? HolderProcessId { get; init; }
}

/// <summary>The reasons why a store is not opened.</summary>
public static class StoreRefusals
{
    /// <summary>There is no such folder.</summary>
    public const string DirectoryMissing = "store_directory_missing";

    /// <summary>There is no such file, and it was to be read only.</summary>
    public const string FileMissing = "store_file_missing";

    /// <summary>The file or its folder cannot be written, or the database takes no writes.</summary>
    public const string NotWritable = "store_not_writable";

    /// <summary>Another process writes to it.</summary>
    public const string Locked = "store_locked";

    /// <summary>The file is no SQLite database, or a damaged one.</summary>
    public const string NotADatabase = "store_not_a_database";

    /// <summary>A database of another program.</summary>
    public const string Foreign = "store_foreign";

    /// <summary>Written by a newer version of this program.</summary>
    public const string NewerSchema = "store_newer_schema";

    /// <summary>Written by an older version, and opened for reading only, so it cannot be brought up to date.</summary>
    public const string OlderSchema = "store_older_schema";

    /// <summary>No database answers at that address.</summary>
    public const string Unreachable = "store_unreachable";

    /// <summary>The user or its password is not accepted, or the user may not do what is needed.</summary>
    public const string AccessDenied = "store_access_denied";

    /// <summary>The server has no such database.</summary>
    public const string DatabaseMissing = "store_database_missing";

    /// <summary>The server is too old, or the database keeps texts in another form than UTF-8.</summary>
    public const string Unsuitable = "store_unsuitable";

    /// <summary>The words that name the store cannot be read.</summary>
    public const string ConnectionInvalid = "store_connection_invalid";

    /// <summary>The database gave another error; the message holds it.</summary>
    public const string Unavailable = "store_unavailable";
}
