using System.Globalization;
using Ledger.Load.Ours;
using Ledger.Load.Questions;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Ledger.Load.Growing;

/// <summary>What does a transaction take on disk?</summary>
internal sealed class BytesOnDisk(int wallets) : IQuestion
{
    private const int TransactionsEach = 4;

    private const string PostgresParts = """
        SELECT c.relname, pg_relation_size(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'public' AND c.relkind IN ('r', 'i') AND pg_relation_size(c.oid) > 0 ORDER BY 2 DESC
        """;

    public string Name => "bytes";

    public string Title => "Bytes on disk";

    public string About => "Bytes of each table and index by transaction, half of them earn, half of them spend; what takes less than one byte is left out. SQLite has one file.";

    public IReadOnlyList<string> Columns => ["transactions", "part", "bytes a transaction"];

    public async Task<IReadOnlyList<IReadOnlyList<string>>> Measure(StoreMaker stores, CancellationToken cancellation)
    {
        await using var store = await stores.Make();
        await using (var host = await LedgerHost.Start(store, cancellation))
        {
            var commands = new Commands();
            await WalletHerd.Visit(
                Herd.Names(wallets),
                async resident =>
                {
                    for (var i = 0; i < TransactionsEach; i++)
                    {
                        await host.Wallet(resident).Send(i % 2 == 0 ? commands.Earn(resident, 1) : commands.Spend(resident, "shop-1"));
                    }
                },
                cancellation);
        }

        var transactions = (double)wallets * TransactionsEach;
        var parts = stores.Kind == LedgerStore.SqliteName
            ? [("the file", new FileInfo(new SqliteConnectionStringBuilder(store.ConnectionString).DataSource).Length)]
            : await SizesOfPostgres(store, cancellation);
        return [Row("all", parts.Sum(part => part.Bytes)), .. parts.Where(part => part.Bytes >= transactions).Select(part => Row(part.Name, part.Bytes))];

        IReadOnlyList<string> Row(string part, long bytes) =>
        [
            transactions.ToString("n0", CultureInfo.InvariantCulture), part, (bytes / transactions).ToString("n0", CultureInfo.InvariantCulture),
        ];
    }

    private static async Task<List<(string Name, long Bytes)>> SizesOfPostgres(LedgerStore store, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(store.ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(PostgresParts, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var parts = new List<(string, long)>();
        while (await reader.ReadAsync(cancellation))
        {
            parts.Add((reader.GetString(0), reader.GetInt64(1)));
        }

        return parts;
    }
}
