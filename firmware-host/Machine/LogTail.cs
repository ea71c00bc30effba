using Bedside.Model;
using Bedside.Viewer;

namespace Bedside.Host.Machine;

/// <summary>
/// The last lines of the log for the diagnostic, without what was put into them: of the values only ports, drivers and lines. What a device, a sender or a person said never enters.
/// </summary>
internal sealed class LogTail(TimeProvider time) : ILoggerProvider
{
    private const int Most = 300;
    private const string Template = "{OriginalFormat}";
    private static readonly string[] Told = ["Port", "Driver", "Line"];

    private readonly Lock _gate = new();
    private readonly Queue<LogLine> _lines = new();

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<LogLine> Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => new Tail(this, categoryName);

    public void Dispose()
    {
        // Nothing is held.
    }

    private void Take(string from, LogLevel level, string text, Exception? failure)
    {
        var line = new LogLine(UtcInstant.FromDateTime(time.GetUtcNow()), level.ToString(), from, text, failure?.GetType().Name ?? string.Empty);
        lock (_gate)
        {
            _lines.Enqueue(line);
            while (_lines.Count > Most)
            {
                _lines.Dequeue();
            }
        }
    }

    /// <summary>The template with the values that may be told; a line without a template says nothing but where it is from.</summary>
    private static string TextOf<T>(T state)
    {
        if (state is not IEnumerable<KeyValuePair<string, object?>> values)
        {
            return string.Empty;
        }

        string text = string.Empty;
        var told = new List<KeyValuePair<string, object?>>();
        foreach (KeyValuePair<string, object?> value in values)
        {
            if (value.Key == Template)
            {
                text = value.Value as string ?? string.Empty;
            }
            else if (Told.Contains(value.Key, StringComparer.Ordinal))
            {
                told.Add(value);
            }
        }

        return told.Aggregate(text, (line, value) => line.Replace($"{{{value.Key}}}", value.Value?.ToString(), StringComparison.Ordinal));
    }

    private sealed class Tail(LogTail tail, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                tail.Take(category, logLevel, TextOf(state), exception);
            }
        }
    }
}
