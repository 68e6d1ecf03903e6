using Ledger.PrivatePostgres;

namespace Ledger.Load.Ours;

/// <summary>Makes new stores of one kind.</summary>
/// <param name="Kind"><c>SQLite</c> or <c>PostgreSQL</c>.</param>
/// <param name="Server">The private server.</param>
internal sealed record StoreMaker(string Kind, PostgresServer Server)
{
    /// <summary>The kinds that <c>--store</c> asks for.</summary>
    public static IReadOnlyList<string> KindsOf(string option) => option switch
    {
        "sqlite" => [LedgerStore.SqliteName],
        "postgres" => [LedgerStore.PostgresName],
        _ => [LedgerStore.SqliteName, LedgerStore.PostgresName],
    };

    public Task<LedgerStore> Make() => Kind == LedgerStore.SqliteName ? Task.FromResult(LedgerStore.Sqlite()) : LedgerStore.Postgres(Server);
}
