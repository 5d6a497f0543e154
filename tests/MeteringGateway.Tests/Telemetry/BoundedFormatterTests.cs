using MeteringGateway.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace MeteringGateway.Tests.Telemetry;

public sealed class BoundedFormatterTests
{
    private readonly HandClock _clock = new();
    private readonly BoundedFormatter _format;

    public BoundedFormatterTests() => _format = new BoundedFormatter(new PlainFormatter(), _clock);

    [Fact]
    public void Write_AFlood_IsCutAndCountedWithTheNextLine()
    {
        var written = Enumerable.Range(0, 1_000).Select(i => Write("Request {Id} failed", i)).Where(line => line.Length > 0).ToList();

        Assert.Equal(BoundedFormatter.MostLines, written.Count);
        Assert.Equal("Request 0 failed", written[0]);
        _clock.Step(BoundedFormatter.Interval);
        Assert.Equal("Request 7 failed (and 940 more of this message, not written)", Write("Request {Id} failed", 7));
        Assert.Equal("Request 8 failed", Write("Request {Id} failed", 8));
    }

    [Fact]
    public void Write_AFlood_HidesNoOtherMessage()
    {
        for (var i = 0; i < 1_000; i++)
        {
            Write("Request {Id} failed", i);
        }

        Assert.Equal("", Write("Request {Id} failed", 1));
        Assert.Equal("Redis is away since 1", Write("Redis is away since {Id}", 1));
        Assert.Equal("Request 1 failed", Write("Request {Id} failed", 1, category: "another"));
    }

    private string Write(string message, int id, string category = "one")
    {
        List<KeyValuePair<string, object?>> state = [new("Id", id), new("{OriginalFormat}", message)];
        var entry = new LogEntry<IReadOnlyList<KeyValuePair<string, object?>>>(
            LogLevel.Warning, category, default, state, null,
            static (values, _) => ((string)values[1].Value!).Replace("{Id}", values[0].Value!.ToString(), StringComparison.Ordinal));
        using var output = new StringWriter();
        _format.Write(in entry, null, output);
        return output.ToString();
    }

    private sealed class PlainFormatter() : ConsoleFormatter("plain")
    {
        public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter) =>
            textWriter.Write(logEntry.Formatter(logEntry.State, logEntry.Exception));
    }

    private sealed class HandClock : TimeProvider
    {
        private long _ticks = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Step(TimeSpan by) => _ticks += by.Ticks;
    }
}
