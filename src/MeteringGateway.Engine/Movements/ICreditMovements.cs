using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Engine.Movements;

/// <summary>
/// Moves credits into or out of a balance: all that a room which sells or gives credits asks of the engine. Redis and the ledger are behind
/// it, so a test can stand in for an engine that is away or dies at a chosen moment.
/// </summary>
internal interface ICreditMovements
{
    /// <summary>
    /// Once per <see cref="EntryTail.Id"/> for ever. Stores that are away are <see cref="CreditStatus.Unavailable"/>, not an exception.
    /// </summary>
    /// <param name="accountId">Whose balance.</param>
    /// <param name="delta">Credits, not 0.</param>
    /// <param name="entry">What the ledger keeps of it.</param>
    /// <param name="attempt">From 1, and one more each time that a refused movement is asked for anew: every send of a refused
    /// attempt stays refused.</param>
    /// <param name="cancellationToken">Not a client's: what is recorded is finished.</param>
    Task<CreditReply> CreditAsync(long accountId, long delta, EntryTail entry, int attempt, CancellationToken cancellationToken);
}
