using Ledger.Grains.Stores.Postgres;
using Npgsql;

namespace Ledger.Grains.Journal.Postgres;

/// <summary>Asks the database, and says in our words when it does not answer.</summary>
/// <remarks>
/// A store that is open for reading only has one connection with one transaction from beginning to end: everything that is asked of it,
/// however long that takes, comes from the moment of the first question.
/// </remarks>
internal sealed class PostgresReads(PostgresStore store) : IAsyncDisposable
{
    private readonly SemaphoreSlim _momentDoor = new(1, 1);
    private Moment? _moment;
    private volatile bool _disposed;

    /// <summary>Answers a question.</summary>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    public Task<T> Ask<T>(Func<NpgsqlConnection, Task<T>> question, CancellationToken cancellation) =>
        Translate(() => store.IsReadOnly ? AskMoment(question, cancellation) : AskAny(question, cancellation), cancellation);

    /// <summary>The rows of an answer, each read by <paramref name="read"/>.</summary>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    public Task<List<T>> List<T>(
        string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation, params object[] parameters) => Ask(
        async connection =>
        {
            await using var command = Command(connection, sql, parameters);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            var answers = new List<T>();
            while (await reader.ReadAsync(cancellation))
            {
                answers.Add(read(reader));
            }

            return answers;
        },
        cancellation);

    /// <summary>Gives each row of an answer, one at a time, however long that takes; how many there were.</summary>
    public static async Task<long> Each(
        NpgsqlConnection connection, string sql, CommunityId community, Action<NpgsqlDataReader> each, CancellationToken cancellation)
    {
        await using var command = Command(connection, sql, community.Value);
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = 0L;
        for (; await reader.ReadAsync(cancellation); rows++)
        {
            each(reader);
        }

        return rows;
    }

    /// <summary>A question with its parameters, by position.</summary>
    public static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params ReadOnlySpan<object> parameters)
    {
#pragma warning disable CA2100 // Constants of the classes that ask.
        var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new() { Value = parameter });
        }

        return command;
    }

    /// <summary>Several questions about one moment. Dispose it.</summary>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    public Task<IMoment> OpenMoment(CancellationToken cancellation) => store.IsReadOnly
        ? Task.FromResult<IMoment>(new WholeLife(this))
        : Translate<IMoment>(async () => await Begin(cancellation), cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        await _momentDoor.WaitAsync();
        if (_moment is not null)
        {
            await _moment.DisposeAsync();
        }

        _momentDoor.Release();
    }

    private static async Task<T> Translate<T>(Func<Task<T>> ask, CancellationToken cancellation)
    {
        try
        {
            return await ask();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception failure) when (failure is NpgsqlException or ObjectDisposedException or TimeoutException or OperationCanceledException)
        {
            throw JournalRefusals.Unavailable(failure is PostgresException refused ? refused.MessageText : failure.Message);
        }
    }

    private async Task<T> AskAny<T>(Func<NpgsqlConnection, Task<T>> question, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        try
        {
            return await AskOnce(question, cancellation);
        }
        catch (NpgsqlException failure) when (failure is not PostgresException { IsTransient: false } && !cancellation.IsCancellationRequested)
        {
            // After a restart of the server the pool holds connections that are dead and do not know it: once more with fresh ones.
            store.Readers.Clear();
            return await AskOnce(question, cancellation);
        }
    }

    private async Task<T> AskOnce<T>(Func<NpgsqlConnection, Task<T>> question, CancellationToken cancellation)
    {
        await using var connection = await store.Readers.OpenConnectionAsync(cancellation);
        return await question(connection);
    }

    private async Task<T> AskMoment<T>(Func<NpgsqlConnection, Task<T>> question, CancellationToken cancellation)
    {
        await _momentDoor.WaitAsync(cancellation);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _moment ??= await Begin(cancellation);
            return await question(_moment.Connection);
        }
        finally
        {
            _momentDoor.Release();
        }
    }

    private async Task<Moment> Begin(CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var connection = await store.Readers.OpenConnectionAsync(cancellation);
        try
        {
            var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellation);
            return new(connection, transaction);
        }
        catch (Exception)
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Answers that belong together.</summary>
    internal interface IMoment : IAsyncDisposable
    {
        /// <summary>Answers a question about the moment.</summary>
        /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
        Task<T> Ask<T>(Func<NpgsqlConnection, Task<T>> question, CancellationToken cancellation);
    }

    /// <summary>The one moment of a store that is open for reading only.</summary>
    private sealed class WholeLife(PostgresReads reads) : IMoment
    {
        public Task<T> Ask<T>(Func<NpgsqlConnection, Task<T>> question, CancellationToken cancellation) => reads.Ask(question, cancellation);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>A moment that a transaction holds.</summary>
    private sealed class Moment(NpgsqlConnection connection, NpgsqlTransaction transaction) : IMoment
    {
        public NpgsqlConnection Connection => connection;

        public Task<T> Ask<T>(Func<NpgsqlConnection, Task<T>> question, CancellationToken cancellation) =>
            Translate(() => question(connection), cancellation);

        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
