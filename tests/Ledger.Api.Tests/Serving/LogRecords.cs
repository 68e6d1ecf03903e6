using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Ledger.Api.Tests.Serving;

/// <summary>Keeps every line that the service logs, whole: its category, text, values, exception and all scopes around it.</summary>
internal sealed class LogRecords : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<string> _lines = [];
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public IReadOnlyCollection<string> Lines => _lines;

    public void Clear() => _lines.Clear();

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    private sealed class Logger(LogRecords records, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => records._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var parts = new List<string> { category, eventId.ToString(), formatter(state, exception), Written(state), exception?.ToString() ?? "" };
            records._scopes.ForEachScope((scope, all) => all.Add(Written(scope)), parts);
            records._lines.Enqueue(string.Join(" | ", parts));
        }

        private static string Written(object? state) => state is IEnumerable<KeyValuePair<string, object?>> values
            ? string.Join(", ", values.Select(value => string.Create(CultureInfo.InvariantCulture, $"{value.Key}={value.Value}")))
            : state?.ToString() ?? "";
    }
}
