using Ledger.Load.Comparing;
using Ledger.Load.Loops;
using Ledger.Load.Workloads;
using Ledger.PrivatePostgres;
using Npgsql;

namespace Ledger.Load.Rivals;

/// <summary>
/// A plain ledger in SQL: one function call is one transaction that locks two account rows in the order of their ids, refuses what a resident
/// has not got, writes two entries with running balances and keeps the command's id unique.
/// </summary>
internal sealed class SqlTransfers(PostgresServer server, int accounts, IReadOnlyList<int> connections) : IContestant
{
    public const string DistinctAccounts = "distinct accounts";
    public const string HotAccount = "one hot account";
    public const string ContestantName = "SQL transfer function";

    // Account 1 is the merchant of everybody; residents are 2 and up, and may not fall below zero.
    private const string Schema = """
        CREATE TABLE account (
          id          bigint  PRIMARY KEY,
          balance     bigint  NOT NULL,
          version     bigint  NOT NULL,
          may_be_less boolean NOT NULL,
          CHECK (may_be_less OR balance >= 0)
        ) WITH (fillfactor = 70);

        CREATE TABLE transfer (
          id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          command      uuid        NOT NULL UNIQUE,
          from_account bigint      NOT NULL,
          to_account   bigint      NOT NULL,
          points       bigint      NOT NULL CHECK (points > 0),
          at           timestamptz NOT NULL
        );

        CREATE TABLE entry (
          account         bigint NOT NULL,
          version         bigint NOT NULL,
          transfer        bigint NOT NULL,
          points          bigint NOT NULL,
          balance_before  bigint NOT NULL,
          balance_after   bigint NOT NULL,
          PRIMARY KEY (account, version)
        );

        CREATE FUNCTION transfer(p_command uuid, p_from bigint, p_to bigint, p_points bigint) RETURNS bigint LANGUAGE plpgsql AS $$
        DECLARE
          v_from account; v_to account; v_id bigint;
        BEGIN
          PERFORM 1 FROM account WHERE id IN (p_from, p_to) ORDER BY id FOR UPDATE;
          UPDATE account SET balance = balance - p_points, version = version + 1 WHERE id = p_from RETURNING * INTO v_from;
          UPDATE account SET balance = balance + p_points, version = version + 1 WHERE id = p_to RETURNING * INTO v_to;
          INSERT INTO transfer (command, from_account, to_account, points, at) VALUES (p_command, p_from, p_to, p_points, now())
            RETURNING id INTO v_id;
          INSERT INTO entry VALUES
            (p_from, v_from.version, v_id, -p_points, v_from.balance + p_points, v_from.balance),
            (p_to, v_to.version, v_id, p_points, v_to.balance - p_points, v_to.balance);
          RETURN v_id;
        END $$;
        """;

    private NpgsqlDataSource? _source;

    public string Name => ContestantName;

    public IReadOnlyList<Setting> Settings { get; } =
    [
        .. new[] { DistinctAccounts, HotAccount }.SelectMany(_ => connections, (workload, count) => new Setting(workload, count, count == connections[^1] ? count : 0)),
    ];

    public IReadOnlyList<string> LastWords => [];

    public async Task Prepare(CancellationToken cancellation)
    {
        var builder = new NpgsqlConnectionStringBuilder(await server.CreateDatabase()) { MaxPoolSize = 100 };
        _source = NpgsqlDataSource.Create(builder);
        await using var schema = _source.CreateCommand(Schema);
        await schema.ExecuteNonQueryAsync(cancellation);
        await using var fill = _source.CreateCommand("INSERT INTO account SELECT n, 1000000000, 0, n = 1 FROM generate_series(1, $1) n");
        fill.Parameters.AddWithValue((long)accounts + 1);
        await fill.ExecuteNonQueryAsync(cancellation);
        await using var analyse = _source.CreateCommand("VACUUM ANALYZE account");
        await analyse.ExecuteNonQueryAsync(cancellation);
    }

    public Task Start(CancellationToken cancellation) => Task.CompletedTask;

    public async Task<IReadOnlyList<ICaller>> Callers(Setting setting, CancellationToken cancellation)
    {
        var callers = new List<ICaller>();
        for (var i = 0; i < setting.Callers; i++)
        {
            var connection = await _source!.OpenConnectionAsync(cancellation);
            callers.Add(await Caller.On(connection, setting.Workload == HotAccount, new EvenChoice(accounts), cancellation));
        }

        return callers;
    }

    public Task Stop() => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_source is { } source)
        {
            await source.DisposeAsync();
        }
    }

    private sealed class Caller(NpgsqlConnection connection, NpgsqlCommand command, bool hot, EvenChoice accounts) : ICaller
    {
        private readonly NpgsqlParameter<Guid> _id = (NpgsqlParameter<Guid>)command.Parameters[0];
        private readonly NpgsqlParameter<long> _from = (NpgsqlParameter<long>)command.Parameters[1];
        private readonly NpgsqlParameter<long> _to = (NpgsqlParameter<long>)command.Parameters[2];

        public static async Task<Caller> On(NpgsqlConnection connection, bool hot, EvenChoice accounts, CancellationToken cancellation)
        {
            var command = new NpgsqlCommand("SELECT transfer($1, $2, $3, $4)", connection)
            {
                Parameters =
                {
                    new NpgsqlParameter<Guid>(),
                    new NpgsqlParameter<long>(),
                    new NpgsqlParameter<long>(),
                    new NpgsqlParameter<long> { TypedValue = Workload.PointsEach },
                },
            };
            await command.PrepareAsync(cancellation);
            return new(connection, command, hot, accounts);
        }

        public async ValueTask<Answer> Send(CancellationToken cancellation)
        {
            _id.TypedValue = Guid.NewGuid();
            _from.TypedValue = accounts.Next(Random.Shared) + 2;
            _to.TypedValue = hot ? 1 : Other(_from.TypedValue);
            await command.ExecuteScalarAsync(cancellation);
            return new(1);
        }

        public void Dispose()
        {
            command.Dispose();
            connection.Dispose();
        }

        private long Other(long account)
        {
            var other = (long)accounts.Next(Random.Shared) + 2;
            return other == account ? (other == 2 ? 3 : 2) : other;
        }
    }
}
