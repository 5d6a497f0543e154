using MeteringGateway.Compare.Rounds;
using MeteringGateway.Load.Measuring;

namespace MeteringGateway.Compare.Report;

/// <summary>The rounds of a run by subject. Differences and ratios are taken within a round, then their median over the rounds.</summary>
internal sealed class Medians(IReadOnlyList<RoundResult> results)
{
    private readonly ILookup<string, RoundResult> _bySubject = results.ToLookup(result => result.Subject);

    public IReadOnlyList<string> Subjects { get; } = [.. results.Select(result => result.Subject).Distinct()];

    public double Of(string subject, Func<RoundResult, double> figure) => Statistics.Median(_bySubject[subject].Select(figure));

    public double Sum(string subject, Func<RoundResult, double> figure) =>
        _bySubject[subject].Select(figure).DefaultIfEmpty(double.NaN).Sum();

    public double Ratio(string subject, string of, Func<RoundResult, double> figure) => Paired(subject, of, figure, Statistics.Ratio);

    public double Added(string subject, string to, Func<RoundResult, double> figure) =>
        Paired(subject, to, figure, (mine, other) => mine - other);

    public double Paired(string subject, string other, Func<RoundResult, double> figure, Func<double, double, double> combine) =>
        Statistics.Median(
            from mine in _bySubject[subject]
            from its in _bySubject[other]
            where mine.Round == its.Round
            select combine(figure(mine), figure(its)));
}
