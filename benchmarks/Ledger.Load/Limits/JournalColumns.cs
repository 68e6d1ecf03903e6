using Ledger.Grains.Journal;
using Ledger.Load.Ours;
using Ledger.Load.Workloads;
using NpgsqlTypes;

namespace Ledger.Load.Limits;

/// <summary>The columns of as many journal rows as a large commit has: real ones of ours, with keys that are new in each batch.</summary>
internal sealed class JournalColumns
{
    public const int Rows = 1_000;

    /// <summary>Names and types, in the order of <see cref="Values"/>.</summary>
    public static readonly IReadOnlyList<(string Name, NpgsqlDbType Type)> Columns =
    [
        ("sequence", NpgsqlDbType.Bigint), ("commit_id", NpgsqlDbType.Bigint),
        ("recorded_at", NpgsqlDbType.TimestampTz), ("effective_at", NpgsqlDbType.TimestampTz),
        ("available", NpgsqlDbType.Bigint), ("pending", NpgsqlDbType.Bigint), ("held", NpgsqlDbType.Bigint), ("debt", NpgsqlDbType.Bigint),
        ("points", NpgsqlDbType.Bigint), ("lot", NpgsqlDbType.Bigint), ("key_hash", NpgsqlDbType.Uuid),
        ("programme", NpgsqlDbType.Integer), ("postings", NpgsqlDbType.Integer), ("lot_ordinal", NpgsqlDbType.Integer),
        ("recorded_nanos", NpgsqlDbType.Smallint), ("effective_nanos", NpgsqlDbType.Smallint),
        ("community", NpgsqlDbType.Text), ("stream", NpgsqlDbType.Text), ("source", NpgsqlDbType.Text), ("command_id", NpgsqlDbType.Text),
        ("outcome", NpgsqlDbType.Text), ("from_account", NpgsqlDbType.Text), ("to_account", NpgsqlDbType.Text),
        ("fingerprint", NpgsqlDbType.Bytea), ("hash", NpgsqlDbType.Bytea), ("events", NpgsqlDbType.Bytea),
    ];

    private readonly JournalRow[] _rows;
    private readonly string[] _streams;
    private readonly long[] _sequences = new long[Rows];
    private readonly string[] _streamOf = new string[Rows];
    private readonly Guid[] _keys = new Guid[Rows];
    private readonly string[] _commands = new string[Rows];
    private long _number;

    private JournalColumns(JournalRow[] rows, int streams)
    {
        _rows = rows;
        _streams = [.. Enumerable.Range(1, streams).Select(number => FormattableString.Invariant($"resident/m-{number}"))];
        var postings = _rows.Select(row => row.Postings[0]).ToArray();
        Values =
        [
            _sequences, new long[Rows],
            Of(row => row.RecordedAt.ToDateTimeUtc()), Of(row => row.EffectiveAt.ToDateTimeUtc()),
            Of(row => row.After.Available.Value), Of(row => row.After.Pending.Value), Of(row => row.After.Held.Value), Of(row => row.After.Debt.Value),
            postings.Select(posting => posting.Points.Value).ToArray(), Of(row => row.Sequence), _keys,
            Of(row => row.ProgrammeVersion), Of(row => row.Postings.Length), new int[Rows],
            Of(row => (short)(row.RecordedAt.ToUnixTimeTicks() % 10)), Of(row => (short)(row.EffectiveAt.ToUnixTimeTicks() % 10)),
            Of(row => row.Stream.Community.Value), _streamOf, Of(row => row.Key.Source), _commands,
            Of(row => row.Outcome), postings.Select(posting => posting.From.ToString()).ToArray(), postings.Select(posting => posting.To.ToString()).ToArray(),
            Of(row => row.Fingerprint.ToArray()), Of(row => row.Hash.ToArray()), Of(row => row.Events.ToArray()),
        ];
    }

    /// <summary>One array for each column.</summary>
    public IReadOnlyList<Array> Values { get; }

    /// <summary>Has our engine make the rows, half of them earn, half of them spend.</summary>
    /// <param name="streams">How many wallets the rows of the batches are for.</param>
    /// <param name="cancellation">Stops.</param>
    public static async Task<JournalColumns> Make(int streams, CancellationToken cancellation)
    {
        await using var store = LedgerStore.Sqlite();
        await using var host = await LedgerHost.Start(store, cancellation);
        var commands = new Commands();
        await WalletHerd.Visit(
            Enumerable.Range(1, Rows / 2).Select(number => FormattableString.Invariant($"m-{number}")),
            async resident =>
            {
                await host.Wallet(resident).Send(commands.Of(new Asked(resident, null)));
                await host.Wallet(resident).Send(commands.Of(new Asked(resident, "shop-1")));
            },
            cancellation);
        var rows = new List<JournalRow>();
        await foreach (var row in host.Journal.ReadAll(LedgerHost.Community, cancellation))
        {
            rows.Add(row);
        }

        return new([.. rows], streams);
    }

    /// <summary>Gives every row a new key and another wallet, in the order of the wallets, as our writer has them.</summary>
    public void Renew()
    {
        for (var i = 0; i < Rows; i++)
        {
            _streamOf[i] = _streams[Random.Shared.Next(_streams.Length)];
        }

        Array.Sort(_streamOf, StringComparer.Ordinal);
        for (var i = 0; i < Rows; i++)
        {
            _sequences[i] = ++_number;
            _keys[i] = Guid.NewGuid();
            _commands[i] = _number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    private T[] Of<T>(Func<JournalRow, T> value) => [.. _rows.Select(value)];
}
