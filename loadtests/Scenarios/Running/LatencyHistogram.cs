using System.Numerics;

namespace MeteringGateway.Scenarios.Running;

/// <summary>
/// Latencies in bounded memory: logarithmic in the large, linear in the small, as HdrHistogram counts. A percentile is at most
/// 1/128 above the true one and never below it; what is beyond 19 hours counts as 19 hours. One caller at a time.
/// </summary>
internal sealed class LatencyHistogram
{
    /// <summary>Each power of two of microseconds has 2^7 cells of equal width: the relative error is at most one cell, 0.8 %.</summary>
    private const int CellBits = 7;
    private const int CellsOfPower = 1 << CellBits;
    private const int MostBits = 36;
    private const long Most = (1L << MostBits) - 1;

    // Values below 2 * CellsOfPower have a cell each; from there on the powers follow.
    private readonly long[] _cells = new long[(MostBits - CellBits + 1) * CellsOfPower];
    private long _sum;

    public long Count { get; private set; }

    /// <summary>Exact.</summary>
    public TimeSpan Max { get; private set; }

    public TimeSpan Mean => Count == 0 ? TimeSpan.Zero : TimeSpan.FromMicroseconds((double)_sum / Count);

    public void Add(TimeSpan latency)
    {
        var microseconds = Math.Clamp((long)Math.Ceiling(latency.TotalMicroseconds), 0, Most);
        _cells[CellOf(microseconds)]++;
        _sum += microseconds;
        Count++;
        Max = latency > Max ? latency : Max;
    }

    public void Add(LatencyHistogram other)
    {
        for (var cell = 0; cell < _cells.Length; cell++)
        {
            _cells[cell] += other._cells[cell];
        }

        (_sum, Count) = (_sum + other._sum, Count + other.Count);
        Max = other.Max > Max ? other.Max : Max;
    }

    /// <summary>The latency that at least this share of all does not exceed; zero where there is none.</summary>
    /// <param name="share">From 0 to 1.</param>
    public TimeSpan Percentile(double share)
    {
        if (Count == 0)
        {
            return TimeSpan.Zero;
        }

        var rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        var (cell, below) = (0, _cells[0]);
        while (below < rank)
        {
            below += _cells[++cell];
        }

        var top = TimeSpan.FromMicroseconds(LastOf(cell));
        return top < Max ? top : Max;
    }

    private static int CellOf(long value)
    {
        var power = Math.Max(0, BitOperations.Log2((ulong)value | 1) - CellBits);
        return (power * CellsOfPower) + (int)(value >> power);
    }

    /// <summary>The largest value that the cell counts.</summary>
    private static long LastOf(int cell)
    {
        var power = Math.Max(0, (cell / CellsOfPower) - 1);
        return (((long)cell - (power * CellsOfPower) + 1) << power) - 1;
    }
}
