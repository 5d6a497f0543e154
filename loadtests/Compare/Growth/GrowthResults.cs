using MeteringGateway.Compare.Load;
using MeteringGateway.Load.Measuring;

namespace MeteringGateway.Compare.Growth;

/// <summary>One load of the growth run and under what it ran.</summary>
/// <param name="Others">Share of the processors that went to programs outside of this run.</param>
internal sealed record GrowthLoad(string What, LoadResult Load, double Others);

/// <summary>What the growth run has measured so far. One owner.</summary>
internal sealed class GrowthResults
{
    /// <summary>Entries a second that the flusher has written while nothing else ran.</summary>
    public double FlushedPerSecond { get; set; } = double.NaN;

    /// <summary>The 99th percentile of calls while a backlog was flushed, over that of a quiet time; each at half load.</summary>
    public double SlowerWhileFlushing { get; set; } = double.NaN;

    public const string Hot = "one account";
    public const string Thousand = "1,000 accounts, warm";
    public const string AllWarm = "all accounts, warm";
    public const string AllCold = "all accounts, cold";

    private readonly List<GrowthLoad> _loads = [];
    private readonly List<(string What, string Figure)> _facts = [];

    public IReadOnlyList<GrowthLoad> Loads => _loads;
    public IReadOnlyList<(string What, string Figure)> Facts => _facts;

    /// <summary>Why a load says less than its name; empty for most.</summary>
    public Dictionary<string, string> Notes { get; } = [];

    public void Add(string what, LoadResult load, double others) => _loads.Add(new GrowthLoad(what, load, others));
    public void Add(string what, string figure) => _facts.Add((what, figure));

    public double Others(string what) => Statistics.Median(_loads.Where(load => load.What == what).Select(load => load.Others));

    public double PerSecond(string what) => Median(what, load => load.PerSecond);

    public double Median(string what, Func<LoadResult, double> figure) =>
        Statistics.Median(_loads.Where(load => load.What == what).Select(load => figure(load.Load)));
}
