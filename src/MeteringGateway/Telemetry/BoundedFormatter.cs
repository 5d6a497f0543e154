using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace MeteringGateway.Telemetry;

/// <summary>
/// Any console format, with a bound on how often one and the same message is written, whatever its values are: Redis or PostgreSQL that
/// is away, or a client that hammers, must not fill a disk. What is left out is counted, and said with the first line after the interval.
/// Done here and not at the statements, of which one would forget it. Any number of callers at once.
/// </summary>
internal sealed class BoundedFormatter(ConsoleFormatter format, TimeProvider time) : ConsoleFormatter(format.Name)
{
    /// <summary>Lines of one message in an interval. A reload with as many differences is written in full.</summary>
    public const int MostLines = 60;

    /// <summary>An operator who reads along learns within it that the trouble goes on.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>By category and message: a statement has one, and there are as many as the code has.</summary>
    private readonly ConcurrentDictionary<(string Category, string Message), Count> _counts = new();

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        // A statement without a message of its own is told apart by its category alone.
        var message = logEntry.State is IReadOnlyList<KeyValuePair<string, object?>> values
            && values is [.., { Key: "{OriginalFormat}", Value: string text }]
                ? text
                : "";
        if (!_counts.GetOrAdd((logEntry.Category, message), _ => new Count()).Takes(time.GetTimestamp(), time, out var left))
        {
            return;
        }

        if (left == 0)
        {
            format.Write(in logEntry, scopeProvider, textWriter);
            return;
        }

        var original = logEntry.Formatter;
        var entry = new LogEntry<TState>(
            logEntry.LogLevel, logEntry.Category, logEntry.EventId, logEntry.State, logEntry.Exception,
            (state, exception) => string.Create(
                CultureInfo.InvariantCulture, $"{original(state, exception)} (and {left} more of this message, not written)"));
        format.Write(in entry, scopeProvider, textWriter);
    }

    /// <summary>The lines of one message in the interval that began with the first of them.</summary>
    private sealed class Count
    {
        private readonly Lock _gate = new();
        private long _began;
        private int _lines;
        private long _left;

        /// <param name="now">A timestamp.</param>
        /// <param name="time">The clock of the timestamps.</param>
        /// <param name="left">How many lines were left out since the last one that was written after an interval.</param>
        public bool Takes(long now, TimeProvider time, out long left)
        {
            lock (_gate)
            {
                left = 0;
                if (_lines == 0 || time.GetElapsedTime(_began, now) >= Interval)
                {
                    (_began, _lines, left, _left) = (now, 0, _left, 0);
                }

                if (_lines == MostLines)
                {
                    _left++;
                    return false;
                }

                _lines++;
                return true;
            }
        }
    }
}
