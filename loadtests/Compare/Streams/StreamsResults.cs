using MeteringGateway.Load.Measuring;

namespace MeteringGateway.Compare.Streams;

/// <summary>How long first bytes took of many streams.</summary>
/// <param name="AtOnce">How many streams ran beside each other.</param>
internal sealed record FirstBytes(string What, int AtOnce, IReadOnlyList<TimeSpan> Times)
{
    private readonly long[] _ticks = [.. Times.Select(time => time.Ticks).Order()];

    public double Milliseconds(double share) =>
        _ticks.Length == 0 ? double.NaN : TimeSpan.FromTicks(Statistics.Percentile(_ticks, share)).TotalMilliseconds;
}

/// <summary>What an answer did to the memory of the gateway.</summary>
internal sealed record MemoryRise(string What, long Before, long Peak, long Bytes, long Events, TimeSpan Duration)
{
    public double MegaBytes => (Peak - Before) / 1e6;
}

/// <summary>Many streams at once.</summary>
/// <param name="Held">The most holds that were seen in Redis at one time.</param>
/// <param name="Processor">Microseconds of the gateway, of Redis, and of PostgreSQL.</param>
internal sealed record AtOnce(
    int Streams, long Held, long Events, TimeSpan Duration, long MemoryBefore, long MemoryPeak,
    (double Gateway, double Redis, double Postgres) Processor, FirstBytes FirstBytes);

/// <summary>All that a run over streams has measured. One owner.</summary>
internal sealed class StreamsResults
{
    public List<FirstBytes> FirstBytes { get; } = [];
    public List<MemoryRise> Memory { get; } = [];
    public AtOnce? AtOnce { get; set; }

    /// <summary>Share of the processors that went to programs outside of this run.</summary>
    public double Others { get; set; } = double.NaN;
}
