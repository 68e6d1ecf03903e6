using Ledger.Grains.Stores.Postgres;
using Ledger.Load.Comparing;
using Ledger.Load.Loops;
using Ledger.PrivatePostgres;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Load.Limits;

/// <summary>
/// The limit of the journal: the same rows into the same table with the same indexes, by one writer, in durable transactions of 1,000,
/// with no engine before it. Once by <c>unnest</c>, once by binary <c>COPY</c>.
/// </summary>
internal sealed class RawRows(PostgresServer server, int wallets) : IContestant
{
    public const string ContestantName = "bare rows, one writer";
    public const string Unnest = "unnest";
    public const string Copy = "binary COPY";

    private string _connection = "";
    private JournalColumns? _columns;

    public string Name => ContestantName;

    public IReadOnlyList<Setting> Settings { get; } = [new(Unnest, 1), new(Copy, 1)];

    public IReadOnlyList<string> LastWords => [];

    public async Task Prepare(CancellationToken cancellation)
    {
        _connection = await server.CreateDatabase();
        PostgresStore.Open(_connection).Dispose();
        _columns = await JournalColumns.Make(wallets, cancellation);
    }

    public Task Start(CancellationToken cancellation) => Task.CompletedTask;

    public async Task<IReadOnlyList<ICaller>> Callers(Setting setting, CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(_connection);
        await connection.OpenAsync(cancellation);
        return [setting.Workload == Unnest ? new UnnestCaller(connection, _columns!) : new CopyCaller(connection, _columns!)];
    }

    public Task Stop() => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string Names => string.Join(", ", JournalColumns.Columns.Select(column => column.Name));

    private sealed class UnnestCaller : ICaller
    {
        private readonly NpgsqlConnection _connection;
        private readonly JournalColumns _columns;
        private readonly NpgsqlCommand _command;

        public UnnestCaller(NpgsqlConnection connection, JournalColumns columns)
        {
            (_connection, _columns) = (connection, columns);
            var places = string.Join(", ", Enumerable.Range(1, columns.Values.Count).Select(place => FormattableString.Invariant($"${place}")));
#pragma warning disable CA2100 // Names made here.
            _command = new($"INSERT INTO journal ({Names}) SELECT * FROM unnest({places})", connection);
#pragma warning restore CA2100
            for (var i = 0; i < columns.Values.Count; i++)
            {
                _command.Parameters.Add(new() { Value = columns.Values[i], NpgsqlDbType = NpgsqlDbType.Array | JournalColumns.Columns[i].Type });
            }

            _command.Prepare();
        }

        public async ValueTask<Answer> Send(CancellationToken cancellation)
        {
            _columns.Renew();
            return new(await _command.ExecuteNonQueryAsync(cancellation));
        }

        public void Dispose()
        {
            _command.Dispose();
            _connection.Dispose();
        }
    }

    private sealed class CopyCaller(NpgsqlConnection connection, JournalColumns columns) : ICaller
    {
        public async ValueTask<Answer> Send(CancellationToken cancellation)
        {
            columns.Renew();
            await using var copy = await connection.BeginBinaryImportAsync($"COPY journal ({Names}) FROM STDIN (FORMAT binary)", cancellation);
            for (var row = 0; row < JournalColumns.Rows; row++)
            {
                await copy.StartRowAsync(cancellation);
                for (var column = 0; column < columns.Values.Count; column++)
                {
                    var type = JournalColumns.Columns[column].Type;
                    await (columns.Values[column] switch
                    {
                        long[] values => copy.WriteAsync(values[row], type, cancellation),
                        int[] values => copy.WriteAsync(values[row], type, cancellation),
                        short[] values => copy.WriteAsync(values[row], type, cancellation),
                        DateTime[] values => copy.WriteAsync(values[row], type, cancellation),
                        Guid[] values => copy.WriteAsync(values[row], type, cancellation),
                        byte[][] values => copy.WriteAsync(values[row], type, cancellation),
                        string[] values => copy.WriteAsync(values[row], type, cancellation),
                        var other => throw new InvalidOperationException($"No column is made of {other.GetType()}."),
                    });
                }
            }

            await copy.CompleteAsync(cancellation);
            return new(JournalColumns.Rows);
        }

        public void Dispose() => connection.Dispose();
    }
}
