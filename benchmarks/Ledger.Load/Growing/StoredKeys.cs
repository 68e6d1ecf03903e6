using System.Data.Common;
using System.Globalization;
using Ledger.Load.Comparing;
using Ledger.Load.Loops;
using Ledger.Load.Ours;
using Ledger.Load.Questions;
using Ledger.Load.Workloads;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Ledger.Load.Growing;

/// <summary>Command keys are kept for ever: do millions of them slow down new commands?</summary>
/// <param name="keys">How many.</param>
/// <param name="patience">How long and how often.</param>
internal sealed class StoredKeys(long keys, Patience patience) : IQuestion
{
    private const int Callers = 256;
    private const int Wallets = 20_000;
    private const long KeysPerStatement = 1_000_000;

    // A first transaction of ours, again and again under other names: rows and indexes are as large as real ones.
    private const string PostgresFill = """
        INSERT INTO journal (sequence, commit_id, recorded_at, effective_at, available, pending, held, debt, points, lot, key_hash, programme,
          postings, lot_ordinal, recorded_nanos, effective_nanos, community, stream, source, command_id, outcome, from_account, to_account,
          fingerprint, hash, events)
        SELECT j.sequence, j.commit_id, j.recorded_at, j.effective_at, j.available, j.pending, j.held, j.debt, j.points, j.lot, gen_random_uuid(), j.programme,
          j.postings, j.lot_ordinal, j.recorded_nanos, j.effective_nanos, j.community, 'resident/k-' || n, j.source, 'k-' || n, j.outcome, j.from_account, j.to_account,
          j.fingerprint, j.hash, j.events
        FROM (SELECT * FROM journal ORDER BY sequence LIMIT 1) j, generate_series(@first, @last) n
        """;

    private const string SqliteFill = """
        WITH RECURSIVE number(n) AS (SELECT @first UNION ALL SELECT n + 1 FROM number WHERE n < @last)
        INSERT INTO journal (community, stream, sequence, source, command_id, key_hash, fingerprint, recorded_at, recorded_nanos, effective_at,
          effective_nanos, outcome, events, programme, available, pending, held, debt, hash, postings, from_account, to_account, points, lot, lot_ordinal)
        SELECT j.community, 'resident/k-' || n, j.sequence, j.source, 'k-' || n, randomblob(16), j.fingerprint, j.recorded_at, j.recorded_nanos, j.effective_at,
          j.effective_nanos, j.outcome, j.events, j.programme, j.available, j.pending, j.held, j.debt, j.hash, j.postings, j.from_account, j.to_account, j.points, j.lot, j.lot_ordinal
        FROM (SELECT * FROM journal ORDER BY sequence LIMIT 1) j, number
        """;

    public string Name => "keys";

    public string Title => "Many command keys are stored";

    public string About =>
        "Earn and spend in turn over 20,000 wallets, evenly chosen, 256 callers, in a store without a past and in one that holds so many transactions of others, "
        + "in turn; medians. Aim: 0.70 at 50 million.";

    public IReadOnlyList<string> Columns => ["stored keys", "commands a second", "without them", "ratio"];

    public async Task<IReadOnlyList<IReadOnlyList<string>>> Measure(StoreMaker stores, CancellationToken cancellation)
    {
        await using var empty = await stores.Make();
        await using var full = await stores.Make();
        var (ofEmpty, ofFull) = (new WorkloadSet(Wallets).MixedEven, new WorkloadSet(Wallets).MixedEven);
        await Fill(empty, ofEmpty, 0, cancellation);
        await Fill(full, ofFull, keys, cancellation);
        var (without, with) = (new List<double>(), new List<double>());
        for (var round = 0; round < patience.Rounds; round++)
        {
            without.Add(await Rate(empty, ofEmpty, cancellation));
            with.Add(await Rate(full, ofFull, cancellation));
        }

        var (less, more) = (without.Order().ElementAt(patience.Rounds / 2), with.Order().ElementAt(patience.Rounds / 2));
        return [[Text($"{keys:n0}"), Text($"{more:n0}"), Text($"{less:n0}"), Text($"{more / less:n2}")]];
    }

    private static async Task Fill(LedgerStore store, Workload workload, long keys, CancellationToken cancellation)
    {
        await using (var host = await LedgerHost.Start(store, cancellation))
        {
            await Herd.GiveInHand(host, workload.Residents, cancellation);
        }

        for (var first = 1L; first <= keys; first += KeysPerStatement)
        {
            await Insert(store, first, Math.Min(first + KeysPerStatement - 1, keys), cancellation);
        }
    }

    private static async Task Insert(LedgerStore store, long first, long last, CancellationToken cancellation)
    {
        var isSqlite = store.Configuration["Ledger:Store"] == "sqlite";
        await using DbConnection connection = isSqlite
            ? new SqliteConnection(store.ConnectionString + ";Pooling=False")
            : new NpgsqlConnection(store.ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var command = connection.CreateCommand();
        command.CommandTimeout = 3_600;
#pragma warning disable CA2100 // One of two constants.
        command.CommandText = isSqlite ? SqliteFill : PostgresFill;
#pragma warning restore CA2100
        foreach (var (name, value) in new[] { ("first", first), ("last", last) })
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        await command.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<double> Rate(LedgerStore store, Workload workload, CancellationToken cancellation)
    {
        await using var host = await LedgerHost.Start(store, cancellation);
        await WalletHerd.Load(host, workload.Residents, cancellation);
        var commands = new Commands();
        var measured = await ClosedLoop.Run(
            [.. Enumerable.Range(0, Callers).Select(_ => new GrainCaller(host, workload, commands))], patience.WarmUp, patience.Duration, cancellation);
        return measured.Failures.Count == 0
            ? measured.PerSecond
            : throw new InvalidOperationException("Commands failed: " + string.Join(", ", measured.Failures.Select(pair => $"{pair.Value} x {pair.Key}")));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
