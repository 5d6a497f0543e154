namespace MeteringGateway.Ledger.Verifying;

/// <summary>Collects what a verification finds: all of it counted, the first of it listed.</summary>
internal sealed class VerifierFindings(int mostListed)
{
    private readonly List<LedgerProblem> _problems = [];
    private (long Problems, long Credits) _counted;

    public IReadOnlyList<LedgerProblem> Problems => _problems;
    public long Total { get; private set; }
    public long DriftCredits { get; private set; }

    public void List(LedgerProblem problem)
    {
        if (_problems.Count < mostListed)
        {
            _problems.Add(problem);
        }
    }

    /// <summary>A query tells its totals on each of its rows; they count once, at its end.</summary>
    public void Count(long problems, long credits) => _counted = (problems, credits);

    public void EndOfCount()
    {
        Total += _counted.Problems;
        DriftCredits = (long)Int128.Min((Int128)DriftCredits + _counted.Credits, long.MaxValue);
        _counted = default;
    }

    public void Add(LedgerProblem problem, long credits)
    {
        List(problem);
        Count(1, credits);
        EndOfCount();
    }
}
