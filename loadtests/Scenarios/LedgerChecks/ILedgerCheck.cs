using MeteringGateway.Scenarios.Running;

namespace MeteringGateway.Scenarios.LedgerChecks;

/// <summary>
/// Compares what clients were told that they paid with what was taken: by the ledger where it can be read, by balances where it can't.
/// </summary>
internal interface ILedgerCheck
{
    /// <summary>Before the load.</summary>
    Task OpenAsync(CancellationToken cancellation);

    /// <summary>After the load.</summary>
    /// <param name="answers">All that said that they were charged.</param>
    /// <param name="lost">Calls without an answer: each may have been charged or not.</param>
    Task<LedgerVerdict> CloseAsync(IReadOnlyList<ChargedAnswer> answers, long lost, CancellationToken cancellation);
}

/// <summary>What came of the comparison: a line for each thing that was looked at, and what was wrong. Immutable.</summary>
/// <param name="Looked">What agreed, with the figures on both sides.</param>
/// <param name="Problems">Empty where the ledger is right.</param>
internal sealed record LedgerVerdict(IReadOnlyList<string> Looked, IReadOnlyList<string> Problems)
{
    public bool Ok => Problems.Count == 0;
}
