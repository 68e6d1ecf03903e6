using System.Collections.Concurrent;
using Ledger.Grains.Stores.Sqlite;
using Microsoft.Data.Sqlite;

namespace Ledger.Grains.Journal.Sqlite;

/// <summary>Connections that read, kept open between questions. None waits for the writer.</summary>
/// <remarks>
/// A store that is open for reading only has one connection with one transaction from beginning to end: everything that is asked of it,
/// however long that takes, comes from the moment of the first question.
/// </remarks>
internal sealed class ReadPool(SqliteStore store) : IDisposable
{
    private const int IdleMax = 32;

    private readonly ConcurrentBag<ReadConnection> _idle = [];
    private readonly Lock _momentDoor = new();
    private ReadConnection? _moment;
    private volatile bool _disposed;

    /// <summary>Answers a question.</summary>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    public T Ask<T>(Func<ReadConnection, T> question) => Translate(() => store.IsReadOnly ? AskMoment(question) : AskAny(question));

    /// <summary>Several questions about one moment. Dispose it.</summary>
    /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
    public IMoment OpenMoment() => store.IsReadOnly ? new WholeLife(this) : Translate(() => new Transaction(this, Rent()));

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        lock (_momentDoor)
        {
            _moment?.Dispose();
            _moment = null;
        }

        while (_idle.TryTake(out var connection))
        {
            connection.Dispose();
        }
    }

    private static T Translate<T>(Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (Exception failure) when (failure is SqliteException or ObjectDisposedException)
        {
            throw JournalRefusals.Unavailable(failure.Message);
        }
    }

    private T AskMoment<T>(Func<ReadConnection, T> question)
    {
        lock (_momentDoor)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_moment is null)
            {
                var connection = new ReadConnection(store);
                connection.Begin();
                _moment = connection;
            }

            return question(_moment);
        }
    }

    private T AskAny<T>(Func<ReadConnection, T> question)
    {
        var connection = Rent();
        try
        {
            var answer = question(connection);
            Return(connection);
            return answer;
        }
        catch (Exception)
        {
            // A connection that failed may be left in any state.
            connection.Dispose();
            throw;
        }
    }

    private ReadConnection Rent()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _idle.TryTake(out var connection) ? connection : new(store);
    }

    private void Return(ReadConnection connection)
    {
        if (_disposed || _idle.Count >= IdleMax)
        {
            connection.Dispose();
            return;
        }

        _idle.Add(connection);
    }

    /// <summary>Answers that belong together.</summary>
    internal interface IMoment : IDisposable
    {
        /// <summary>Answers a question about the moment.</summary>
        /// <exception cref="JournalUnavailableException">The store did not answer.</exception>
        T Ask<T>(Func<ReadConnection, T> question);
    }

    /// <summary>The one moment of a store that is open for reading only.</summary>
    private sealed class WholeLife(ReadPool pool) : IMoment
    {
        public T Ask<T>(Func<ReadConnection, T> question) => pool.Ask(question);

        public void Dispose()
        {
        }
    }

    /// <summary>A moment that a transaction holds.</summary>
    private sealed class Transaction : IMoment
    {
        private readonly ReadPool _pool;
        private readonly ReadConnection _connection;
        private bool _failed;

        public Transaction(ReadPool pool, ReadConnection connection)
        {
            _pool = pool;
            _connection = connection;
            Ask(rented =>
            {
                rented.Begin();
                return true;
            });
        }

        public T Ask<T>(Func<ReadConnection, T> question) => Translate(() =>
        {
            _failed = true;
            var answer = question(_connection);
            _failed = false;
            return answer;
        });

        public void Dispose()
        {
            if (_failed)
            {
                _connection.Dispose();
                return;
            }

            _connection.End();
            _pool.Return(_connection);
        }
    }
}
