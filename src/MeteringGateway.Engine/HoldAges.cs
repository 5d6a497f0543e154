using System.Globalization;

namespace MeteringGateway.Engine;

/// <summary>Holds that are younger than a bound and no younger than the one before it; null: all older ones.</summary>
internal sealed record HoldsOfAge(int? UnderSeconds, long Count, long Credits);

/// <summary>
/// Counts holds by the age of their calls, which the request id says: an extended hold of a stream is as old as its call. Filled by the
/// look for expired holds, which reads them all anyway. One owner until it is handed over.
/// </summary>
internal sealed class HoldAges
{
    private const int TimeDigits = 12;
    private static readonly int[] s_bounds = [1, 10, 60, 600];
    private readonly long[] _counts = new long[s_bounds.Length + 1];
    private readonly long[] _credits = new long[s_bounds.Length + 1];

    /// <param name="requestId">A UUID of version 7; anything else counts as new.</param>
    /// <param name="credits">What the hold holds.</param>
    /// <param name="now">Redis's clock in milliseconds.</param>
    public void Add(ReadOnlySpan<char> requestId, long credits, long now)
    {
        var began = requestId.Length > TimeDigits
            && long.TryParse(requestId[..TimeDigits], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var at) ? at : now;
        var bucket = 0;
        while (bucket < s_bounds.Length && now - began >= s_bounds[bucket] * 1000L)
        {
            bucket++;
        }

        _counts[bucket]++;
        _credits[bucket] += credits;
    }

    /// <summary>Youngest first.</summary>
    public static IReadOnlyList<HoldsOfAge> Sum(IEnumerable<HoldAges> all)
    {
        var parts = all.ToList();
        return
        [
            .. Enumerable.Range(0, s_bounds.Length + 1).Select(bucket => new HoldsOfAge(
                bucket < s_bounds.Length ? s_bounds[bucket] : null, parts.Sum(one => one._counts[bucket]),
                parts.Sum(one => one._credits[bucket]))),
        ];
    }
}
