using System.Globalization;
using MeteringGateway.Load.Measuring;

namespace MeteringGateway.Compare.Load;

/// <summary>What came of load: how many answers, how many of them no 2xx, and how long they took. Immutable.</summary>
/// <param name="Requests">Answers of any status.</param>
/// <param name="Refused">Answers of a status above 399.</param>
/// <param name="Lost">Connections and reads that failed or took too long.</param>
internal sealed record LoadResult(
    long Requests, TimeSpan Duration, TimeSpan P50, TimeSpan P99, TimeSpan Longest, long Refused, long Lost)
{
    public long Succeeded => Requests - Refused;
    public double PerSecond => Statistics.Ratio(Succeeded, Duration.TotalSeconds);

    /// <summary>
    /// The line that the scripts of the load print: <c>RESULT requests duration p50 p99 longest refused lost</c>, times in microseconds.
    /// </summary>
    public static LoadResult Parse(string output)
    {
        var line = output.Split('\n', StringSplitOptions.TrimEntries)
            .LastOrDefault(line => line.StartsWith("RESULT ", StringComparison.Ordinal));
        var fields = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..]
            .Select(field => (long)double.Parse(field, CultureInfo.InvariantCulture)).ToArray();
        return fields is [var requests, var duration, var p50, var p99, var longest, var refused, var lost]
            ? new LoadResult(requests, Micro(duration), Micro(p50), Micro(p99), Micro(longest), refused, lost)
            : throw new FormatException($"The load printed no result: {output.Trim()}");
    }

    /// <summary>What <see cref="Parse"/> reads.</summary>
    public string Line => string.Create(
        CultureInfo.InvariantCulture,
        $"RESULT {Requests} {Micro(Duration)} {Micro(P50)} {Micro(P99)} {Micro(Longest)} {Refused} {Lost}");

    /// <summary>Two loads that ran side by side; the percentiles are the worse ones.</summary>
    public static LoadResult operator +(LoadResult a, LoadResult b) => new(
        a.Requests + b.Requests, Longer(a.Duration, b.Duration), Longer(a.P50, b.P50), Longer(a.P99, b.P99), Longer(a.Longest, b.Longest),
        a.Refused + b.Refused, a.Lost + b.Lost);

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;
    private static long Micro(TimeSpan span) => (long)span.TotalMicroseconds;
    private static TimeSpan Micro(long microseconds) => TimeSpan.FromMicroseconds(microseconds);
}
