namespace MeteringGateway.Ledger.Verifying;

/// <summary>Collects the findings of a verification: counts all of them and lists the first. One owner.</summary>
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

    /// <summary>Notes a query's totals, which are on each of its rows; <see cref="EndOfCount"/> adds them once.</summary>
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
